"""What a coordinator reads before anything leaves the service: what is in it, and what that means."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Leaving:
    """`title` asks, `holds` says what is in it, `not_in_it` what is not, `button` takes it. `file`: its name, "" for a page."""

    title: str
    holds: tuple[str, ...]
    not_in_it: str
    button: str
    file: str = ""


LEAVING = {
    "offers": Leaving(
        "Take out the offers of this day?",
        (
            "Each driver’s name, e-mail address and phone number",
            "Their postcode, their times and their events",
            "Their car with part of its plate, and what it can take",
        ),
        "Not in it: who has cancelled, private notes, and who is kept apart from whom.",
        "Download the offers",
        "offers.csv",
    ),
    "requests": Leaving(
        "Take out the requests of this day?",
        (
            "Each rider’s name, e-mail address and phone number",
            "Their postcode, where to pick them up, their times and their events",
            "What they need of a car, which may show something about their health",
        ),
        "Not in it: who has cancelled, private notes, and who is kept apart from whom.",
        "Download the requests",
        "requests.csv",
    ),
    "lifts": Leaving(
        "Take out the lifts of this day?",
        (
            "A row for each person in a car, with name, phone number and e-mail address",
            "Where and when each is picked up and home again, and the word to say",
            "What riders need of a car, which may show something about their health",
        ),
        "Not in it: who has no lift, private notes, and who is kept apart from whom.",
        "Download the lifts",
        "lifts.csv",
    ),
    "arrivals": Leaving(
        "Take out the arrivals of this day?",
        (
            "Names by event and car, with the time at which each car should arrive",
            "Who was ticked as here, and who as not come",
        ),
        "Not in it: phone numbers, addresses, and who came without a lift.",
        "Download the arrivals",
        "arrivals.csv",
    ),
    "driver-sheets": Leaving(
        "Print sheets for the drivers?",
        (
            "A page for each driver, with the driver’s name",
            "The stops in order, with times and places, some of them people’s own doors",
            "First names and phone numbers of the riders, and the word to say",
        ),
        "Give each sheet to its driver alone. Shred what is left over, and ask drivers to shred theirs after the day.",
        "Show the sheets",
    ),
    "arrival-lists": Leaving(
        "Print lists of who arrives when?",
        (
            "The cars of each event in the order in which they should arrive, with boxes to tick",
            "First names with an initial, as hosts see them",
        ),
        "Not in it: phone numbers and addresses. Shred the lists after the day.",
        "Show the lists",
    ),
    "instance": Leaving(
        "Take out what this run was given?",
        (
            "What was to be matched, as a file of the format carpool-instance/1",
            "Where each person starts, their times and their needs",
        ),
        "Not in it: names, contacts and our own ids. But who knows where somebody lives may recognise them.",
        "Download the instance",
        "instance.json",
    ),
    "plan": Leaving(
        "Take out the plan of this run?",
        (
            "Who rides with whom, when, as a file of the format carpool-plan/1",
            "Who is left, and why",
        ),
        "Not in it: names, contacts, places and our own ids. With both files anybody can check the plan.",
        "Download the plan",
        "plan.json",
    ),
}  # fmt: skip

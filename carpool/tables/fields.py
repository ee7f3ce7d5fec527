"""The fields that a column can be: what people call them, and what their contents look like."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `title` is how we call it; `called` are headings as people write them, without case and marks.

    A heading that is one of them counts most, then one that begins with it, then one that holds it. `looks` is what
    most of its cells match, where that tells it from others.
    """

    name: str
    title: str
    called: tuple[str, ...]
    looks: re.Pattern[str] | None = None


EMAIL = re.compile(r".*[^@\s]+@[^@\s]+\.[^@\s]+.*")
PHONE = re.compile(r"(?:\+|00)?[\d\s()./-]{9,20}")
POSTCODE = re.compile(r".*\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b.*")
CLOCKS = re.compile(
    r"(?:after|from|until|till|by|before|between|any ?time)\b.*|\d{1,2}(?:[:.]\d\d)?\s*(?:am|pm|-|–|to\b).*|\d{1,2}:\d\d.*",
    re.IGNORECASE,
)
DAY = re.compile(
    r"\d{4}-\d\d-\d\d.*|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|(?:mon|tue|wed|thu|fri|sat|sun)\w*\b.*|"
    r"\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec).*",
    re.IGNORECASE,
)
ROLE = re.compile(
    r"(?:driver|rider|passenger|either|both|can drive|needs? (?:a )?lift|lift|driving|yes,? *\d.*)",
    re.IGNORECASE,
)


def _all(words: str) -> tuple[str, ...]:
    return tuple(words.split(", "))


PEOPLE: Sequence[Field] = (
    Field("name", "Name", _all("name, full name, volunteer, volunteer name, person, who, contact name")),
    Field(
        "first_name",
        "First name",
        _all("first name, forename, given name, firstname, first, christian name"),
    ),
    Field("last_name", "Last name", _all("last name, surname, family name, lastname, last, second name")),
    Field("email", "E-mail", _all("email, e mail, mail, email address, e mail address"), EMAIL),
    Field(
        "phone",
        "Phone",
        _all(
            "phone, mobile, tel, telephone, phone number, mobile number, cell, number, contact number, phone "
            "no, mobile no, mob, whatsapp"
        ),
        PHONE,
    ),
    Field(
        "postcode",
        "Postcode",
        _all(
            "postcode, post code, pcode, zip, starting from, start, from where, address, home postcode, home "
            "address, travelling from"
        ),
        POSTCODE,
    ),
    Field(
        "role",
        "Drives or rides",
        _all(
            "role, driver, driving, can drive, can you drive, driver or rider, drives, driver or passenger, "
            "do you drive, can you give a lift, offering a lift, offering lift, type, drive or ride, lift, "
            "drives or rides"
        ),
        ROLE,
    ),
    Field(
        "needs_lift",
        "Needs a lift?",
        _all(
            "needs a lift, need a lift, needs lift, need lift, lift needed, lift wanted, wants a lift, do you "
            "need a lift, passenger, rider"
        ),
    ),
    Field(
        "seats",
        "Free seats",
        _all(
            "seats, free seats, spare seats, seats free, places, spaces, car seats, how many seats, passenger "
            "seats, seats available, available seats, spaces in car, how many can you take"
        ),
    ),
    Field(
        "people",
        "How many people",
        _all(
            "people, how many people, number of people, party, group, group size, how many, no of people, "
            "passengers, size of group"
        ),
    ),
    Field("day", "Day", _all("day, date, which day, when, days, dates"), DAY),
    Field(
        "ready_at",
        "Can leave from",
        _all(
            "ready, ready at, earliest, earliest departure, from, can leave, leave, leave from, available "
            "from, start time, can leave from, not before, free from, departure"
        ),
    ),
    Field(
        "home_by",
        "Home by",
        _all(
            "home by, back by, latest, until, available until, must be back, home, need to be back, return "
            "by, latest return, free until, till, be home by"
        ),
    ),
    Field(
        "times",
        "Free from and until",
        _all("times, time, availability, available, hours, when free, slot"),
        CLOCKS,
    ),
    Field(
        "way_back",
        "Way back too?",
        _all("way back, return, return lift, back, way back too, return journey, lift back"),
    ),
    Field(
        "events",
        "Events",
        _all(
            "events, event, which event, session, activity, where to, going to, destination, which events, "
            "constituency, target"
        ),
    ),
    Field(
        "needs",
        "Needs",
        _all(
            "needs, access needs, access, requirements, special needs, accessibility, disability, access "
            "requirements, special requirements"
        ),
    ),
    Field(
        "takes",
        "The car can take",
        _all("takes, can take, car can take, the car can take, equipment, car has, child seats"),
    ),
    Field(
        "pickup",
        "Where to pick up",
        _all("pick up, pickup, pick up point, meeting point, pickup point, collect from, where to pick up"),
    ),
    Field(
        "car",
        "Car",
        _all("car, vehicle, car make, make, car make and colour, make and model, make colour, model"),
    ),
    Field(
        "plate",
        "Number plate",
        _all("plate, registration, reg, number plate, reg number, car reg, registration number"),
    ),
    Field(
        "detour",
        "Most detour, minutes",
        _all("detour, max detour, detour minutes, most detour, most detour minutes"),
    ),
    Field("women_only", "Car of women only?", _all("women only, women only car, female only, women")),
)

EVENTS: Sequence[Field] = (
    Field(
        "title",
        "What",
        _all("title, what, event, name, event name, activity, session, description, what s on"),
    ),
    Field("kind", "Kind", _all("kind, type, category, event type, sort")),
    Field(
        "place_name",
        "Where",
        _all("place, where, venue, location, meeting point, meet at, address, place name, meeting place"),
    ),
    Field("postcode", "Postcode", _all("postcode, post code, pcode, venue postcode"), POSTCODE),
    Field(
        "constituency",
        "Constituency",
        _all("constituency, seat, key seat, area, target, ward, target seat"),
    ),
    Field("day", "Day", _all("day, date, when, which day"), DAY),
    Field("starts", "Starts", _all("starts, start, start time, from, begins, starts at, starting")),
    Field("ends", "Ends", _all("ends, end, end time, until, to, finish, finishes, ends at, till")),
    Field("times", "From and until", _all("times, time, hours, slot"), CLOCKS),
    Field(
        "wanted",
        "People wanted",
        _all(
            "wanted, people wanted, volunteers wanted, needed, target number, people, volunteers, how many, "
            "people needed, volunteers needed"
        ),
    ),
    Field("capacity", "At most", _all("capacity, at most, max, maximum, limit, most, room for")),
    Field(
        "step_free",
        "Without steps?",
        _all("step free, without steps, accessible, wheelchair access, access"),
    ),
    Field("toilet", "Toilet?", _all("toilet, toilets, loo, wc")),
    Field("seated", "Work to sit at?", _all("seated, seating, sitting, work to sit at, seated work")),
)


def titles(fields: Sequence[Field]) -> dict[str, str]:
    return {field.name: field.title for field in fields}

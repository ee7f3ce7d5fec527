"""Words for what coordinators see: how good a plan is, why somebody is left, what became of a message."""

from api.services.campaign_forms import KINDS as KINDS_OF_EVENT
from api.services.views import RunView

RUN_SECONDS = (10, 30, 60, 300, 900, 3600)
PROVEN_PCT = 1e-7
"""A gap below this, in percent, is none."""
FAR_PCT = 200.0
"""A bound this far away says nothing worth reading."""

KINDS = tuple(
    zip(
        KINDS_OF_EVENT,
        ("Canvassing", "Leaflets", "Phone bank", "Polling day", "Training", "Something else"),
        strict=True,
    )
)

MESSAGE_KINDS = {
    "confirm": "Please confirm your address",
    "added": "You are on the list",
    "matched": "Your lift",
    "changed": "Your lift has changed",
    "cancelled_by_you": "You have cancelled",
    "driver_cancelled": "Your driver has cancelled",
    "rider_cancelled": "A rider has cancelled",
    "lift_off": "You have no lift any more",
    "no_lift": "There is no lift for you yet",
    "way_home": "Somebody takes you home",
    "can_you_drive": "Could you drive?",
    "reminder": "Your lift is tomorrow",
    "morning": "Your lift is today",
    "thanks": "Thank you, and the way back",
    "late": "Somebody is late",
    "link": "Your link again",
    "new_contact": "Is this your new address?",
    "contact_asked": "Somebody asked to change your address",
}
NOTICE_KINDS = {
    "host_link": "A host’s link",
    "driver_missing": "A driver did not come",
    "broke_down": "A car cannot go on",
    "report": "Somebody did not feel safe",
    "invitation": "An invitation to the team",
}
MESSAGE_STATES = {
    "created": "waiting",
    "stopped": "stopped by a coordinator",
    "sending": "on its way",
    "held": "kept back by a limit",
    "sent": "sent",
    "unsure": "may have arrived",
    "failed": "failed",
    "dropped": "not needed any more",
    "call": "to be rung",
}

USUAL_ROLES = {
    "driver": "They all drive",
    "rider": "They all need a lift",
    "either": "They drive if needed, else need a lift",
}
BASES = {
    "form": "They filled in a form or signed a list",
    "phone": "They said so on the phone",
    "wrote": "They wrote to us",
    "told": "They said so in person",
}
REPAIR_CAUSES = {
    "driver_cancelled": "a driver cancelled",
    "rider_cancelled": "a rider cancelled",
    "called_off": "a driver did not answer",
    "broke_down": "a car cannot go on",
    "no_show": "a driver did not come",
    "driver_back": "a driver can come after all",
    "asked": "somebody asked for a search",
}
REPAIR_STATES = {
    "published": "done",
    "refused": "refused",
    "lapsed": "not answered in time: no lift",
    "failed": "the search did not work",
}
CAR_STATES = {
    "missing": "driver did not come",
    "overdue": "overdue",
    "late": "late",
    "on_the_road": "on the road",
    "soon": "leaves soon",
    "due": "should be there",
    "here": "there",
    "going_home": "on the way home",
}
ROLES = {"driver": "driver", "rider": "rider", "either": "either"}
STATES_OF_PEOPLE = {
    "unconfirmed": "not confirmed yet",
    "waiting": "confirmed, no lift",
    "matched": "has a lift",
    "accepted": "has a lift, and said yes",
    "unanswered": "has a lift, no answer yet",
    "rang": "rang, and has no page of their own",
}
COLUMNS_OF_PEOPLE = {
    "name": "Who",
    "role": "Role",
    "district": "From",
    "people": "People",
    "seats": "Free seats",
    "state": "State",
}

REASONS = {
    "no_event_allowed": "Wants only events that are off",
    "no_event_in_reach": "No event in reach",
    "party_too_large": "The group is too large for any car",
    "no_driver_in_reach": "No driver in reach",
    "event_full": "The events in reach are full",
    "not_home_in_time": "Would not be home in time",
    "not_ready_in_time": "Could not leave in time",
    "needs_not_offered": "No car has what they need",
    "company_not_met": "No car with the company they want",
    "together_not_met": "Those who belong together cannot ride together",
    "kept_apart": "Kept apart from those they could ride with",
    "seats_taken": "All seats in reach are taken",
    "not_worth_the_drive": "The drive would cost more than it brings",
    "search_ended": "The search ended before a place was found",
    "by_hand": "Lost their place by hand",
}

CHANGES = {
    "loses": "Lose their lift",
    "event": "Go to another event",
    "car": "Ride or drive otherwise",
    "gains": "Gain a lift",
}
"""What becomes of people in another run of the same day."""
CHANGES_OF_ONE = {
    "loses": "no lift any more",
    "event": "another event",
    "car": "another car",
    "gains": "a new lift",
}
"""The same, of one of them."""
NEWS = {
    "lift_off": "Lose their lift",
    "changed": "Another lift",
    "matched": "Get a lift",
    "no_lift": "None yet",
}
"""What publishing tells people, by the kind of the message."""
NEWS_OF_ONE = {
    "lift_off": "no lift any more",
    "changed": "changed",
    "matched": "a lift",
    "no_lift": "no lift yet",
}
OTHER = {
    "event": "another event",
    "car": "another car",
    "riders": "other riders",
    "place": "another place",
    "time": "another time",
    "way_back": "the way home",
    "stops": "where or when riders get in or out",
}
"""What differs between what somebody was told and what they will be."""


def verdict(run: RunView) -> str:
    """How good the plan is and how much better any plan could be, in a sentence; empty while nothing is known."""
    if run.score is None or run.bound is None or run.gap is None:
        return ""
    whose = "the best plan so far" if run.state == "running" else "this one"
    if run.status == "optimal" or run.gap <= PROVEN_PCT:
        return "Proven best possible: no plan can do better."
    if run.score <= 0 or (better := 100 * (run.bound - run.score) / run.score) > FAR_PCT:
        return "How much better a plan could be is not known yet."
    shown = f"{better:.1f}" if better >= 0.05 else "0.1"
    return f"No plan can score more than {shown} % better than {whose}."

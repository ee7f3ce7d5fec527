"""What to tell somebody whose answer does not fit, field by field and in plain words; never with what was typed."""

from collections.abc import Mapping

from pydantic import ValidationError

from api.language import N_, gettext

PLAIN: Mapping[str, str] = {
    "postcode": N_("Type your postcode, for example LS6 2AB."),
    "pickup": N_("Use at most 200 characters to say where the driver will find you."),
    "home": N_("Say whether the driver may come to your door."),
    "own_place": N_("Use at most 100 characters to say what is there, for example a shop or a corner."),
    "own_postcode": N_("Type the postcode of that place, for example LS6 2AB."),
    "places": N_("Choose at most 10 of the places in the list."),
    "day": N_("Choose a day."),
    "event_ids": N_("Choose from the events in the list, or none if you would go to any of them."),
    "party": N_("Say how many people you are, yourself included, from 1 to 8."),
    "ready_at": N_("Type a time such as 9:30 or 14:15."),
    "home_by": N_("Type a time such as 18:00 or 21:30."),
    "max_travel_minutes": N_("Choose how long you would travel, from 10 minutes to 10 hours."),
    "way_back": N_("Say whether it is for the way back too."),
    "seats": N_("Say how many seats are free, from 0 to 8."),
    "max_detour_minutes": N_("Choose how much longer the drive may take, from 0 to 180 minutes."),
    "child_seats": N_("Say how many children's seats you have, from 0 to 8."),
    "wheelchairs": N_("Say how many wheelchairs fit in, from 0 to 8."),
    "car": N_("Use at most 60 characters to describe your car, for example blue Ford Fiesta."),
    "plate": N_("Type the last three letters or digits of your number plate."),
    "name": N_("Type your first name, with at most 80 characters."),
    "email": N_("Type your e-mail address, for example name@example.org."),
    "reach": N_("Choose how we write to you: by e-mail or by text message."),
    "phone": N_("Type a UK phone number, for example 07700 900123, or leave it empty."),
    "consent": N_("Tick the box if you agree. We cannot arrange a lift for you without it."),
    "consent_version": N_("What you agree to has been worded anew. Read it again and tick the box."),
}
"""For each field what would have been right, which serves whatever is wrong with it. `Filled` translates it."""

NO_TEXTS = N_("We cannot send text messages at present. Choose e-mail.")
NO_MOBILE = N_(
    "We can send text messages to UK mobile numbers only, and this is another kind of number, such as a landline. "
    "Type a UK mobile number, or choose e-mail."
)
MOBILE_MISSING = N_("Type your mobile number, so that we can send you text messages.")


def in_words(error: ValidationError) -> dict[str, str]:
    """What to tell the person, by field, the first fault of each; never with the value that was typed."""
    return refusals(error, PLAIN)


def refusals(error: ValidationError, plain: Mapping[str, str]) -> dict[str, str]:
    """The same for any form whose fields have their words in `plain`; "" stands for the form as a whole."""
    words: dict[str, str] = {}
    for fault in error.errors(include_input=False, include_url=False, include_context=True):
        field = str(fault["loc"][0]) if fault["loc"] else ""
        own = fault.get("ctx", {}).get("error")
        words.setdefault(field, _say(plain.get(field), fault["type"], own))
    return words


def _say(plain: str | None, kind: str, own: object) -> str:
    if kind == "extra_forbidden":
        return gettext("There is no such field.")
    if isinstance(own, ValueError):
        return str(own)
    return plain or gettext("This answer does not fit the question.")

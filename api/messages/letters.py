"""One function for each kind of message: from what we know of a person to the letter they read.

Subjects say little: a telephone shows them while it is locked, and who campaigns is nobody else's business.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from api.language import gettext as _
from api.language import speaking
from api.messages.envelope import Envelope
from api.messages.house import House
from api.messages.letter import Letter
from api.messages.rendering import render
from api.messages.words import first_name, short_day


def write(envelope: Envelope, house: House) -> Letter:
    """The letter for a claimed message, in its reader's language. Raises `KeyError` for a kind without a function."""
    with speaking(envelope.language):
        return KINDS[envelope.kind](envelope, house)


def confirm(envelope: Envelope, house: House) -> Letter:
    """Asks whoever reads this address whether the form was theirs.

    Anybody can put any address and any name into a form, so this letter repeats nothing that was typed.
    """
    offered = envelope.page.sign_up.kind == "offer"
    offer, request = (
        _("Please confirm: your offer for %(day)s"),
        _("Please confirm: your request for %(day)s"),
    )
    return _letter("confirm", offer if offered else request, envelope, house, offered=offered)


def added(envelope: Envelope, house: House) -> Letter:
    """The first letter to somebody whom a coordinator signed up: who did, why, and how to be removed at once."""
    return _letter("added", _("You are on the list for %(day)s"), envelope, house)


def matched(envelope: Envelope, house: House) -> Letter:
    """Tells driver or rider of their lift for the first time."""
    return _about_the_lift("matched", _("Your lift on %(day)s"), envelope, house)


def changed(envelope: Envelope, house: House) -> Letter:
    """Tells driver or rider that their lift is another one now."""
    return _about_the_lift("changed", _("Changed: your lift on %(day)s"), envelope, house)


def cancelled_by_you(envelope: Envelope, house: House) -> Letter:
    """Confirms to whoever cancelled that we know. After it they get no more messages."""
    return _letter("cancelled_by_you", _("Cancelled: %(day)s"), envelope, house)


def driver_cancelled(envelope: Envelope, house: House) -> Letter:
    """Tells a rider that the driver cannot come."""
    return _letter("driver_cancelled", _("Your lift on %(day)s is off"), envelope, house)


def rider_cancelled(envelope: Envelope, house: House) -> Letter:
    """Tells a driver that a rider does not come, and what the way looks like now."""
    return _about_the_lift("rider_cancelled", _("Changed: your lift on %(day)s"), envelope, house)


def lift_off(envelope: Envelope, house: House) -> Letter:
    """Tells somebody that they are in no lift any more."""
    return _letter("lift_off", _("Your lift on %(day)s is off"), envelope, house)


def no_lift(envelope: Envelope, house: House) -> Letter:
    """Tells somebody, once, that the lifts are arranged and none is theirs, and what else there is."""
    return _letter("no_lift", _("No lift yet on %(day)s"), envelope, house)


def can_you_drive(envelope: Envelope, house: House) -> Letter:
    """Asks a rider without a lift, who said that we may, whether they can drive. Whoever cannot need not answer."""
    return _letter("can_you_drive", _("Could you drive on %(day)s?"), envelope, house)


def reminder(envelope: Envelope, house: House) -> Letter:
    """On the evening before: the lift once more, and whether its reader comes."""
    return _about_the_lift("reminder", _("Tomorrow: your lift on %(day)s"), envelope, house)


def morning(envelope: Envelope, house: House) -> Letter:
    """In the morning: the lift once more."""
    return _about_the_lift("morning", _("Today: your lift on %(day)s"), envelope, house)


def thanks(envelope: Envelope, house: House) -> Letter:
    """Shortly before the end: thank you, and the way back."""
    return _about_the_lift("thanks", _("The way back on %(day)s"), envelope, house)


def late(envelope: Envelope, house: House) -> Letter:
    """Tells whoever waits that somebody in the car is late."""
    return _letter("late", _("Later: your lift on %(day)s"), envelope, house)


def link(envelope: Envelope, house: House) -> Letter:
    """Sends the private link again to somebody who asked for it."""
    return _letter("link", _("Your link for %(day)s"), envelope, house)


def new_contact(envelope: Envelope, house: House) -> Letter:
    """Asks whoever reads a new address whether it is theirs. Like `confirm` it repeats nothing that was typed."""
    return _letter("new_contact", _("Your code for %(day)s"), envelope, house, code=envelope.code)


def contact_asked(envelope: Envelope, house: House) -> Letter:
    """Tells the address in force that somebody asked to be written to at another one."""
    return _letter("contact_asked", _("Your contact for %(day)s"), envelope, house)


WITHOUT_LINK = frozenset({"new_contact", "contact_asked"})
"""What goes to an address that is not, or may soon be no longer, the reader's: no key to a page."""

KINDS: Mapping[str, Callable[[Envelope, House], Letter]] = MappingProxyType(
    {
        "confirm": confirm,
        "added": added,
        "matched": matched,
        "changed": changed,
        "cancelled_by_you": cancelled_by_you,
        "driver_cancelled": driver_cancelled,
        "rider_cancelled": rider_cancelled,
        "lift_off": lift_off,
        "no_lift": no_lift,
        "can_you_drive": can_you_drive,
        "reminder": reminder,
        "morning": morning,
        "thanks": thanks,
        "late": late,
        "link": link,
        "new_contact": new_contact,
        "contact_asked": contact_asked,
    }
)


def link_of(envelope: Envelope, house: House) -> str:
    """The reader's private link."""
    return f"{house.url}/l/{envelope.link_token}"


def _about_the_lift(template: str, subject: str, envelope: Envelope, house: House) -> Letter:
    lift = envelope.page.lift
    if lift is None:
        raise ValueError(f"message {envelope.message_id} ({envelope.kind}) is about a lift that is not there")
    riders = tuple(stop for stop in lift.stops if not stop.cancelled)
    mine = next((stop for stop in riders if stop.mine), None)
    return _letter(template, subject, envelope, house, lift=lift, riders=riders, mine=mine)


def _letter(template: str, subject: str, envelope: Envelope, house: House, **context: Any) -> Letter:
    campaign = envelope.page.campaign
    return render(
        template,
        subject % {"day": short_day(envelope.page.sign_up.day)},
        campaign.contact_email,
        house=house,
        campaign=campaign,
        page=envelope.page,
        facts=envelope.facts,
        name=first_name(envelope.name),
        link=link_of(envelope, house),
        **context,
    )

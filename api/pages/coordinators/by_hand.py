"""A text that a coordinator sends from their own telephone: what the message says, and nothing that opens a page.

That telephone and whatever it copies to keep the text. So it holds no private link, no home address, nobody's number, and
neither campaign nor place of an event: no more than our own texts say. It is signed with the coordinator's first name.
"""

from urllib.parse import quote

from api.pages.wording import clock, moment, short_day
from api.services.ringing import Ring
from api.services.views import LiftView

NEWS = {
    "lift_off": "Your lift on {day} is off. Please do not set off or wait. We look for another one.",
    "driver_cancelled": "Your driver on {day} cannot come. Please do not wait. We look for another car.",
    "no_lift": "We have no lift for you on {day} yet. Please do not count on one. We go on looking.",
    "cancelled_by_you": "We know that you cannot come on {day}. Thank you for telling us.",
    "can_you_drive": "A car is short near you on {day}. Could you drive? No is a good answer.",
    "confirm": "We have your sign-up for {day}. Please press the link in our message, so that it counts.",
    "late": "Somebody in your car on {day} is late. Please wait for them, or answer this text.",
    "way_home": "We have found you a way home on {day}. Please answer this text, so that we tell you who and when.",
}
OTHERWISE = "There is news of {day} for you. Please look at your page, or answer this text."


def text_of(call: Ring, coordinator: str) -> str:
    """At most a few sentences."""
    page, day = call.page, short_day(call.page.sign_up.day)
    about_the_lift = page.lift is not None and call.kind not in NEWS
    said = (
        _lift(page.lift) if page.lift and about_the_lift else NEWS.get(call.kind, OTHERWISE).format(day=day)
    )
    return f"{said} {coordinator.split()[0]}"


def links(call: Ring, coordinator: str) -> tuple[tuple[str, str], ...]:
    """Name of the way and its address, with the text filled in; none where there is no mobile number."""
    if not call.mobile:
        return ()
    text = quote(text_of(call, coordinator), safe="")
    return (
        ("Text message", f"sms:{call.mobile}?body={text}"),
        ("WhatsApp", f"https://wa.me/{call.mobile.removeprefix('+')}?text={text}"),
    )


def _lift(lift: LiftView) -> str:
    stops = [stop for stop in lift.stops if not stop.cancelled]
    if lift.role == "driver":
        first = f", the first at {clock(stops[0].pick_up_at)}" if stops else ""
        return (
            f"You set off on {moment(lift.departs_at)} and pick up {len(stops)}{first}. Who and where stands on your page, or "
            "answer this text."
        )
    mine = next((stop for stop in stops if stop.mine), None)
    if mine is None:
        return OTHERWISE.format(day=moment(lift.departs_at))
    where = mine.place or "at your door"
    back = f" Back at about {clock(mine.drop_at)}." if mine.drop_at else ""
    car = ", plate ends ".join(filter(None, (lift.car, lift.plate)))
    return (
        f"Your lift: {lift.driver_name} picks you up on {moment(mine.pick_up_at)}, {where}.{f' The car: {car}.' if car else ''}"
        f"{back} The word to say: {lift.match_word}."
    )

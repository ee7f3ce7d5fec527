"""A volunteer's private page: in by the link of a message and the press of a button, and what to do there."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from api.auth import Me, Public
from api.calendars import MEDIA_TYPE, calendar_file
from api.edge import cookies
from api.language import N_
from api.limits import LINKS, LINKS_AGAIN, limited
from api.pages.filled import Posted, ids
from api.pages.keys import Door
from api.pages.rendering import as_file, page
from api.services import contacts, drafts, friends, lateness, legs, lifts, my_data, next_one, people, safety
from api.services.my_page import first_name
from api.services.views import MyPage
from api.settings import Settings
from api.transaction import Database

router = APIRouter()
SEE_OTHER = 303

STAGES = (
    (N_("Received"), N_("Received")),
    (N_("Address confirmed"), N_("Confirm your address")),
    (N_("Matched"), N_("Being matched")),
    (N_("On the day"), N_("On the day")),
    (N_("Home again"), N_("Home again")),
)
"""Each stage in two wordings: when it is reached, and while it is on."""
NOW = {"unconfirmed": 1, "waiting": 2, "no_lift": 2, "unheard": 2, "matched": 3}
"""At which of the stages somebody is, by status; the other statuses have no story to tell."""


DOOR = Door(
    "/open", "/my", "lifts/get_in.html", cookies.LINK, cookies.PRIVATE, people.exchange, people.forget
)


@router.get("/l/{token}")
def follow_link(request: Request, _: Public, token: str) -> Response:
    return DOOR.follow(request, token)


@router.get("/open")
def get_in(request: Request, db: Database, _: Public) -> HTMLResponse:
    token = cookies.LINK.read(request)
    return DOOR.show(request, added=people.added(db, token) if token else None)


@router.post("/open", dependencies=[Depends(limited(LINKS))])
def exchange_link(request: Request, db: Database, _: Public) -> Response:
    """The link becomes a cookie, and the address that it went to counts as confirmed."""
    return DOOR.enter(request, db)


@router.post("/open/remove", dependencies=[Depends(limited(LINKS))])
def remove_me(request: Request, db: Database, _: Public) -> Response:
    """Somebody who was put on the list goes from it, and all that we know of them with them, without coming in first."""
    if token := cookies.LINK.read(request):
        people.remove(db, token)
    response = RedirectResponse("/erased", SEE_OTHER)
    cookies.LINK.drop(response, request)
    cookies.PRIVATE.drop(response, request)
    return response


@router.post("/open/again", dependencies=[Depends(limited(LINKS_AGAIN))])
def send_link_again(db: Database, _: Public, form: Posted) -> Response:
    """The same answer for everybody, so that nobody learns from it who signed up."""
    people.send_link_again(db, str(form.get("email", ""))[:254])
    return RedirectResponse("/open/sent", SEE_OTHER)


@router.get("/open/sent")
def link_sent(request: Request, _: Public) -> HTMLResponse:
    return page(request, "lifts/link_sent.html")


@router.get("/erased")
def erased(request: Request, _: Public) -> HTMLResponse:
    return page(request, "lifts/erased.html")


@router.get("/my")
def my_page(request: Request, db: Database, person: Me) -> HTMLResponse:
    mine = people.page(db, person)
    navigation = legs.navigation(mine.lift) if mine.lift else ""
    shown: dict[str, Any] = {"me": mine, "campaign": mine.campaign, "story": _story(mine)}
    shown["friends"] = friends.of(db, person)
    shown["contact"] = contacts.of(db, person)
    shown["next_one"] = next_one.of(db, person)
    shown["other_days"] = people.other_days(db, person)
    return page(request, "lifts/my.html", navigation=navigation, late=lateness.MINUTES, **shown)


@router.post("/my/day")
def turn_to_day(request: Request, db: Database, person: Me, form: Posted) -> Response:
    """The page of another day, of somebody who signed up for several at once."""
    day = str(form.get("day", ""))
    wanted = next((one for one in people.other_days(db, person) if one.isoformat() == day), None)
    response = RedirectResponse("/my", SEE_OTHER)
    if wanted is not None and (cookie := cookies.PRIVATE.read(request)):
        cookies.PRIVATE.put(response, request, people.turn_to(db, person, cookie, wanted))
    return response


@router.get("/my/calendar.ics")
def my_calendar(request: Request, db: Database, person: Me) -> Response:
    """The lift for a calendar; taken in again it follows every change."""
    settings: Settings = request.app.state.settings
    entries = legs.calendar(db, person, f"{settings.public_url}/my")
    return Response(calendar_file(entries), media_type=MEDIA_TYPE, headers=as_file("lift.ics"))


@router.get("/my/data.json")
def my_data_file(db: Database, person: Me) -> Response:
    """Everything we know of them, to keep or to take elsewhere."""
    return JSONResponse(jsonable_encoder(my_data.of(db, person)), headers=as_file("my-data.json"))


@router.get("/my/cancel")
def ask_to_cancel(request: Request, db: Database, person: Me) -> Response:
    mine = people.page(db, person)
    if mine.status not in NOW:
        return RedirectResponse("/my", SEE_OTHER)
    return page(request, "lifts/cancel.html", me=mine, campaign=mine.campaign)


@router.post("/my/cancel")
def cancel(db: Database, person: Me) -> Response:
    people.cancel(db, person)
    return RedirectResponse("/my", SEE_OTHER)


@router.post("/my/accept")
def accept(db: Database, person: Me) -> Response:
    """Somebody comes. Whoever does not cancels."""
    lifts.accept(db, person)
    return RedirectResponse("/my", SEE_OTHER)


@router.post("/my/come-after-all")
def come_after_all(db: Database, person: Me) -> Response:
    lifts.come_after_all(db, person)
    return RedirectResponse("/my", SEE_OTHER)


@router.post("/my/late")
def running_late(db: Database, person: Me, form: Posted) -> Response:
    minutes = str(form.get("minutes", ""))
    lateness.say(db, person, int(minutes) if minutes.isascii() and minutes.isdigit() else 0)
    return RedirectResponse("/my", SEE_OTHER)


@router.get("/my/broken-down")
def ask_about_the_car(request: Request, db: Database, person: Me) -> Response:
    mine = people.page(db, person)
    if mine.lift is None or not mine.lift.may_break_down:
        return RedirectResponse("/my", SEE_OTHER)
    return page(request, "lifts/broken_down.html", me=mine, campaign=mine.campaign)


@router.post("/my/broken-down")
def broken_down(db: Database, person: Me) -> Response:
    """The car cannot go on: the riders are told, and looked after."""
    lifts.my_car_breaks_down(db, person)
    return RedirectResponse("/my", SEE_OTHER)


@router.get("/my/unsafe")
def ask_what_happened(request: Request, db: Database, person: Me) -> HTMLResponse:
    mine, others = people.page(db, person), safety.others_in_car(db, person)
    # A rider sees no other rider, and nobody sees a name once the day is long over: then it is about all of them.
    may_see = mine.sign_up.kind == "offer" and mine.status != "over"
    shown = [(other.id, first_name(other)) for other in others] if may_see else []
    return page(
        request, "lifts/unsafe.html", me=mine, campaign=mine.campaign, riders=shown, known=bool(others)
    )


@router.post("/my/unsafe")
def not_safe(db: Database, person: Me, form: Posted) -> Response:
    """Out of the car quietly; a coordinator looks after it."""
    safety.report(db, person, ids(form, "who"), str(form.get("said", "")))
    return RedirectResponse("/my/told", SEE_OTHER)


@router.get("/my/told")
def told(request: Request, db: Database, person: Me) -> HTMLResponse:
    mine = people.page(db, person)
    return page(request, "lifts/told.html", me=mine, campaign=mine.campaign)


@router.get("/my/erase")
def ask_to_erase(request: Request, db: Database, person: Me) -> HTMLResponse:
    mine = people.page(db, person)
    return page(request, "lifts/erase.html", me=mine, campaign=mine.campaign)


@router.post("/my/erase")
def erase(request: Request, db: Database, person: Me) -> Response:
    # What this browser has begun anew may hold a name alone.
    drafts.discard(db, cookies.DRAFT.read(request), person.campaign_id)
    people.erase(db, person)
    response = RedirectResponse("/erased", SEE_OTHER)
    cookies.PRIVATE.drop(response, request)
    return response


@router.post("/my/leave")
def leave_device(request: Request, db: Database, _: Me) -> Response:
    return DOOR.leave(request, db)


def _story(mine: MyPage) -> list[tuple[str, str]]:
    """The stages in English words, each `done`, `now` or `later`."""
    if mine.status not in NOW:
        return []
    now = len(STAGES) if mine.lift is not None and mine.lift.is_over else NOW[mine.status]
    states = ["done" if at < now else "now" if at == now else "later" for at in range(len(STAGES))]
    return [(words[state == "now"], state) for words, state in zip(STAGES, states, strict=True)]

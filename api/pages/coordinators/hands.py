"""Changing a plan by hand: somebody's car, what a change would do, taking it, undoing it, and improving the rest."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData, QueryParams

from api.auth import needs
from api.errors import Conflict, Invalid, ServiceError
from api.pages.coordinators.chart import figure
from api.pages.coordinators.rooms import SEE_OTHER, Day, OneDay
from api.pages.filled import Filled, Posted
from api.pages.rendering import page
from api.services import holds, matching
from api.services.hands import looking, taking
from api.services.hands.asking import KINDS, Asked
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}/runs/{run_id}")
MATCH = [needs(Right.MATCH)]
NOBODY = UUID(int=0)


@router.get("/hands", dependencies=MATCH)
def show(request: Request, db: Database, at: OneDay, run_id: UUID) -> HTMLResponse:
    """Everything that was changed by hand in this plan, and what is held for the day."""
    return _hands(request, db, at, run_id)


@router.get("/hands/{sign_up_id}", dependencies=MATCH)
def show_person(request: Request, db: Database, at: OneDay, run_id: UUID, sign_up_id: UUID) -> HTMLResponse:
    """Somebody of the plan: their car, and what can be changed."""
    run = matching.look_up(db, at.campaign, at.day, run_id)
    search = request.query_params.get("q", "")
    person = looking.person(db, at.campaign, run_id, sign_up_id)
    drives = person.car is not None and person.car.driver_id == sign_up_id
    offered = looking.options(db, at.campaign, run_id, sign_up_id, search, swap=drives)
    undo, redo = looking.turns(db, at.campaign, run_id)
    shown = {
        "run": run,
        "person": person,
        "options": offered,
        "drives": drives,
        "q": search,
        "back_to": person.id,
    }
    return page(
        request, "coordinators/hands_person.html", **at.shown(**shown, undo=undo, redo=redo, figure=figure)
    )


@router.get("/change", dependencies=MATCH)
def ask(request: Request, db: Database, at: OneDay, run_id: UUID) -> Response:
    """What a change would do, before it is done. Who names no change is led to those that were made."""
    matching.look_up(db, at.campaign, at.day, run_id)
    if "do" not in request.query_params:
        return _to(at, run_id, "hands")
    asked = _asked(request.query_params)
    return _effect(request, db, at, run_id, asked, Filled({"keep": "yes"}))


@router.post("/change", dependencies=MATCH)
def take(request: Request, db: Database, at: OneDay, run_id: UUID, form: Posted) -> Response:
    """Do it. Whoever comes second is told who did what, with what the change would do now."""
    asked = _asked(form)
    typed = {name: str(form.get(name, "")) for name in ("keep", "full", "reason")}
    seen = str(form.get("seen", ""))
    version = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0
    matching.look_up(db, at.campaign, at.day, run_id)
    try:
        taking.take(db, at.campaign, run_id, at.coordinator, asked, version, typed["reason"])
    except (Conflict, Invalid) as error:
        faults = error.errors if isinstance(error, Invalid) else {"change": error.message}
        return _effect(request, db, at, run_id, asked, Filled(typed, faults), error.status)
    return _to(at, run_id, f"hands/{asked.who}")


@router.post("/undo", dependencies=MATCH)
def undo(request: Request, db: Database, at: OneDay, run_id: UUID, form: Posted) -> Response:
    """Take the last change back."""
    return _turn(request, db, at, run_id, form, back=True)


@router.post("/redo", dependencies=MATCH)
def redo(request: Request, db: Database, at: OneDay, run_id: UUID, form: Posted) -> Response:
    """Do again what was undone last."""
    return _turn(request, db, at, run_id, form, back=False)


@router.post("/improve", dependencies=MATCH)
def improve(request: Request, db: Database, at: OneDay, run_id: UUID) -> Response:
    """A new run with the settings of this one, round everything that is held."""
    run = matching.look_up(db, at.campaign, at.day, run_id)
    settings = (run.seconds, run.minutes_per_volunteer, run.change_penalty)
    try:
        matching.start(db, at.campaign, at.day, at.coordinator, *settings)
    except Conflict as error:
        return _hands(request, db, at, run_id, Filled({}, {"held": error.message}), error.status)
    return at.to("match")


@router.post("/holds/{hold_id}/off", dependencies=MATCH)
def take_off(db: Database, at: OneDay, run_id: UUID, hold_id: UUID) -> Response:
    """Let later runs decide again."""
    matching.look_up(db, at.campaign, at.day, run_id)
    holds.take_off(db, at.campaign, at.day, hold_id, at.coordinator)
    return _to(at, run_id, "hands", "held")


def _turn(request: Request, db: Session, at: Day, run_id: UUID, form: FormData, *, back: bool) -> Response:
    matching.look_up(db, at.campaign, at.day, run_id)
    turn = taking.undo if back else taking.redo
    try:
        turn(db, at.campaign, run_id, at.coordinator, _id(form, "edit") or NOBODY)
    except Conflict as error:
        return _hands(request, db, at, run_id, Filled({}, {"changes": error.message}), error.status)
    return _to(at, run_id, f"hands/{back_to}" if (back_to := _id(form, "back_to")) else "hands")


def _effect(
    request: Request, db: Session, at: Day, run_id: UUID, asked: Asked, form: Filled, status: int = 200
) -> Response:
    run = matching.look_up(db, at.campaign, at.day, run_id)
    try:
        effect = taking.preview(db, at.campaign, run_id, asked, at.coordinator)
    except (Conflict, Invalid) as error:
        message = next(iter(form.errors.values()), _words(error))
        return _hands(request, db, at, run_id, Filled({}, {"changes": message}), error.status)
    shown: dict[str, Any] = {"run": run, "effect": effect, "asked": asked, "form": form, "figure": figure}
    return page(request, "coordinators/hands_effect.html", status=status, **at.shown(**shown))


def _hands(
    request: Request, db: Session, at: Day, run_id: UUID, form: Filled | None = None, status: int = 200
) -> HTMLResponse:
    run = matching.look_up(db, at.campaign, at.day, run_id)
    hands = looking.hands(db, at.campaign, run_id)
    shown = at.shown(
        run=run,
        hands=hands,
        undo=hands.undo,
        redo=hands.redo,
        back_to=None,
        form=form or Filled(),
        figure=figure,
    )
    return page(request, "coordinators/hands.html", status=status, **shown)


def _words(error: ServiceError) -> str:
    return next(iter(error.errors.values())) if isinstance(error, Invalid) else error.message


def _asked(fields: FormData | QueryParams) -> Asked:
    """The change that was sent; one that nobody knows is refused by the service."""
    kind = str(fields.get("do", ""))
    return Asked(
        kind=kind if kind in KINDS else "",
        who=_id(fields, "who") or NOBODY,
        other=_id(fields, "to"),
        event=_id(fields, "event"),
        keep=isinstance(fields, QueryParams) or fields.get("keep") == "yes",
        full=fields.get("full") == "yes",
    )


def _id(fields: FormData | QueryParams, name: str) -> UUID | None:
    try:
        return UUID(str(fields.get(name, "")))
    except ValueError:
        return None


def _to(at: Day, run_id: UUID, where: str, part: str = "") -> RedirectResponse:
    address = f"{at.address}/runs/{run_id}/{where}"
    return RedirectResponse(f"{address}#{part}" if part else address, SEE_OTHER)

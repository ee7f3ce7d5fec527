"""Somebody rings who has no e-mail: a coordinator fills in the pages with them, and later on rings them back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from api.auth import Staff, needs
from api.errors import Conflict, Invalid
from api.pages import asking
from api.pages.asking import go
from api.pages.coordinators import wording
from api.pages.coordinators.rooms import OneDay
from api.pages.filled import Posted, fields_of
from api.pages.journeys import CHECK, WAYS, WHERE, Journey, Mode, What
from api.pages.rendering import page
from api.services import calls, campaigns, drafts, forms, intake, plain, ringing
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}")


def journey(db: Database, coordinator: Staff, slug: str, what: What) -> Journey:
    """How far this coordinator is with the form of whoever is on the phone."""
    campaign, token = campaigns.find_for(db, slug, coordinator), drafts.token_of("caller", coordinator.id)
    draft = drafts.load(db, token, campaign.id)
    base, answers = f"/coordinate/{slug}/caller", draft.answers if draft else {}
    known = str(draft.id) if draft else None
    return Journey(campaigns.view(campaign), WAYS[what], Mode.CALLER, base, token, known, answers)


OnThePhone = Annotated[Journey, Depends(journey)]


@router.post("/caller", dependencies=[needs(Right.CALLS)])
def begin(db: Database, coordinator: Staff, slug: str) -> Response:
    """Somebody new on the phone: what was typed for an earlier caller is gone."""
    campaign = campaigns.find_for(db, slug, coordinator)
    drafts.discard(db, drafts.token_of("caller", coordinator.id), campaign.id)
    return go(f"/coordinate/{slug}/caller/{What.ASK}/{WHERE}")


@router.get("/caller/done/{reference}", dependencies=[needs(Right.CALLS)])
def done(request: Request, db: Database, coordinator: Staff, slug: str, reference: str) -> HTMLResponse:
    campaign = campaigns.view(campaigns.find_for(db, slug, coordinator))
    shown: dict[str, Any] = {"campaign": campaign, "reference": reference[:20], "coordinator": coordinator}
    return page(request, "coordinators/called.html", **shown)


@router.get("/caller/{what}/check", dependencies=[needs(Right.CALLS)])
def check(request: Request, db: Database, coordinator: Staff, at: OnThePhone) -> Response:
    if open_step := at.first_open():
        return go(at.address(open_step.slug))
    return asking.check(request, db, at, coordinator=coordinator)


@router.post("/caller/{what}/check", dependencies=[needs(Right.CALLS)])
def send(request: Request, db: Database, coordinator: Staff, at: OnThePhone, form: Posted) -> Response:
    """Sign them up, once, with the consent that they gave on the phone."""
    done_at = f"{at.base}/done"
    if reference := drafts.reference_of(db, str(form.get("key", ""))):
        return go(f"{done_at}/{reference}")
    open_step = at.first_open()
    if at.draft_id is None or open_step is not None:
        return go(at.address(open_step.slug if open_step else CHECK))
    try:
        whole = at.whole(fields_of(forms.Consent, form))
        campaign = campaigns.find_for(db, at.campaign.slug, coordinator)
        received = intake.receive(db, campaign, whole, at.draft_id, caller_of=coordinator)
    except ValidationError as error:
        return asking.check(request, db, at, plain.in_words(error), 422, coordinator=coordinator)
    except (Invalid, Conflict) as error:
        errors = error.errors if isinstance(error, Invalid) else {"": error.message}
        return asking.check(request, db, at, errors, error.status, coordinator=coordinator)
    drafts.discard(db, at.token, at.campaign.id)
    return go(f"{done_at}/{received.reference}")


@router.get("/caller/{what}/{step}", dependencies=[needs(Right.CALLS)])
def show(
    request: Request, db: Database, coordinator: Staff, at: OnThePhone, step: str, change: bool = False
) -> Response:
    """One page of the form."""
    return asking.show(request, db, at, step, change=change, coordinator=coordinator)


@router.post("/caller/{what}/{step}", dependencies=[needs(Right.CALLS)])
def answer(
    request: Request, db: Database, coordinator: Staff, at: OnThePhone, step: str, form: Posted, change: bool = False
) -> Response:  # fmt: skip
    """Keep the answers of one page and lead on."""
    return asking.answer(request, db, at, step, form, change=change, coordinator=coordinator)


@router.post("/{day}/calls", dependencies=[needs(Right.CALLS)])
def numbers(request: Request, db: Database, at: OneDay, posted: Posted) -> HTMLResponse:
    """Whom to ring, with numbers and what to say. A press of a button, so that loading a page shows nobody's number."""
    number = str(posted.get("page") or "")
    wanted = int(number) if number.isdecimal() and len(number) < 7 else 1
    numbers = calls.look(db, at.campaign, at.day, at.coordinator, wanted)
    shown = at.shown(numbers=numbers, message_kinds=wording.MESSAGE_KINDS)
    return page(request, "coordinators/calls.html", **shown)


@router.post("/{day}/calls/{message_id}", dependencies=[needs(Right.CALLS)])
def rung(db: Database, at: OneDay, message_id: UUID, posted: Posted) -> Response:
    """What came of a call of that list."""
    ringing.ended(db, at.campaign, message_id, str(posted.get("how") or ""), at.coordinator)
    return at.to(part="calls")

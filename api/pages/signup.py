"""Signing up, a page at a time: each post is kept in a draft and answered with the next page, the last one sends it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from api.auth import Public
from api.edge import cookies
from api.errors import Conflict, Invalid
from api.limits import FORMS, STEPS, count, limited
from api.pages import asking
from api.pages.asking import go
from api.pages.filled import Posted, fields_of
from api.pages.journeys import WAYS, WHERE, Journey, Mode, What
from api.pages.rendering import page
from api.services import campaigns, drafts, forms, intake, plain
from api.transaction import Database

router = APIRouter()


def journey(request: Request, db: Database, slug: str, what: What) -> Journey:
    """How far this browser has come with this form."""
    campaign, token = campaigns.view(campaigns.find(db, slug)), cookies.DRAFT.read(request)
    draft = drafts.load(db, token, campaign.id)
    answers = draft.answers if draft else {}
    return Journey(
        campaign, WAYS[what], Mode.SELF, f"/c/{slug}", token, str(draft.id) if draft else None, answers
    )


OnTheWay = Annotated[Journey, Depends(journey)]


@router.get("/c/{slug}/sent/{reference}")
def sent(request: Request, db: Database, _: Public, slug: str, reference: str) -> HTMLResponse:
    """The same for every reference, so that nobody learns from it which ones there are."""
    campaign = campaigns.view(campaigns.find(db, slug))
    return page(request, "volunteers/sent.html", campaign=campaign, reference=reference[:20])


@router.get("/c/{slug}/{what}/check")
def check(request: Request, db: Database, _: Public, at: OnTheWay) -> Response:
    """All answers, each with a way to change it."""
    if open_step := at.first_open():
        return go(at.address(open_step.slug))
    return asking.check(request, db, at)


@router.post("/c/{slug}/{what}/check")
def send(request: Request, db: Database, _: Public, at: OnTheWay, form: Posted) -> Response:
    """Send the form, once: a second press finds what the first one sent."""
    key = str(form.get("key", ""))
    if reference := drafts.reference_of(db, key):
        return go(f"/c/{at.campaign.slug}/sent/{reference}")
    open_step = at.first_open()
    if at.draft_id is None:
        return go(f"{at.address(WHERE)}?gone=1")
    if open_step is not None:
        return go(at.address(open_step.slug))
    try:
        whole = at.whole(fields_of(forms.Consent, form))
    except ValidationError as error:
        return asking.check(request, db, at, plain.in_words(error), 422)
    # Counting commits, so nothing may be written before it.
    count(db, request, FORMS)
    try:
        received = intake.receive(db, campaigns.find(db, at.campaign.slug), whole, at.draft_id)
    except (Invalid, Conflict) as error:
        errors = error.errors if isinstance(error, Invalid) else {"": error.message}
        return asking.check(request, db, at, errors, error.status)
    drafts.discard(db, at.token, at.campaign.id)
    return go(f"/c/{at.campaign.slug}/sent/{received.reference}")


@router.get("/c/{slug}/{what}/{step}")
def show(
    request: Request, db: Database, _: Public, at: OnTheWay, step: str, change: bool = False,
    postcode: Annotated[str, Query(max_length=100)] = "", to: Annotated[str, Query(max_length=36)] = "", gone: bool = False,
) -> Response:  # fmt: skip
    """One page of the form."""
    return asking.show(request, db, at, step, change=change, postcode=postcode, to=to, gone=gone)


@router.post("/c/{slug}/{what}/{step}", dependencies=[Depends(limited(STEPS))])
def answer(
    request: Request, db: Database, _: Public, at: OnTheWay, step: str, form: Posted, change: bool = False
) -> Response:
    """Keep the answers of one page and lead on."""
    return asking.answer(request, db, at, step, form, change=change)

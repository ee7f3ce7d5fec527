"""The two forms, a page at a time: each post is kept in a draft and answered with the next page, the last one sends it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData

from api.auth import Public
from api.edge import cookies
from api.errors import Conflict, Invalid
from api.language import N_, gettext
from api.limits import FORMS, STEPS, count, limited
from api.pages.filled import Filled, Posted, fields_of
from api.pages.journeys import CHECK, WAYS, Journey, StepPage, What
from api.pages.rendering import page
from api.pages.wording import detours, numbers, travel_times
from api.services import campaigns, choices, drafts, forms, pickups, plain, whereabouts
from api.services.nearest import near
from api.services.views import EventView
from api.transaction import Database

router = APIRouter()
SEE_OTHER = 303


def journey(request: Request, db: Database, slug: str, what: What) -> Journey:
    """How far this browser has come with this form."""
    campaign, way, token = campaigns.view(campaigns.find(db, slug)), WAYS[what], cookies.DRAFT.read(request)
    draft = drafts.load(db, token, campaign.id, way.kind)
    return Journey(campaign, way, token, str(draft.id) if draft else None, draft.answers if draft else {})


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
        return _go(at.address(open_step.slug))
    return _check(request, db, at)


@router.post("/c/{slug}/{what}/check")
def send(request: Request, db: Database, _: Public, at: OnTheWay, form: Posted) -> Response:
    """Send the form, once: a second press finds what the first one sent."""
    key = str(form.get("key", ""))
    if reference := drafts.reference_of(db, key):
        return _go(f"/c/{at.campaign.slug}/sent/{reference}")
    open_step = at.first_open()
    if at.draft_id is None or open_step is not None:
        return _go(at.address(open_step.slug if open_step else "start"))
    answers = at.whole()
    # Counting commits, so nothing may be written before it.
    count(db, request, FORMS)
    try:
        received = at.way.send(db, campaigns.find(db, at.campaign.slug), answers, at.draft_id)
    except (Invalid, Conflict) as error:
        errors = error.errors if isinstance(error, Invalid) else {"": error.message}
        return _check(request, db, at, errors, error.status)
    drafts.discard(db, at.token, at.campaign.id, at.way.kind)
    return _go(f"/c/{at.campaign.slug}/sent/{received.reference}")


@router.get("/c/{slug}/{what}/{step}")
def show(
    request: Request, db: Database, _: Public, at: OnTheWay, step: str, change: bool = False,
    postcode: Annotated[str, Query(max_length=100)] = "", to: Annotated[str, Query(max_length=36)] = "",
) -> Response:  # fmt: skip
    """One page of the form. Who has skipped one is led back to it; the link from a search brings along what is known."""
    found = at.step(step)
    if found is None:
        return _go(at.address("start"))
    if not at.may_show(step) and (open_step := at.first_open()):
        return _go(at.address(open_step.slug))
    return _show(request, db, at, found, Filled(at.answers), change=change, postcode=postcode, to=to)


@router.post("/c/{slug}/{what}/{step}", dependencies=[Depends(limited(STEPS))])
def answer(
    request: Request, db: Database, _: Public, at: OnTheWay, step: str, form: Posted, change: bool = False
) -> Response:
    """Keep the answers of one page and lead on, or show the page again with what is wrong and all that was typed."""
    found = at.step(step)
    if found is None or not at.may_show(step):
        return _go(at.address("start"))
    typed = _typed(found, form)
    if _places_wanted(db, found, typed, str(form.get("offered_for", ""))):
        return _then_places(db, request, at, typed, change=change)
    postcode, to = str(form.get("postcode", "")), str(form.get("to", ""))
    try:
        understood = found.model.model_validate(typed)
        whereabouts.check(db, understood)
        answers = understood.model_dump(mode="json")
    except (ValidationError, Invalid) as error:
        errors = error.errors if isinstance(error, Invalid) else plain.in_words(error)
        again = Filled(typed, errors, {"consent_version": "#consent"})
        return _show(request, db, at, found, again, status=422, change=change, postcode=postcode, to=to)
    if step == "start":
        answers = _brought_along(db, at, postcode, to) | answers
    token = at.token or drafts.new_token()
    drafts.save(db, token, at.campaign.id, at.way.kind, answers)
    response = _go(at.address(CHECK if change else at.after(step)))
    cookies.DRAFT.put(response, request, token)
    return response


def _go(address: str) -> RedirectResponse:
    return RedirectResponse(address, SEE_OTHER)


def _typed(step: StepPage, form: FormData) -> dict[str, Any]:
    """The page's fields. Of the events only those of the chosen day count, whatever was ticked under another."""
    typed = fields_of(step.model, form)
    if step.model is forms.When:
        of_day = form.getlist(f"events-{typed.get('day', '')}")
        typed["event_ids"] = [one for one in of_day if isinstance(one, str)] or None
    return typed


def _places_wanted(db: Session, step: StepPage, typed: dict[str, Any], offered_for: str) -> bool:
    """Whether the places near this postcode have not been offered yet, and the answers cannot do without them."""
    if step.model is not forms.WherePickup:
        return False
    postcode = whereabouts.as_start(db, typed.get("postcode", ""))
    if not postcode:
        return False
    without = typed["home"] or typed.get("own_postcode")
    return postcode != offered_for and bool(typed["places"] or not without)


def _then_places(
    db: Session, request: Request, at: Journey, typed: dict[str, Any], *, change: bool
) -> Response:
    """Keep the postcode and show the same page again, with what is near. Places near another postcode no longer count."""
    nothing = {"places": [], "home": False, "own_place": "", "own_postcode": ""}
    token = at.token or drafts.new_token()
    postcode = {"postcode": whereabouts.as_start(db, typed["postcode"])}
    drafts.save(db, token, at.campaign.id, at.way.kind, nothing | postcode)
    response = _go(f"{at.address('where')}{'?change=1' if change else ''}#places")
    cookies.DRAFT.put(response, request, token)
    return response


def _offered(db: Session, form: Filled) -> tuple[Filled, dict[str, Any]]:
    """What a rider chooses from. Until the postcode is known nothing is, so that nothing can be wrong with it either."""
    offered = pickups.choices(db, str(form.value("postcode")))
    answered = any(form.value(name) for name in ("places", "home", "own_postcode", "own_place"))
    if offered is None:
        form = Filled(form.values, {name: words for name, words in form.errors.items() if name == "postcode"})
    return form, {"offered": offered, "answered": answered or bool(form.errors)}


def _brought_along(db: Session, at: Journey, postcode: str, to: str) -> dict[str, Any]:
    """What somebody chose before the form, as first answers: the postcode searched from and the place pressed."""
    answers: dict[str, Any] = {"postcode": known} if (known := whereabouts.as_start(db, postcode)) else {}
    if found := choices.events_in(db, campaigns.find(db, at.campaign.slug), to):
        day, events = found
        answers |= {"day": day.isoformat(), "event_ids": [str(event) for event in events]}
    return answers


def _show(
    request: Request, db: Session, at: Journey, step: StepPage, form: Filled, *, status: int = 200,
    change: bool = False, postcode: str = "", to: str = "",
) -> HTMLResponse:  # fmt: skip
    context = _frame(at, step.slug, change)
    if step.model is forms.WherePickup:
        form, offered = _offered(db, form)
        context |= offered
    context |= {"step": step, "form": form}
    if step.slug == "start":
        wording = gettext(forms.CONSENT_WORDINGS[forms.CONSENT_VERSION])
        context |= {
            "consent": wording % {"organiser": at.campaign.organiser},
            "postcode": postcode,
            "to": to,
        }
        context |= {"consent_version": forms.CONSENT_VERSION}
    if step.slug == "when":
        ticked = [str(one) for one in form.value("event_ids", [])]
        found = campaigns.find(db, at.campaign.slug)
        days = choices.days_to_choose(db, found, at.answers.get("postcode", ""), ticked)
        context |= {"days": days, "first_places": choices.FIRST_PLACES}
    figures = {"numbers": numbers, "travel_times": travel_times(), "detours": detours()}
    return page(request, step.template, status, **context, **figures)


def _frame(at: Journey, slug: str, change: bool) -> dict[str, Any]:
    """What every page of the form shows around its questions."""
    before = at.before(slug)
    back_to = at.address(CHECK if change else before) if before else f"/c/{at.campaign.slug}"
    return {
        "campaign": at.campaign,
        "what": at.way.what.value,
        "number": at.number(slug),
        "total": at.total,
        "change": change,
        "back_to": back_to,
    }


def _check(
    request: Request, db: Session, at: Journey, errors: dict[str, str] | None = None, status: int = 200
) -> HTMLResponse:
    answers, found = at.whole(), campaigns.find(db, at.campaign.slug)
    context = _frame(at, CHECK, change=False) | {
        "step": StepPage(CHECK, N_("Check your answers"), forms.Step),
        "answers": answers,
        "pick_ups": _pick_ups(db, answers) if isinstance(answers, forms.RequestForm) else [],
        "chosen_events": _titles(campaigns.events(db, found, answers.day), answers),
        "start": near(db, answers.postcode, found, limit=1).place,
        "key": at.draft_id,
        "form": Filled({}, errors or {}, at.places()),
    }
    return page(request, "signup/check.html", status, **context)


def _pick_ups(db: Session, answers: forms.RequestForm) -> list[str]:
    own = ", ".join(filter(None, (answers.own_place, answers.own_postcode)))
    door = ", ".join(filter(None, (gettext("At my door"), answers.pickup))) if answers.home else ""
    return [*pickups.names(db, answers.places), *filter(None, (own, door))]


def _titles(events: list[EventView], answers: forms.OfferForm | forms.RequestForm) -> list[str]:
    chosen = set(answers.event_ids or ())
    return [event.title for event in events if event.id in chosen]

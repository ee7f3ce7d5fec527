"""The pages of the forms, whoever fills them in: a page is shown, its answers are kept in a draft, the next one follows."""

from dataclasses import replace
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData

from api.edge import cookies
from api.errors import Invalid
from api.language import N_, gettext
from api.pages.filled import Filled, fields_of
from api.pages.journeys import CHECK, ROLE, WHERE, Journey, Mode, StepPage, What
from api.pages.rendering import page
from api.pages.wording import detours, extra_minutes, numbers, travel_times
from api.services import campaigns, choices, drafts, forms, onward, pickups, plain, whereabouts
from api.services.nearest import near
from api.services.views import EventView

SEE_OTHER = 303
MOST_DAYS_ASKED = 7


def go(address: str) -> RedirectResponse:
    return RedirectResponse(address, SEE_OTHER)


def show(
    request: Request, db: Session, at: Journey, slug: str, *, change: bool, postcode: str = "", to: str = "", **more: Any
) -> Response:  # fmt: skip
    """One page of the form. Who has skipped one is led back to it; the link from a search brings along what is known."""
    found = at.step(slug)
    if found is None:
        query = f"?{request.url.query}" if request.url.query else ""
        return go(at.address(WHERE) + query)
    if not at.may_show(slug) and (open_step := at.first_open()):
        return go(at.address(open_step.slug))
    known = dict(at.answers)
    if slug == WHERE and "postcode" not in known:
        known["postcode"] = whereabouts.as_start(db, postcode)
    if slug == ROLE:
        known["role"] = at.way.what
    return _page(request, db, at, found, Filled(known), change=change, to=to, **more)


def answer(
    request: Request, db: Session, at: Journey, slug: str, form: FormData, *, change: bool, **more: Any
) -> Response:
    """Keep the answers of one page and lead on, or show the page again with what is wrong and all that was typed."""
    found = at.step(slug)
    if found is None:
        return go(at.address(WHERE))
    typed, to = _typed(found, form), str(form.get("to", ""))[:36]
    if slug == ROLE and typed.get("role", "") in list(What):
        at = at.on_way(typed["role"])
        found = at.step(ROLE) or found
        typed = _typed(found, form)
    if _places_wanted(db, found, typed, str(form.get("offered_for", ""))):
        kept = _keep(db, at, _brought_along(db, at, to) | _only_postcode(db, typed))
        return _with_cookie(request, go(f"{kept.address(WHERE, change=change)}#places"), kept)
    try:
        understood = found.model.model_validate(typed)
        whereabouts.check(db, understood)
        answers = understood.model_dump(mode="json")
    except (ValidationError, Invalid) as error:
        again = Filled(typed, error.errors if isinstance(error, Invalid) else plain.in_words(error))
        return _page(request, db, at, found, again, status=422, change=change, to=to, **more)
    kept = _keep(db, at, (_brought_along(db, at, to) if slug == WHERE else {}) | answers)
    return _with_cookie(request, go(kept.onward(slug, change=change)), kept)


def check(
    request: Request, db: Session, at: Journey, errors: dict[str, str] | None = None, status: int = 200, **more: Any
) -> HTMLResponse:  # fmt: skip
    """All answers, each with a way to change it, and what there is to agree to."""
    answers, found = at.about_the_journey(), campaigns.find(db, at.campaign.slug)
    place = near(db, answers.postcode, found, limit=1).place
    of_days = [event for day in answers.days for event in campaigns.events(db, found, day)]
    wording = gettext(forms.CONSENT_WORDINGS[forms.CONSENT_VERSION])
    context = frame(at, CHECK, change=False) | {
        "step": StepPage(CHECK, N_("Check your answers"), forms.Step),
        "answers": answers,
        "contact": {name: at.answers.get(name, "") for name in ("name", "reach", "email", "phone")},
        "pick_ups": _pick_ups(db, answers) if isinstance(answers, forms.WherePickup) else [],
        "chosen_events": _chosen(of_days, answers),
        "onward": onward.known(db, answers),
        "start": place,
        "consent": wording % {"organiser": at.campaign.organiser},
        "consent_version": forms.CONSENT_VERSION,
        "key": at.draft_id,
        "form": Filled({}, errors or {}, at.places()),
    }
    return page(request, "signup/check.html", status, **context | more)


def frame(at: Journey, slug: str, *, change: bool) -> dict[str, Any]:
    """What every page of the form shows around its questions."""
    before = at.before(slug)
    return {
        "campaign": at.campaign,
        "what": at.way.what.value,
        "drives": at.way.what is not What.ASK,
        "rides": at.way.what is not What.OFFER,
        "mode": at.mode.value,
        "here": at.here,
        "out": at.out,
        "number": at.number(slug),
        "total": at.total,
        "change": change,
        "back_to": at.address(CHECK) if change else at.address(before) if before else at.out,
    }


def _page(
    request: Request, db: Session, at: Journey, step: StepPage, form: Filled, *, status: int = 200,
    change: bool = False, to: str = "", **more: Any,
) -> HTMLResponse:  # fmt: skip
    context = frame(at, step.slug, change=change)
    if step.model is forms.WherePickup:
        form, offered = _offered(db, form)
        context |= offered
    if step.slug == "when":
        ticked = [str(one) for one in form.value("event_ids", [])]
        found = campaigns.find(db, at.campaign.slug)
        days = choices.days_to_choose(db, found, at.answers.get("postcode", ""), ticked)
        several = len(days) > 1 and at.mode is not Mode.CHANGE
        context |= {"days": days, "first_places": choices.FIRST_PLACES, "several": several}
        context |= {"most_days": numbers(1, min(MOST_DAYS_ASKED, len(days) - 1))}
    figures = {
        "numbers": numbers,
        "travel_times": travel_times(),
        "detours": detours(),
        "extra": extra_minutes(),
    }
    return page(request, step.template, status, step=step, form=form, to=to, **context, **figures, **more)


def _keep(db: Session, at: Journey, answers: dict[str, Any]) -> Journey:
    token = at.token or drafts.new_token()
    draft = drafts.save(db, token, at.campaign.id, answers)
    return replace(at, token=token, draft_id=str(draft.id), answers=draft.answers)


def _with_cookie(request: Request, response: Response, at: Journey) -> Response:
    if at.mode is Mode.SELF and at.token:
        cookies.DRAFT.put(response, request, at.token)
    return response


def _typed(step: StepPage, form: FormData) -> dict[str, Any]:
    """The page's fields. Of the events only those of the chosen days count, whatever was ticked under another."""
    typed = fields_of(step.model, form)
    if step.model is forms.When:
        days = [one for one in form.getlist("day") if isinstance(one, str)]
        typed |= {"day": days[0] if days else "", "also": days[1:]}
        ticked = [one for day in days for one in form.getlist(f"events-{day}")]
        typed["event_ids"] = [one for one in ticked if isinstance(one, str)] or None
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


def _only_postcode(db: Session, typed: dict[str, Any]) -> dict[str, Any]:
    """The postcode, and no place to be picked up: those near another one no longer count."""
    nothing = {"places": [], "home": False, "own_place": "", "own_postcode": ""}
    return nothing | {"postcode": whereabouts.as_start(db, typed["postcode"])}


def _brought_along(db: Session, at: Journey, to: str) -> dict[str, Any]:
    """The day and the events of what somebody pressed before the form, as first answers."""
    found = choices.events_in(db, campaigns.find(db, at.campaign.slug), to)
    if found is None:
        return {}
    day, events = found
    return {"day": day.isoformat(), "event_ids": [str(event) for event in events]}


def _offered(db: Session, form: Filled) -> tuple[Filled, dict[str, Any]]:
    """What a rider chooses from. Until the postcode is known nothing is, so that nothing can be wrong with it either."""
    offered = pickups.choices(db, str(form.value("postcode")))
    answered = any(form.value(name) for name in ("places", "home", "own_postcode", "own_place"))
    if offered is None:
        form = Filled(form.values, {name: words for name, words in form.errors.items() if name == "postcode"})
    return form, {"offered": offered, "answered": answered or bool(form.errors)}


def _pick_ups(db: Session, answers: forms.WherePickup) -> list[str]:
    own = ", ".join(filter(None, (answers.own_place, answers.own_postcode)))
    door = ", ".join(filter(None, (gettext("At my door"), answers.pickup))) if answers.home else ""
    return [*pickups.names(db, answers.places), *filter(None, (own, door))]


def _chosen(events: list[EventView], answers: forms.Answers) -> list[EventView]:
    chosen = set(answers.event_ids or ())
    return [event for event in events if event.id in chosen]

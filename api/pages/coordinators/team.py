"""The team of a campaign: who is in it, in which role, and who is invited."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from api.auth import Staff, needs
from api.errors import Conflict, Invalid
from api.pages.coordinators.wording import MESSAGE_STATES
from api.pages.filled import Filled, Posted, fields_of
from api.pages.rendering import page
from api.services import campaigns, invitations, team
from api.services.campaign_forms import InvitationForm, RoleForm
from api.services.plain import refusals
from api.services.rights import ROLES, Right
from api.services.team import ROLE_WORDS
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/team")
SEE_OTHER = 303

PLAIN = {
    "email": "Type an e-mail address, for example name@example.org.",
    "role": "Choose a role.",
    "regions": team.WHERE,
    "event_ids": team.WHERE,
}


@router.get("", dependencies=[needs(Right.LOOK)])
def show(request: Request, db: Database, coordinator: Staff, slug: str) -> HTMLResponse:
    """Everybody in the team sees who is in it; who may change it sees addresses and invitations as well."""
    return _show(request, db, coordinator, slug, Filled())


@router.post("/invite", dependencies=[needs(Right.TEAM)])
def invite(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    """The answer is the same whether the address has an account or not."""
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = fields_of(InvitationForm, form)
    try:
        invitations.invite(db, campaign, coordinator, InvitationForm.model_validate(typed))
    except ValidationError as error:
        again = Filled(typed, refusals(error, PLAIN))
    except Invalid as error:
        again = Filled(typed, error.errors)
    else:
        return _to(slug, "#waiting")
    return _show(request, db, coordinator, slug, again, 422)


@router.post("/invitations/{invitation_id}/again", dependencies=[needs(Right.TEAM)])
def send_again(db: Database, coordinator: Staff, slug: str, invitation_id: UUID) -> Response:
    invitations.send_again(db, campaigns.find_for(db, slug, coordinator), coordinator, invitation_id)
    return _to(slug, "#waiting")


@router.post("/invitations/{invitation_id}/withdraw", dependencies=[needs(Right.TEAM)])
def withdraw(db: Database, coordinator: Staff, slug: str, invitation_id: UUID) -> Response:
    invitations.withdraw(db, campaigns.find_for(db, slug, coordinator), coordinator, invitation_id)
    return _to(slug, "#waiting")


@router.post("/codes", dependencies=[needs(Right.TEAM)])
def require_codes(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    """Whether everybody in the team has to log in with codes."""
    campaign = campaigns.find_for(db, slug, coordinator)
    try:
        team.require_codes(db, campaign, coordinator, form.get("wanted") == "yes")
    except Conflict as error:
        return _show(request, db, coordinator, slug, Filled({}, {"": error.message}), error.status)
    return _to(slug, "#codes")


@router.get("/{coordinator_id}", dependencies=[needs(Right.TEAM)])
def ask(request: Request, db: Database, coordinator: Staff, slug: str, coordinator_id: UUID) -> HTMLResponse:
    """What may be changed about one of them."""
    return _ask(request, db, coordinator, slug, coordinator_id, None)


@router.post("/{coordinator_id}/role", dependencies=[needs(Right.TEAM)])
def change(
    request: Request, db: Database, coordinator: Staff, slug: str, coordinator_id: UUID, form: Posted
) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = fields_of(RoleForm, form)
    try:
        team.change(db, campaign, coordinator, coordinator_id, RoleForm.model_validate(typed))
    except ValidationError as error:
        again, status = Filled(typed, refusals(error, PLAIN)), 422
    except (Conflict, Invalid) as error:
        faults = error.errors if isinstance(error, Invalid) else {"role": error.message}
        again, status = Filled(typed, faults), error.status
    else:
        return _to(slug)
    return _ask(request, db, coordinator, slug, coordinator_id, again, status)


@router.post("/{coordinator_id}/remove", dependencies=[needs(Right.TEAM)])
def remove(request: Request, db: Database, coordinator: Staff, slug: str, coordinator_id: UUID) -> Response:
    campaign = campaigns.find_for(db, slug, coordinator)
    try:
        team.remove(db, campaign, coordinator, coordinator_id)
    except Conflict as error:
        told = Filled({}, {"": error.message})
        return _ask(request, db, coordinator, slug, coordinator_id, told, error.status)
    return RedirectResponse("/coordinate", SEE_OTHER) if coordinator_id == coordinator.id else _to(slug)


def _to(slug: str, part: str = "") -> RedirectResponse:
    return RedirectResponse(f"/coordinate/{slug}/team{part}", SEE_OTHER)


def _choices(db: Session, campaign: Any) -> dict[str, Any]:
    return {
        "roles": [(role, ROLE_WORDS[role]) for role in ROLES],
        "all_regions": team.regions(db),
        "events": team.events_to_choose(db, campaign),
    }


def _show(
    request: Request, db: Session, coordinator: Staff, slug: str, form: Filled, status: int = 200
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(campaign),
        "members": team.members(db, campaign),
        "waiting": invitations.waiting(db, campaign),
        "codes_required": campaign.codes_required,
        "role_words": ROLE_WORDS,
        "message_states": MESSAGE_STATES,
    }
    return page(request, "coordinators/team.html", status, form=form, **shown, **_choices(db, campaign))


def _ask(
    request: Request,
    db: Session,
    coordinator: Staff,
    slug: str,
    coordinator_id: UUID,
    form: Filled | None,
    status: int = 200,
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    member = team.member(db, campaign, coordinator_id)
    kept = {"role": member.role, "regions": list(member.regions), "event_ids": list(member.event_ids)}
    filled = form if form is not None and form.values else Filled(kept, form.errors if form else {})
    shown: dict[str, Any] = {
        "coordinator": coordinator,
        "campaign": campaigns.view(campaign),
        "member": member,
    }
    return page(request, "coordinators/member.html", status, form=filled, **shown, **_choices(db, campaign))

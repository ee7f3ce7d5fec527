"""The team keeps an owner, whoever acts at once; and an invitation is a key that works once, for one person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.errors import Conflict, Invalid, NotFound
from api.messages.house import House
from api.messages.staff_letters import write_to_staff
from api.services import invitations, login, rights, staff_mail, team
from api.services.campaign_forms import InvitationForm, RoleForm
from api.services.invitations import LASTS, LinkUnknown
from api.services.outbox import hash_token
from api.services.retention import purge
from api.store.session import open_session
from api.store.tables import (
    AuditEntry,
    Campaign,
    Coordinator,
    Invitation,
    InvitationLink,
    Membership,
    Message,
    now,
)
from tests.api import world
from tests.api.pages.scene import PASSWORD

EMAIL = "ivy@example.org"


@pytest.fixture
def ann(db: Session) -> Coordinator:
    return world.add_coordinator(db, "Ann")


@pytest.fixture
def campaign(db: Session, ann: Coordinator) -> Campaign:
    campaign = world.add_campaign(db, ann)
    db.commit()
    return campaign


def join(db: Session, campaign: Campaign, role: str = "coordinator") -> Coordinator:
    person = world.add_coordinator(db, role.title())
    db.add(Membership(coordinator_id=person.id, campaign_id=campaign.id, role=role))
    db.commit()
    return person


def owners(db: Session, campaign: Campaign) -> set[UUID]:
    found = select(Membership.coordinator_id).where(Membership.campaign_id == campaign.id)
    return set(db.exec(found.where(Membership.role == "owner")).all())


def invite(db: Session, campaign: Campaign, who: Coordinator, email: str = EMAIL, **values: Any) -> str:
    """The token of the link, as it stands in the letter."""
    invitations.invite(db, campaign, who, InvitationForm(email=email, **{"role": "helper", **values}))
    return token_of(db)


def token_of(db: Session) -> str:
    """Of the newest letter."""
    newest = select(Message).where(Message.kind == "invitation").order_by(col(Message.created_at).desc())
    message = db.exec(newest).first()
    assert message is not None
    envelope = staff_mail.claim(db, message.id)
    assert envelope is not None and envelope.path.startswith("/i/")
    letter = write_to_staff(envelope, House("https://x.example", "x", "x@example.org"))
    assert envelope.path in letter.text
    return envelope.path.removeprefix("/i/")


def test_the_last_owner_stays(db: Session, ann: Coordinator, campaign: Campaign) -> None:
    join(db, campaign)
    with pytest.raises(Conflict, match="its last one"):
        team.remove(db, campaign, ann, ann.id)
    with pytest.raises(Conflict, match="its last one"):
        team.change(db, campaign, ann, ann.id, RoleForm(role="reader"))
    assert owners(db, campaign) == {ann.id}
    team.change(db, campaign, ann, ann.id, RoleForm(role="owner"))
    bob = join(db, campaign, "owner")
    team.remove(db, campaign, ann, ann.id)
    assert owners(db, campaign) == {bob.id}


def test_an_owner_whose_account_is_closed_is_none_to_rely_on(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    login.disable(db, join(db, campaign, "owner"))
    db.commit()
    with pytest.raises(Conflict):
        team.remove(db, campaign, ann, ann.id)


def test_of_two_owners_who_remove_each_other_one_stays(
    engine: Engine, db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    """Ten times over: without the lock both go."""
    for _ in range(10):
        bob = join(db, campaign, "owner")
        pairs = ((ann, bob), (bob, ann))

        def remove(pair: tuple[Coordinator, Coordinator]) -> bool:
            with open_session(engine) as own:
                try:
                    team.remove(own, campaign, pair[0], pair[1].id)
                    own.commit()
                except (Conflict, NotFound):
                    return False
                return True

        with ThreadPoolExecutor(2) as threads:
            done = list(threads.map(remove, pairs))
        db.rollback()
        assert sorted(done) == [False, True] and len(owners(db, campaign)) == 1
        ann = db.get_one(Coordinator, owners(db, campaign).pop())


def test_who_is_removed_sees_nothing_with_the_next_request(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    bob = join(db, campaign)
    assert rights.access(db, campaign.slug, bob)
    team.remove(db, campaign, ann, bob.id)
    with pytest.raises(NotFound):
        rights.access(db, campaign.slug, bob)
    with pytest.raises(NotFound):
        team.remove(db, campaign, ann, bob.id)


@pytest.mark.parametrize(
    "values", [{}, {"regions": ["Atlantis"]}, {"event_ids": [str(uuid4())]}, {"regions": ["London", "x"]}]
)
def test_a_regional_coordinator_needs_somewhere(
    db: Session, ann: Coordinator, campaign: Campaign, values: dict[str, Any]
) -> None:
    bob = join(db, campaign)
    with pytest.raises(Invalid, match="at least one region or event"):
        team.change(db, campaign, ann, bob.id, RoleForm(role="regional", **values))
    with pytest.raises(Invalid):
        invite(db, campaign, ann, role="regional", **values)


def test_where_is_kept_for_regional_coordinators_alone(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    bob, event = join(db, campaign), world.add_event(db, campaign, ann)
    form = {"regions": ["London"], "event_ids": [str(event.id)]}
    team.change(db, campaign, ann, bob.id, RoleForm(role="regional", **form))
    assert team.member(db, campaign, bob.id).where == "London, Morning canvass"
    team.change(db, campaign, ann, bob.id, RoleForm(role="helper", **form))
    assert (team.member(db, campaign, bob.id).where, team.member(db, campaign, bob.id).role) == ("", "helper")


def test_an_invitation_brings_its_role_and_works_once(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    token = invite(db, campaign, ann)
    seen = invitations.look(db, token)
    assert (seen.email, seen.role, seen.by, seen.campaign.id) == (EMAIL, "helper", "Ann", campaign.id)
    ivy = invitations.new_account(db, seen, "Ivy", PASSWORD)
    assert invitations.accept(db, token, ivy) == campaign.slug
    assert rights.access(db, campaign.slug, ivy).role == "helper" and not ivy.may_create
    for act in (lambda: invitations.look(db, token), lambda: invitations.accept(db, token, ivy)):
        with pytest.raises(LinkUnknown):
            act()
    db.commit()
    what = [entry.what for entry in db.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()]
    assert what == ["campaign created", "somebody invited", "joined the team"]


def test_of_two_who_use_it_at_once_one_does(
    engine: Engine, db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    token = invite(db, campaign, ann)
    ivy = invitations.new_account(db, invitations.look(db, token), "Ivy", PASSWORD)
    db.commit()

    def accept(_: int) -> bool:
        with open_session(engine) as own:
            try:
                invitations.accept(own, token, ivy)
                own.commit()
            except LinkUnknown:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(accept, range(4))) == [False, False, False, True]


def test_only_a_hash_of_128_random_bits_is_kept(db: Session, ann: Coordinator, campaign: Campaign) -> None:
    token = invite(db, campaign, ann)
    assert len(token) >= 22
    (link,) = db.exec(select(InvitationLink)).all()
    assert link.token_hash == hash_token(token) and token.encode() not in link.token_hash
    assert timedelta(days=6, hours=23) < link.expires_at - now() <= LASTS


def test_it_dies_after_seven_days_and_then_goes(db: Session, ann: Coordinator, campaign: Campaign) -> None:
    token = invite(db, campaign, ann)
    invitation = db.exec(select(Invitation)).one()
    invitation.expires_at = now() - timedelta(seconds=1)
    db.commit()
    with pytest.raises(LinkUnknown):
        invitations.look(db, token)
    with pytest.raises(LinkUnknown):
        invitations.accept(db, token, ann)
    assert invitations.waiting(db, campaign) == []
    purge(db)
    assert db.exec(select(Invitation)).all() == [] == db.exec(select(InvitationLink)).all()


def test_it_is_for_the_address_it_was_sent_to(db: Session, ann: Coordinator, campaign: Campaign) -> None:
    token = invite(db, campaign, ann)
    with pytest.raises(LinkUnknown):
        invitations.accept(db, token, join(db, world.add_campaign(db, ann, "Another")))
    assert invitations.look(db, token).email == EMAIL


def test_a_newer_one_to_the_same_address_counts(db: Session, ann: Coordinator, campaign: Campaign) -> None:
    first = invite(db, campaign, ann)
    second = invite(db, campaign, ann, EMAIL.upper(), role="coordinator")
    with pytest.raises(LinkUnknown):
        invitations.look(db, first)
    assert invitations.look(db, second).role == "coordinator"
    assert len(invitations.waiting(db, campaign)) == 1


def test_sent_again_the_old_link_dies_and_withdrawn_all_do(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    first = invite(db, campaign, ann)
    (waiting,) = invitations.waiting(db, campaign)
    invitations.send_again(db, campaign, ann, waiting.id)
    second = token_of(db)
    with pytest.raises(LinkUnknown):
        invitations.look(db, first)
    invitations.withdraw(db, campaign, ann, waiting.id)
    with pytest.raises(LinkUnknown):
        invitations.look(db, second)
    with pytest.raises(NotFound):
        invitations.send_again(db, campaign, ann, waiting.id)


def test_a_letter_whose_invitation_was_withdrawn_is_not_sent(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    invitations.invite(db, campaign, ann, InvitationForm(email=EMAIL, role="helper"))
    (message,) = db.exec(select(Message)).all()
    invitation = db.exec(select(Invitation)).one()
    invitation.expires_at = now()
    db.flush()
    assert staff_mail.claim(db, message.id) is None
    (waiting,) = db.exec(select(Invitation.id)).all()
    invitations.withdraw(db, campaign, ann, waiting)
    assert db.exec(select(Message)).all() == []


def test_who_is_in_the_team_is_not_invited_to_it(db: Session, ann: Coordinator, campaign: Campaign) -> None:
    with pytest.raises(Invalid, match="in the team already"):
        invite(db, campaign, ann, ann.email)


def test_an_invitation_of_another_campaign_is_not_there(
    db: Session, ann: Coordinator, campaign: Campaign
) -> None:
    invite(db, campaign, ann)
    (waiting,) = invitations.waiting(db, campaign)
    other = world.add_campaign(db, ann, "Another")
    with pytest.raises(NotFound):
        invitations.withdraw(db, other, ann, waiting.id)

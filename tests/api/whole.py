"""A campaign with one of everything and somebody in every role, logged in: made once, and copied for whoever changes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlmodel import Session, col, select, update
from starlette.testclient import TestClient

from api.services import campaigns, invitations, login, matching
from api.services.campaign_forms import InvitationForm
from api.services.hands import taking
from api.services.hands.asking import Asked
from api.services.login import hash_of
from api.services.rights import WHOLE
from api.store import embedded
from api.store.queries import hands as queries
from api.store.session import make_engine, open_session
from api.store.tables import (
    Avoidance,
    Campaign,
    Coordinator,
    Event,
    Hold,
    Lift,
    LoginSession,
    Membership,
    Message,
    Repair,
    Report,
    Request,
    Run,
    Worth,
    now,
)
from tests.api import world
from tests.api.conftest import browser
from tests.api.door import add_host, lift_of
from tests.api.pages.reading import read
from tests.api.pages.scene import Scene, match, publish
from tests.api.services.exchange import tables

TOKENS = {"cookie": "c-{}-0123456789012345678901234567890", "bearer": "b-{}-0123456789012345678901234567890"}
ROLES = ("owner", "coordinator", "regional", "helper", "reader")
OTHERS = ("outsider", "removed", "expired", "disabled")
OUT = timedelta(hours=-1)
_copies = count(1)


@dataclass(frozen=True)
class Whole:
    """The ids that stand in addresses: `own` of the events that the regional coordinator has, `other` of another."""

    slug: str
    own: dict[str, str]
    other: dict[str, str]
    people: dict[str, UUID]
    imports: dict[str, str]

    def seen_by(self, name: str) -> dict[str, str]:
        """The own ids, with the table that somebody brought in: nobody else's is shown to them."""
        return self.own | {"import_id": self.imports.get(name, self.imports["owner"])}


def fill(db: Session, scene: Scene) -> Whole:
    """Dora drives Rafi to the first event, which is the regional coordinator's; Alma drives Aziz to the second."""
    ids = {
        "own": _lift(db, scene, scene.morning.id, "Dora", "Rafi", "WF"),
        "other": _lift(db, scene, scene.afternoon.id, "Alma", "Aziz", "HX"),
    }
    publish(db, scene)
    for named in ids.values():
        named |= _about(db, scene, named)
    done = match(db, scene)
    car = {"district": "WF2", "gain": 1.5, "proven": True, "event": str(scene.morning.id), "people": 2}
    db.add(Worth(run_id=done.id, asked_by=scene.coordinator.id, state="done", cars=[car]))
    changed = _by_hand(db, scene, done.id, (ids["own"]["sign_up_id"], ids["other"]["sign_up_id"]))
    going = matching.start(db, scene.campaign, scene.next_day.day, scene.coordinator)
    campaigns.add_key(db, scene.campaign, scene.coordinator, world.LEEDS_NORTH_WEST)
    people = _people(db, scene)
    form = InvitationForm(email="invited@example.org", role="helper")
    invitations.invite(db, scene.campaign, scene.coordinator, form)
    (waiting,) = invitations.waiting(db, scene.campaign)
    db.commit()
    shared = {"run_id": str(done.id), "going_run_id": str(going.id), "coordinator_id": str(people["helper"])}
    shared |= {"repair_id": str(_repair(db, scene))}
    shared |= changed
    shared |= {"invitation_id": str(waiting.id), "caller_id": str(_caller(db, scene))}
    imports = {name: _import(db, scene, people[name]) for name in WHOLE}
    db.commit()
    return Whole(scene.campaign.slug, ids["own"] | shared, ids["other"] | shared, people, imports)


def _by_hand(db: Session, scene: Scene, run_id: UUID, drivers: tuple[str, str]) -> dict[str, str]:
    """Two cars of a plan are pinned by hand, and the second is let go again."""
    made: list[UUID] = []
    for driver in drivers:
        asked = Asked("pin", UUID(driver))
        taking.take(db, scene.campaign, run_id, scene.coordinator, asked, seen=len(made))
        made.append(queries.edits(db, run_id)[-1].id)
    taking.undo(db, scene.campaign, run_id, scene.coordinator, made[-1])
    hold = db.exec(select(Hold.id)).one()
    return {"hold_id": str(hold), "undo_id": str(made[0]), "redo_id": str(made[1])}


def _import(db: Session, scene: Scene, person_id: UUID) -> str:
    """A table that somebody brought in, checked and not yet taken."""
    made = tables.start(db, scene.campaign, db.get_one(Coordinator, person_id), tables.HEADINGS + tables.GOOD)
    return str(tables.check(db, made, usual_day=world.DAY).id)


def _repair(db: Session, scene: Scene) -> UUID:
    """A proposal that waits for an answer."""
    about: dict[str, Any] = {"campaign_id": scene.campaign.id, "day": world.DAY, "cause": "driver_cancelled"}
    repair = Repair(**about, state="waiting", answer_by=now() + timedelta(minutes=10))
    db.add(repair)
    db.commit()
    return repair.id


def _caller(db: Session, scene: Scene) -> UUID:
    """Somebody who rang, and has to ring again to change anything."""
    request = world.add_request(db, scene.campaign, name="Vera", phone="0113 496 2345", may_ask=True)
    world.person_of(db, request).reach = "call"
    db.commit()
    return request.person_id


def _lift(
    db: Session, scene: Scene, event_id: UUID, driver: str, rider: str, postcode: str
) -> dict[str, str]:
    """Two who will share a car to the event, far from the others."""
    offer = world.add_offer(
        db, scene.campaign, name=driver, postcode=f"{postcode}1 1AA", event_ids=[event_id]
    )
    request = world.add_request(
        db, scene.campaign, name=rider, postcode=f"{postcode}2 8AA", event_ids=[event_id]
    )
    db.commit()
    people = {"person_id": str(offer.person_id), "sign_up_id": str(offer.id)}
    return {"event_id": str(event_id), "request_id": str(request.id)} | people


def _about(db: Session, scene: Scene, named: dict[str, str]) -> dict[str, str]:
    """A host of the event, a call to make to its rider, and what that rider wrote to the coordinators."""
    rider = db.get(Request, UUID(named["request_id"]))
    assert rider is not None
    host = add_host(db, scene, UUID(named["event_id"]), f"{rider.reference.lower()}@hosts.example.org")
    (message,) = world.messages_of(db, rider, "matched")
    message.state = "call"
    about: dict[str, Any] = {"campaign_id": scene.campaign.id, "person_id": rider.person_id, "day": world.DAY}
    report, note = Report(**about, said="He shouted."), Avoidance(**about, said="Never with Alma")
    db.add_all([message, report, note])
    rows: dict[str, Any] = {
        "host_id": host,
        "lift_id": lift_of(db, rider),
        "message_id": message,
        "report_id": report,
        "note_id": note,
    }
    return {name: str(row.id) for name, row in rows.items()}


def _people(db: Session, scene: Scene) -> dict[str, UUID]:
    """One of each role and of those who are out, each with a log-in session for pages and one for programs."""
    found = {"owner": scene.coordinator.id}
    for name in (*ROLES[1:], *OTHERS):
        email, hashed = f"{name}@team.example.org", scene.coordinator.password_hash
        person = Coordinator(email=email, name=name.title(), password_hash=hashed)
        db.add(person)
        db.flush()
        found[name] = person.id
        if name in ROLES:
            db.add(Membership(coordinator_id=person.id, campaign_id=scene.campaign.id, role=name))
        if name in ("expired", "disabled"):
            db.add(Membership(coordinator_id=person.id, campaign_id=scene.campaign.id, role="owner"))
        if name == "outsider":
            world.add_campaign(db, person, "Somebody else’s")
    regional = db.exec(select(Membership).where(Membership.role == "regional")).one()
    regional.event_ids = [str(scene.morning.id)]
    gone = db.get(Coordinator, found["disabled"])
    assert gone is not None
    gone.disabled_at = now()
    for name, person_id in found.items():
        until = now() + (OUT if name == "expired" else login.LASTS)
        for kind, token in TOKENS.items():
            known = hash_of(token.format(name))
            db.add(LoginSession(token_hash=known, coordinator_id=person_id, kind=kind, expires_at=until))
    return found


def lengthen(db: Session, event_id: str) -> str:
    """Make the event long enough for shifts; when it ends, as the page would show it."""
    event = db.get(Event, UUID(event_id))
    assert event is not None
    event.ends_at = event.starts_at + timedelta(hours=8)
    db.commit()
    return event.ends_at.isoformat()


def without_lifts() -> Any:
    """The statement that ends all lifts."""
    return update(Lift).values(state="cancelled")


def as_just_published(db: Session, run_id: str) -> None:
    """Nothing has come of the publishing of this run yet."""
    db.exec(update(Run).where(col(Run.id) == UUID(run_id)).values(state="published", published_at=now()))
    db.commit()


def keep_back(db: Session, slug: str, press: str) -> None:
    """Make something wait for a press on "stop", "send them now", "resume" or "send the failed ones once more"."""
    if press == "resume":
        db.exec(update(Campaign).where(col(Campaign.slug) == slug).values(paused_at=now()))
    else:
        of_plan = update(Message).where(col(Message.run_id).is_not(None))
        states = {"stop-messages": "created", "try-again": "failed"}
        db.exec(of_plan.values(state=states.get(press, "stopped")))
    db.commit()


def client_of(app: FastAPI, name: str, *, programs: bool = False) -> TestClient:
    """The browser, or with `programs` the program, of somebody in the campaign."""
    client = browser(app)
    if programs:
        client.headers["Authorization"] = f"Bearer {TOKENS['bearer'].format(name)}"
    elif name:
        client.cookies.set("login", TOKENS["cookie"].format(name))
    return client


def token_of(client: TestClient) -> str:
    return read(client.get("/login")).hidden()["csrf"]


@contextmanager
def copy_of(server: embedded.EmbeddedServer, template: str, app: FastAPI) -> Iterator[Session]:
    """The app on a copy of a database, and a session on it."""
    name = f"{template}_{next(_copies)}"
    engine, before = make_engine(embedded.create_database(server, name, template=template)), app.state.engine
    app.state.engine = engine
    try:
        with open_session(engine) as db:
            yield db
    finally:
        app.state.engine = before
        engine.dispose()
        embedded.drop_database(server, name)

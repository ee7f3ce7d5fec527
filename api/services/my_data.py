"""All that we know of one person, for the person: as data that another program can read, without anything about others."""

from typing import Any

from sqlmodel import Session

from api.errors import NotFound
from api.services import friends, next_one
from api.services.local import now
from api.store.queries import avoidances, contacts, lifts, messages, own, sign_ups
from api.store.tables import Person

# Ids and hashes say nothing to anybody but our tables.
LEFT_OUT = {"id", "campaign_id", "person_id", "idempotency_key", "body_hash"}


def of(db: Session, person: Person) -> dict[str, Any]:
    """What somebody gave, what became of it, and what we wrote to them; moments in UTC."""
    sign_up = sign_ups.of_person(db, person.id)
    if sign_up is None:
        raise NotFound
    notes, waits = avoidances.of_person(db, person.id), contacts.waiting(db, person.id, now())
    agreed = next_one.of(db, person)
    return {
        "format": "keyseat-carpool-person/1",
        "person": _fields(person),
        sign_ups.kind_of(sign_up): _fields(sign_up),
        **({"new_contact": _fields(waits)} if waits else {}),
        "lifts": [_lift(lift, stop) for lift, stop in lifts.all_of(db, sign_up)],
        "ways_home": [{"drop_at": one.drop_at, "state": one.state} for one in own.ways_home(db, sign_up)],
        "arrivals": [{"state": one.state, "changed_at": one.changed_at} for one in own.arrivals(db, sign_up)],
        "messages": [
            {"kind": one.kind, "state": one.state, "created_at": one.created_at, "sent_at": one.sent_at}
            for one in messages.of_person(db, person.id)
        ],
        "rung": [
            {"result": one.result, "result_at": one.result_at, "tries": one.tries}
            for one in own.rung(db, person.id)
        ],
        "next_one": {"until": agreed.until},
        "friends": len(friends.of(db, person).names),
        "reports": [{"said": one.said, "created_at": one.created_at} for one in own.reports(db, person.id)],
        "notes": [
            {"said": one.said, "created_at": one.created_at, "closed_at": one.closed_at} for one in notes
        ],
    }


def _fields(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.model_dump().items() if name not in LEFT_OUT}


def _lift(lift: Any, stop: Any) -> dict[str, Any]:
    """Times and answers; who else was in the car is theirs."""
    theirs = stop or lift
    times = (
        {"pick_up_at": stop.pick_up_at, "drop_at": stop.drop_at}
        if stop
        else {"departs_at": lift.departs_at, "home_at": lift.home_at}
    )
    answers = {"accepted_at": theirs.accepted_at, "late_minutes": theirs.late_minutes, "state": theirs.state}
    return {"day": lift.day, "arrives_at": lift.arrives_at, **times, **answers}

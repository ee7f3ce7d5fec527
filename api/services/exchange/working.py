"""What is done to all rows of a table: checking them, then taking the good ones. One transaction each, whole or not at all.

A worker that is killed leaves nothing behind, and the next begins anew; a second one waits, and finds it done.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from sqlmodel import Session

from api.services import audit, entries
from api.services.exchange import event_rows, people_rows
from api.services.exchange.bringing import layout_of, rows_of
from api.services.exchange.knowledge import coming, known
from api.services.exchange.people_rows import Brought
from api.services.intake import new_reference
from api.services.local import now, today
from api.store import queue as jobs
from api.store.queries import campaigns
from api.store.queries import imports as queries
from api.store.tables import Campaign, Coordinator, Event, Message, Offer, Person, Request, TableImport
from carpool.tables import Problem, Understood, understand_event, understand_person

VOUCHED = "vouched 2"
"""In the place of a wording's version: nobody read one, somebody vouches for them, by the second wording."""
ROWS_A_NOTE = 250
NONE_TAKEN = (
    "Nothing was added, as you chose all or none and {count} can no longer be taken. See which below."
)

Note = Callable[[int], None]
Judged = tuple[int, Brought | Event | tuple[Problem, ...]]


def carry_out(db: Session, import_id: UUID, note: Note = lambda done: None) -> None:
    """Do what is due: check, take, or nothing. `note` is told now and then how many rows are done."""
    made = queries.by_id(db, import_id)
    campaign = campaigns.by_id(db, made.campaign_id) if made else None
    if made is None or campaign is None:
        return
    queries.take_turns(db, made.id, campaign.id)
    made = queries.by_id(db, import_id)
    if made is not None and made.state == "checking":
        _check(db, campaign, made, note)
    elif made is not None and made.state == "taking":
        _take(db, campaign, made, note)


def note_progress(db: Session, import_id: UUID, done: int) -> None:
    queries.step(db, import_id, ("checking", "taking"), progress=done)


def fail(db: Session, import_id: UUID, words: str) -> None:
    """It broke off, nothing was changed, and the coordinator can try again."""
    queries.step(db, import_id, ("checking",), state="columns", error=words[:500])
    queries.step(db, import_id, ("taking",), state="checked", error=words[:500])


def going(db: Session) -> list[UUID]:
    """What some worker should be at."""
    return list(queries.going(db))


def judged(
    db: Session, campaign: Campaign, made: TableImport, *, good_only: bool = False, most: int | None = None
) -> Iterator[Judged]:
    """Each row with data, or the first `most` of them: what can be taken, or what is wrong."""
    layout = layout_of(made)
    limit = None if most is None else most + (made.heading or 0)
    rows = rows_of(queries.rows(db, made.id, wrong=False if good_only else None, limit=limit), layout)[:most]
    days = sorted(coming(db, campaign.id))
    reader = understand_person if made.kind == "people" else understand_event
    understand = cast(Callable[..., Understood[Any]], reader)
    more: dict[str, Any] = {"usual_role": made.usual_role or None} if made.kind == "people" else {}
    found = [understand(row, layout, days, today(), made.usual_day, **more) for row in rows]
    context = known(db, campaign, (one.value.postcode for one in found if one.value is not None))
    judge: Any = people_rows.Judge(context) if made.kind == "people" else event_rows.Judge(context)
    for one in found:
        yield one.number, one.problems if one.value is None else judge.judge(one.number, one.value)


def _check(db: Session, campaign: Campaign, made: TableImport, note: Note) -> None:
    wrong: dict[int, Sequence[tuple[str, str]]] = {}
    good = rough = 0
    for done, (number, found) in enumerate(judged(db, campaign, made), start=1):
        if isinstance(found, tuple):
            wrong[number] = [(problem.field, problem.words) for problem in found]
        else:
            good += 1
            rough += isinstance(found, Brought) and found.home.precision == "district"
        if done % ROWS_A_NOTE == 0:
            note(done)
    queries.set_problems(db, made.id, wrong)
    counts = {"good": good, "wrong": len(wrong), "rough": rough, "total": good + len(wrong)}
    queries.step(db, made.id, ("checking",), state="checked", **counts)


def _take(db: Session, campaign: Campaign, made: TableImport, note: Note) -> None:
    coordinator = campaigns.coordinator_by_id(db, made.started_by)
    if coordinator is None:
        return
    taken: list[tuple[int, Brought | Event]] = []
    wrong: dict[int, Sequence[tuple[str, str]]] = {}
    for number, found in judged(db, campaign, made, good_only=True):
        if isinstance(found, tuple):
            wrong[number] = [(problem.field, problem.words) for problem in found]
        else:
            taken.append((number, found))
    before = {row.number: row.problems for row in queries.rows(db, made.id, wrong=True)}
    if wrong and made.only_all:
        queries.set_problems(db, made.id, before | wrong)
        words = NONE_TAKEN.format(count="one row" if len(wrong) == 1 else f"{len(wrong)} rows")
        counts = {"good": len(taken), "wrong": len(before | wrong)}
        queries.step(db, made.id, ("taking",), state="checked", error=words, **counts)
        return
    _keep(db, campaign, coordinator, made, taken, note)
    queries.set_problems(db, made.id, before | wrong)
    queries.drop_rows(db, made.id, [number for number, _ in taken])
    what = "people brought in" if made.kind == "people" else "events brought in"
    audit.record(db, coordinator, what, campaign_id=campaign.id, subject_id=made.id)
    counts = {"good": len(taken), "wrong": len(before | wrong)}
    queries.step(db, made.id, ("taking",), state="done", **counts)


def _keep(
    db: Session,
    campaign: Campaign,
    coordinator: Coordinator,
    made: TableImport,
    taken: Sequence[tuple[int, Any]],
    note: Note,
) -> None:
    if made.kind == "events":
        campaigns.add_events(db, [event for _, event in taken])
        return
    people, sign_ups, messages = list[Person](), list[Offer | Request](), list[Message]()
    for done, (number, brought) in enumerate(taken, start=1):
        person = _person(campaign, coordinator, made, brought)
        sign_up = _sign_up(db, campaign, made, number, person, brought)
        people.append(person)
        sign_ups.append(sign_up)
        messages.append(_message(person, sign_up))
        if done % ROWS_A_NOTE == 0:
            note(done)
    queries.add_people(db, people, sign_ups, messages)
    jobs.send(db, [message.id for message in messages if message.state == "created"])


def _person(campaign: Campaign, coordinator: Coordinator, made: TableImport, brought: Brought) -> Person:
    """Whoever vouches for them vouches for the address or number too: they can be matched at once."""
    moment = now()
    by_mail = brought.reach == "email"
    return Person(
        campaign_id=campaign.id,
        name=brought.name,
        email=brought.email,
        phone_typed=brought.phone,
        phone=brought.standard_phone,
        reach=brought.reach,
        confirmed_at=moment,
        email_confirmed_at=moment if by_mail else None,
        phone_confirmed_at=None if by_mail else moment,
        consent_version=VOUCHED,
        consent_at=moment,
        signed_up_by=coordinator.id,
        vouched_by=made.vouched_by,
        basis=made.basis,
    )


def _sign_up(
    db: Session, campaign: Campaign, made: TableImport, number: int, person: Person, brought: Brought
) -> Offer | Request:
    """Its key names the row, so that the table itself refuses to take one twice."""
    key = f"import:{made.id}:{number}"
    columns = entries.placed(db, brought.answers, brought.day, brought.home, brought.event_ids)
    return entries.table_of(brought.answers)(
        reference=new_reference(),
        campaign_id=campaign.id,
        person_id=person.id,
        idempotency_key=key,
        body_hash=key,
        **columns,
    )


def _message(person: Person, sign_up: Offer | Request) -> Message:
    """The first thing that they read: who added them, why, and how to be removed."""
    return Message(
        key=f"added:{sign_up.id}",
        campaign_id=person.campaign_id,
        person_id=person.id,
        channel=person.reach,
        kind="added",
        subject_id=sign_up.id,
        state="call" if person.reach == "call" else "created",
    )

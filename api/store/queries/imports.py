"""Tables that are brought in. Each step of one is a conditional UPDATE, and many rows go in few statements."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, func, select, update

from api.store.tables import (
    ImportRow,
    Message,
    Offer,
    Person,
    PostcodeUnit,
    RemovedContact,
    Request,
    TableImport,
    now,
)

Contact = tuple[str, str | None, date, str]
"""Somebody's address in small letters, number, day and state."""


def add(db: Session, made: TableImport, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    db.add(made)
    db.flush()
    values = [
        {"import_id": made.id, "number": number, "cells": list(cells), "problems": []}
        for number, cells in rows
    ]
    db.exec(insert(ImportRow), params=values)


def by_id(db: Session, import_id: UUID) -> TableImport | None:
    return db.get(TableImport, import_id, populate_existing=True)


def of_campaign(db: Session, campaign_id: UUID) -> Sequence[TableImport]:
    """Newest first."""
    found = select(TableImport).where(TableImport.campaign_id == campaign_id)
    return db.exec(found.order_by(col(TableImport.created_at).desc())).all()


def step(db: Session, import_id: UUID, before: Sequence[str], **values: Any) -> bool:
    """Change the import if its state is one of `before`; whether it was."""
    changed = update(TableImport).where(col(TableImport.id) == import_id, col(TableImport.state).in_(before))
    return bool(db.exec(changed.values(updated_at=now(), **values)).rowcount)


def going(db: Session) -> Sequence[UUID]:
    """What some worker should be at."""
    return db.exec(select(TableImport.id).where(col(TableImport.state).in_(("checking", "taking")))).all()


def take_turns(db: Session, import_id: UUID, campaign_id: UUID) -> None:
    """Whoever works on an import, or takes one in this campaign, holds these until the commit."""
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 2))")
    for key in (str(import_id), str(campaign_id)):
        db.connection().execute(lock, {"key": key})


def rows(
    db: Session, import_id: UUID, *, wrong: bool | None = None, limit: int | None = None
) -> Sequence[ImportRow]:
    """Its rows in order; with `wrong` those that cannot, or can, be taken."""
    found = select(ImportRow).where(ImportRow.import_id == import_id)
    if wrong is not None:
        empty = func.jsonb_array_length(ImportRow.problems) == 0
        found = found.where(~empty if wrong else empty)
    return db.exec(found.order_by(col(ImportRow.number)).limit(limit)).all()


def set_problems(db: Session, import_id: UUID, problems: Mapping[int, Sequence[Any]]) -> None:
    """Note what is wrong with which rows; the others are good."""
    mine = col(ImportRow.import_id) == import_id
    bad = func.jsonb_array_length(ImportRow.problems) > 0
    db.exec(update(ImportRow).where(mine, bad).values(problems=[]))
    changed = update(ImportRow).where(mine, col(ImportRow.number) == bindparam("row"))
    values = [{"row": number, "words": list(words)} for number, words in problems.items()]
    if values:
        connection = db.connection()
        connection.execute(changed.values(problems=bindparam("words")), values)
    db.expire_all()


def drop_rows(db: Session, import_id: UUID, numbers: Sequence[int]) -> None:
    """They are taken, and live elsewhere now."""
    gone = delete(ImportRow).where(col(ImportRow.import_id) == import_id, col(ImportRow.number).in_(numbers))
    db.exec(gone)


def drop(db: Session, import_id: UUID) -> None:
    db.exec(delete(TableImport).where(col(TableImport.id) == import_id))


def drop_older(db: Session, before: datetime) -> int:
    return db.exec(delete(TableImport).where(col(TableImport.updated_at) < before)).rowcount


def forget(db: Session, campaign_id: UUID, email: str, phone: str | None) -> None:
    """Rows of the campaign's tables that hold somebody's address or number: they have gone, so these go too."""
    own = select(TableImport.id).where(TableImport.campaign_id == campaign_id)
    gone = delete(ImportRow).where(col(ImportRow.import_id).in_(own))
    cells = func.lower(cast(col(ImportRow.cells), Text))
    if email:
        db.exec(gone.where(func.strpos(cells, email.lower()) > 0))
    if phone:
        digits = func.regexp_replace(cells, "[^0-9]", "", "g")
        db.exec(gone.where(func.strpos(digits, phone.removeprefix("+44")) > 0))


def contacts(db: Session, campaign_id: UUID) -> list[Contact]:
    """Everybody of the campaign, once for each thing that they sent in."""
    found: list[Contact] = []
    tables: list[type[Any]] = [Offer, Request]
    for table in tables:
        rows = select(func.lower(Person.email), Person.phone, table.day, table.state)
        rows = rows.join(table, table.person_id == Person.id).where(Person.campaign_id == campaign_id)
        found += [(row[0], row[1], row[2], row[3]) for row in db.exec(rows).all()]
    return found


def units(db: Session, postcodes: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Where these unit postcodes (without space) lie, as far as their areas were imported."""
    wanted = sorted(set(postcodes))
    found = select(PostcodeUnit).where(col(PostcodeUnit.postcode).in_(wanted))
    return {row.postcode: (row.lat, row.lon) for row in db.exec(found).all()} if wanted else {}


def add_people(
    db: Session, people: Sequence[Person], sign_ups: Sequence[Offer | Request], messages: Sequence[Message]
) -> None:
    """Many at once: each kind in few statements."""
    offers = [row for row in sign_ups if isinstance(row, Offer)]
    requests = [row for row in sign_ups if isinstance(row, Request)]
    tables: tuple[tuple[type[Any], Sequence[Any]], ...] = (
        (Person, people), (Offer, offers), (Request, requests), (Message, messages),
    )  # fmt: skip
    for table, rows in tables:
        if rows:
            db.exec(insert(table), params=[row.model_dump() for row in rows])


def note_removed(db: Session, campaign_id: UUID, hashes: Iterable[bytes], until: datetime) -> None:
    for who in hashes:
        added = insert(RemovedContact).values(campaign_id=campaign_id, who=who, expires_at=until)
        db.exec(
            added.on_conflict_do_update(index_elements=["campaign_id", "who"], set_={"expires_at": until})
        )


def removed(db: Session, campaign_id: UUID, at: datetime) -> set[bytes]:
    found = select(RemovedContact.who).where(
        RemovedContact.campaign_id == campaign_id, col(RemovedContact.expires_at) > at
    )
    return set(db.exec(found).all())


def drop_removed(db: Session, at: datetime) -> int:
    return db.exec(delete(RemovedContact).where(col(RemovedContact.expires_at) < at)).rowcount

"""A person whose every word can be told from everybody else's, everywhere the service keeps something of people.

`plant` puts them there, `traces` looks for them in every column of every table.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.services import (
    avoidances,
    changes,
    contacts,
    drafts,
    friends,
    matching,
    next_one,
    publishing,
    safety,
)
from api.services.days import CampaignDay
from api.services.exchange import exports, run_files, sheets
from api.services.who import Contact
from api.store import queue as jobs
from api.store.tables import (
    Campaign,
    Coordinator,
    DemoLetter,
    Edit,
    GeocoderAnswer,
    Hold,
    HoldPerson,
    ImportRow,
    Message,
    Offer,
    Person,
    PostcodeUnit,
    Repair,
    Request,
    Run,
    TableImport,
)
from carpool import solve
from carpool.files import plan_to_json
from carpool.instance import PinnedTrip
from tests.api import world

NAME, SURNAME = "Zebedeecanary", "Quixwren"
EMAIL, NEW_EMAIL = "zebedee.quixwren@example.org", "new.quixwren@example.org"
PHONE, PHONE_TYPED = "7700900987", "07700 900987"
POSTCODE, LAT, LON = "WF2 9QX", 53.67123, -1.51789
CAR, PLATE = "Quixwagen Finch", "Q7X"
DOOR, SAID, NOTE, REASON = "quixpump corner", "quixstory told", "quixfoe avoided", "quixreason by hand"
WORDS = (
    NAME, SURNAME, EMAIL, NEW_EMAIL, PHONE, PHONE_TYPED, POSTCODE, POSTCODE.replace(" ", ""), str(LAT), str(LON), CAR, PLATE,
    DOOR, SAID, NOTE, REASON,
)  # fmt: skip
PUBLIC = {"postcode_unit"}
"""Tables of official files: the postcode is in there before anybody signs up."""

OLDER = {"message", "draft", "table_import", "geocoder_answer", "new_contact"}
"""Tables whose rows go by their moments, not by a day."""

COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public') ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Planted:
    """Where to find them: the campaign's day, and who they are as a driver and as a rider."""

    at: CampaignDay
    driver: UUID
    rider: UUID
    run: UUID


def traces(engine: Engine) -> set[tuple[str, str, str]]:
    """Every table, column and word of theirs that is found in it, whatever the column's type."""
    found = set()
    with engine.connect() as connection:
        for table, column, kind in connection.execute(text(COLUMNS)).all():
            if table in PUBLIC:
                continue
            as_text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'CAST("{column}" AS text)'
            for word in WORDS:
                query = f'SELECT EXISTS (SELECT FROM "{table}" WHERE strpos(lower({as_text}), :word) > 0)'  # noqa: S608
                if connection.execute(text(query), {"word": word.lower()}).scalar_one():
                    found.add((table, column, word))
    return found


def in_text(content: str) -> set[str]:
    """Which of their words stand in a text."""
    return {word for word in WORDS if word.lower() in content.lower()}


def in_files(folder: Path) -> set[tuple[str, str]]:
    """Which of their words stand in a file below a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        (path.name, word) for path in files for word in in_text(path.read_bytes().decode(errors="replace"))
    }


def plant(db: Session) -> Planted:
    """They drive one car and ride in another; both are published, and all that can be said has been said."""
    coordinator = world.add_coordinator(db)
    campaign = world.add_campaign(db, coordinator)
    world.add_event(db, campaign, coordinator)
    db.add(PostcodeUnit(postcode=POSTCODE.replace(" ", ""), lat=LAT, lon=LON))
    db.flush()
    mine: dict[str, Any] = {
        "postcode": POSTCODE,
        "email": EMAIL,
        "phone": PHONE_TYPED,
        "name": f"{NAME} {SURNAME}",
    }
    drives = world.add_offer(db, campaign, car=CAR, plate=PLATE, **mine)
    rides = world.add_request(db, campaign, pickup=DOOR, **mine | {"email": f"rides.{EMAIL}"})
    other, riders = world.add_offer(db, campaign), [world.add_request(db, campaign) for _ in range(2)]
    at = CampaignDay(campaign, coordinator, world.DAY)
    run = _published(db, campaign, coordinator, (drives, riders), (other, [rides]))
    driver, rider = world.person_of(db, drives), world.person_of(db, rides)
    _say(db, driver, rider)
    _by_hand(db, at, run, drives, rides)
    _beside(db, at, driver)
    changes.begin(db, driver)
    for half in ({"email": EMAIL.upper(), "name": NAME}, {"phone": f"0{PHONE}", "name": SURNAME}):
        drafts.save(db, drafts.new_token(), campaign.id, half)
    db.commit()
    return Planted(at, driver.id, rider.id, run)


def exported(db: Session, planted: Planted) -> str:
    """Everything that a coordinator can take out of the day, in one text."""
    at = planted.at
    tables: tuple[exports.Contents, ...] = ("offers", "requests", "lifts", "arrivals")
    parts = [_read(exports.table(db, at, one, agreed=True)) for one in tables]
    parts.append(_read(next_one.table(db, at.campaign, at.coordinator, agreed=True)))
    files: tuple[run_files.Document, ...] = ("instance", "plan")
    parts += [run_files.file(db, at, planted.run, one, agreed=True) for one in files]
    whole = sheets.part(db, at, None, 1)
    parts.append(str(sheets.driver_sheets(db, at, whole, agreed=True)))
    parts.append(str(sheets.arrival_lists(db, at, whole, agreed=True)))
    return "\n".join(parts)


def _read(file: IO[bytes]) -> str:
    with file:
        return file.read().decode("utf-8-sig")


def _published(
    db: Session, campaign: Campaign, coordinator: Coordinator, *trips: tuple[Offer, list[Request]]
) -> UUID:
    run = matching.start(db, campaign, world.DAY, coordinator).id
    assert matching.begin(db, run)
    instance = matching.build_instance(db, campaign, world.DAY)
    [event] = instance.events
    pinned = [
        PinnedTrip(str(offer.id), event.id, tuple(str(one.id) for one in riders), full=True)
        for offer, riders in trips
    ]
    matching.finish(db, run, plan_to_json(solve(replace(instance, pinned=tuple(pinned)))))
    publishing.publish(db, campaign, run, coordinator)
    return run


def _say(db: Session, driver: Person, rider: Person) -> None:
    """Others hear of the rider, who leaves their car; of the two in the driver's car one stays in it."""
    next_one.agree(db, driver, next_one.WORDING_VERSION)
    next_one.agree(db, rider, next_one.WORDING_VERSION)
    friends.make_word(db, driver)
    avoidances.write(db, driver, NOTE)
    contacts.save(db, driver, Contact(name=driver.name, email=NEW_EMAIL, phone=PHONE_TYPED))
    safety.report(db, rider, (), SAID)
    safety.report(db, driver, [safety.others_in_car(db, driver)[0].id], SAID)


def _by_hand(db: Session, at: CampaignDay, run: UUID, drives: Offer, rides: Request) -> None:
    ids = [drives.id, rides.id]
    hold = Hold(campaign_id=at.campaign.id, day=at.day, kind="out", reason=REASON, made_by=at.coordinator.id)
    db.add(hold)
    db.flush()
    mine: dict[str, Any] = {"hold_id": hold.id, "campaign_id": at.campaign.id, "day": at.day, "kind": "out"}
    db.add(HoldPerson(sign_up_id=drives.id, position=0, **mine))
    change: dict[str, Any] = {
        "score": 0,
        "people": 0,
        "cars": 0,
        "riders": 0,
        "left": 0,
        "before": {},
        "after": {},
    }
    by: dict[str, Any] = {"coordinator_id": at.coordinator.id, "changed_by": at.coordinator.id}
    named = [str(one) for one in ids]
    about: dict[str, Any] = {
        "who": drives.id,
        "who_all": named,
        "forced": True,
        "reason": REASON,
        "undone": True,
    }
    db.add(Edit(run_id=run, position=1, version=1, kind="out", **about, **by, **change))
    instance = db.get_one(Run, run).instance
    db.add(
        Repair(
            campaign_id=at.campaign.id,
            day=at.day,
            cause="rider_cancelled",
            state="replaced",
            instance=instance,
        )
    )


def _beside(db: Session, at: CampaignDay, driver: Person) -> None:
    """What is not theirs by any key: a table on its way in, an answer of the geocoder, a letter of the demonstration."""
    made = TableImport(campaign_id=at.campaign.id, started_by=at.coordinator.id, kind="people")
    db.add(made)
    db.flush()
    cells = [f"{NAME} {SURNAME}", EMAIL, PHONE_TYPED, POSTCODE]
    db.add(ImportRow(import_id=made.id, number=2, cells=cells))
    db.add(GeocoderAnswer(question=b"keyed", lat=LAT, lon=LON, name=f"3 {SURNAME} Lane", postcode=POSTCODE))
    message = db.exec(select(Message).where(Message.person_id == driver.id)).first()
    assert message is not None
    letter = DemoLetter(
        message_id=message.id, channel="email", to=EMAIL, subject=f"{NAME}", text=f"{NAME} {SURNAME}"
    )
    db.add(letter)
    jobs.defer(db, "send_message", message_id=str(message.id))


def send_everything(db: Session) -> None:
    """As if the worker had been there."""
    db.connection().execute(
        text("UPDATE message SET state = 'sent', sent_at = now() WHERE state = 'created'")
    )


def age(db: Session, days: int) -> None:
    """All of it becomes so many days older."""
    for table, column, kind in db.connection().execute(text(COLUMNS)).all():
        is_day = kind == "date" and table not in ("driven",)
        if is_day or (kind.startswith("timestamp") and table in OLDER):
            step = "CAST(:days AS integer)" if is_day else "make_interval(days => :days)"
            statement = f'UPDATE "{table}" SET "{column}" = "{column}" - {step}'  # noqa: S608
            db.connection().execute(text(statement), {"days": days})
    db.commit()

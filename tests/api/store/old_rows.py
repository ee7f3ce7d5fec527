"""What people did with the first version, row by row: somebody drives, somebody rides along, their lift is published.

These are the columns of the first migration, which is released and does not change any more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from api.services.local import at
from api.services.login import hash_of
from api.services.outbox import hash_token
from carpool import Driver, Event, Instance, Rider, solve
from carpool.files import instance_to_json, plan_to_json
from tests.api import world

DAY = world.DAY
NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=20)
SLUG, TITLE = "polling-day", "Morning canvass of old"
LOGIN, DRIVES, RIDES = (f"{word}-cookie-0123456789012345678901234567" for word in ("login", "dora", "rafi"))
Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Ids:
    """Who and what there is."""

    coordinator: UUID
    campaign: UUID
    event: UUID
    driver: UUID
    rider: UUID
    offer: UUID
    request: UUID
    run: UUID
    lift: UUID


def everything(ids: Ids) -> Rows:
    """Table → its rows, in the order in which they refer to one another."""
    return {**_campaign(ids), **_people(ids), **_sign_ups(ids), **_published(ids)}


def _campaign(ids: Ids) -> Rows:
    first = {
        "id": ids.campaign,
        "slug": SLUG,
        "name": "Polling day of old",
        "organiser": "The Testers",
        "open": True,
        "contact_email": "team@example.org",
        "imprint": "",
        "minutes_per_volunteer": 1000.0,
        "rules": {},
    }
    event = {
        "id": ids.event,
        "campaign_id": ids.campaign,
        "constituency": world.LEEDS_NORTH_WEST,
        "title": TITLE,
        "kind": "canvass",
        "place_name": "Market Square",
        "postcode": "LS6 2AB",
        "lat": 53.82,
        "lon": -1.57,
        "starts_at": at(DAY, time(10)),
        "ends_at": at(DAY, time(13)),
        "day": DAY,
        "wanted": 20,
        "state": "open",
    }
    result: dict[str, Any] = {
        "code": world.LEEDS_NORTH_WEST,
        "name": "Leeds North West",
        "first_party": "A",
        "second_party": "B",
    }
    result |= {"electorate": 70000, "valid_votes": 45000, "majority": 900, "source": "x", "imported_at": NOW}
    login = {
        "token_hash": hash_of(LOGIN),
        "coordinator_id": ids.coordinator,
        "kind": "cookie",
        "expires_at": LATER,
    }
    seen = {
        "at": NOW,
        "coordinator_id": ids.coordinator,
        "campaign_id": ids.campaign,
        "what": "campaign created",
    }
    who = {"id": ids.coordinator, "email": "priya@example.org", "name": "Priya Shah", "password_hash": "-"}
    return {
        "coordinator": [who | {"created_at": NOW}],
        "campaign": [first | {"created_at": NOW}],
        "membership": [{"coordinator_id": ids.coordinator, "campaign_id": ids.campaign}],
        "key_constituency": [{"campaign_id": ids.campaign, "code": world.LEEDS_NORTH_WEST}],
        "event": [event | {"created_at": NOW}],
        "constituency_result": [result],
        "postcode_unit": [{"postcode": "WF11AA", "lat": 53.68, "lon": -1.5}],
        "login_session": [login | {"created_at": NOW}],
        "attempt": [{"what": "login", "who": b"x", "at": NOW}],
        "audit": [seen, seen | {"what": "plan published", "subject_id": ids.run}],
    }


def _people(ids: Ids) -> Rows:
    people, links, cookies = [], [], []
    for who, name, cookie in ((ids.driver, "Dora Driver", DRIVES), (ids.rider, "Rafi Rider", RIDES)):
        email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
        person = {
            "id": who,
            "campaign_id": ids.campaign,
            "name": name,
            "email": email,
            "phone": "+447700900123",
        }
        person |= {
            "phone_typed": "07700 900123",
            "confirmed_at": NOW,
            "consent_version": "1",
            "consent_at": NOW,
        }
        people.append(person | {"created_at": NOW})
        key = {"person_id": who, "created_at": NOW, "expires_at": LATER}
        links.append(key | {"token_hash": hash_token(f"link of {name}")})
        cookies.append(key | {"token_hash": hash_token(cookie)})
    return {"person": people, "private_link": links, "private_session": cookies}


def _sign_ups(ids: Ids) -> Rows:
    both: dict[str, Any] = {
        "campaign_id": ids.campaign,
        "day": DAY,
        "precision": "unit",
        "party": 1,
        "max_travel_minutes": 120.0,
        "way_back": True,
        "event_ids": None,
        "traits": [],
        "company": [],
        "state": "active",
        "created_at": NOW,
    }
    offer = {
        "id": ids.offer,
        "reference": "K7PM-2QXA",
        "person_id": ids.driver,
        "postcode": "WF1 1AA",
        "seats": 3,
        "lat": 53.68,
        "lon": -1.5,
        "idempotency_key": "one",
        "body_hash": "one",
        "max_detour_minutes": 30.0,
    }
    request = {
        "id": ids.request,
        "reference": "K7PM-2QXB",
        "person_id": ids.rider,
        "postcode": "WF2 8AA",
        "needs": [],
        "lat": 53.67,
        "lon": -1.52,
        "idempotency_key": "two",
        "body_hash": "two",
        "pickup": "by the library",
    }
    draft = {
        "id": uuid4(),
        "token_hash": b"draft",
        "campaign_id": ids.campaign,
        "kind": "offer",
        "answers": {"seats": "2"},
    }
    return {
        "offer": [both | offer | {"offers": {}, "car": "blue Ford Fiesta", "plate": "XYZ"}],
        "request": [both | request],
        "draft": [draft | {"updated_at": NOW}],
        "message": [
            _message(ids, ids.driver, "matched", "sent"),
            _message(ids, ids.rider, "reminder", "created"),
        ],
    }


def _message(ids: Ids, person_id: UUID, kind: str, state: str) -> dict[str, Any]:
    row = {
        "id": uuid4(),
        "key": f"{kind}:{person_id}",
        "campaign_id": ids.campaign,
        "person_id": person_id,
        "kind": kind,
    }
    return row | {"subject_id": ids.lift, "facts": {}, "state": state, "attempts": 1, "created_at": NOW}


def _published(ids: Ids) -> Rows:
    begins, ends = at(DAY, time(10)), at(DAY, time(13))
    instance = Instance(
        events=(Event(str(ids.event), 53.82, -1.57, begins, ends, wanted=20),),
        drivers=(Driver(str(ids.offer), 53.68, -1.5, seats=3),),
        riders=(Rider(str(ids.request), 53.67, -1.52),),
    )
    plan = json.loads(json.dumps(plan_to_json(solve(instance, seconds=None, rounds=1, seed=1))))
    (trip,) = plan["trips"]
    (stop,) = trip["stops"]
    run = {
        "id": ids.run,
        "campaign_id": ids.campaign,
        "day": DAY,
        "state": "published",
        "seconds": 60.0,
        "seed": 1,
    }
    run |= {
        "instance": instance_to_json(instance),
        "instance_hash": "x",
        "plan": plan,
        "score": plan["score"],
    }
    run |= {
        "stop_asked": False,
        "started_by": ids.coordinator,
        "published_by": ids.coordinator,
        "version": "0.1.0",
    }
    run |= dict.fromkeys(("created_at", "started_at", "finished_at", "published_at"), NOW)
    lift = {"id": ids.lift, "run_id": ids.run, "campaign_id": ids.campaign, "day": DAY, "offer_id": ids.offer}
    lift |= {
        "event_id": ids.event,
        "match_word": "green otter",
        "drive_minutes": trip["drive_minutes"],
        "created_at": NOW,
    }
    lift |= {"departs_at": trip["departs_at"], "arrives_at": trip["arrives_at"], "home_at": trip["home_at"]}
    ride = {
        "id": uuid4(),
        "lift_id": ids.lift,
        "request_id": ids.request,
        "position": 1,
        "pick_up_at": stop["at"],
    }
    ride |= {"ride_minutes": stop["ride_minutes"], "drop_at": trip["back"][0]["at"], "state": "published"}
    return {"run": [run], "lift": [lift | {"state": "published"}], "lift_stop": [ride]}

"""A run's instance and plan as files for `carpool check`, without names: everybody has a new id that says nothing."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from api.errors import Conflict
from api.services import matching
from api.services.days import CampaignDay
from api.services.exchange import exports
from api.services.hands import edited
from carpool.files import dumps

Document = Literal["instance", "plan"]
_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_PLAN = "This run has no plan yet, so there is no file of it."


def file(db: Session, at: CampaignDay, run_id: UUID, document: Document, *, agreed: bool) -> str:
    """One of the two as JSON. Raises `Conflict` while there is no plan, `Invalid` if nobody answers for it."""
    run = matching.find(db, at.campaign, run_id)
    if run.day != at.day or run.instance is None or run.plan is None:
        raise Conflict(NO_PLAN)
    exports.approve(db, at, f"{document} of a run exported", agreed=agreed)
    instance, plan = edited.documents(db, run)
    names = _Names(instance)
    return dumps(names.instance(instance) if document == "instance" else names.plan(plan))


class _Names:
    """The new ids: d1, r1, e1 … in the order of the instance, so that its two files fit each other."""

    def __init__(self, instance: Mapping[str, Any]) -> None:
        lists = (("d", "drivers"), ("r", "riders"), ("e", "events"))
        self._new = {
            one["id"]: f"{letter}{number}"
            for letter, name in lists
            for number, one in enumerate(instance[name], start=1)
        }
        self._places = {
            (rider["id"], place["id"]): f"p{number}"
            for rider in instance["riders"]
            for number, place in enumerate(rider.get("places", ()), start=1)
        }
        self._order = {one["id"]: number for number, one in enumerate(instance["events"])}

    def instance(self, old: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **old,
            "events": [{**one, "id": self._one(one["id"])} for one in old["events"]],
            "drivers": [self._person(one) for one in old["drivers"]],
            "riders": [self._rider(one) for one in old["riders"]],
            **{name: [self._all(ids) for ids in old[name]] for name in ("apart", "together") if name in old},
            **{name: [self._trip(one) for one in old[name]] for name in ("pinned", "published") if name in old},
        }  # fmt: skip

    def plan(self, old: Mapping[str, Any]) -> dict[str, Any]:
        """Trips that leave at the same moment stand in the order of their drivers' ids, and those are new."""
        keyed = [
            (self._order[one["event"]], datetime.fromisoformat(one["departs_at"]), self._one(one["driver"]), one)
            for one in old["trips"]
        ]  # fmt: skip
        trips = [self._driven(one) for *_, one in sorted(keyed, key=lambda row: row[:3])]
        unmatched = [
            {
                **one,
                "id": self._one(one["id"]),
                "text": self._said(one["text"]),
                "fix": self._said(one["fix"]),
            }
            for one in old["unmatched"]
        ]
        return {**old, "trips": trips, "unmatched": unmatched}

    def _one(self, old: str) -> str:
        """The new id; somebody who has gone since they were told of a lift gets one too."""
        return self._new.setdefault(old, f"x{len(self._new) + 1}")

    def _all(self, old: list[str]) -> list[str]:
        return [self._one(one) for one in old]

    def _person(self, old: Mapping[str, Any]) -> dict[str, Any]:
        events = {"events": self._all(old["events"])} if old.get("events") else {}
        return {**old, "id": self._one(old["id"]), **events}

    def _rider(self, old: Mapping[str, Any]) -> dict[str, Any]:
        new = self._person(old)
        if old.get("places"):
            new["places"] = [{**place, "id": self._places[old["id"], place["id"]]} for place in old["places"]]
        either = old.get("can_drive")
        if either and either.get("events"):
            new["can_drive"] = {**either, "events": self._all(either["events"])}
        return new

    def _trip(self, old: Mapping[str, Any]) -> dict[str, Any]:
        """A pin or what people were told."""
        own = {"driver": self._one(old["driver"]), "event": self._one(old["event"])}
        return {**old, **own, "riders": self._all(old["riders"])}

    def _driven(self, old: Mapping[str, Any]) -> dict[str, Any]:
        stops = [
            {**stop, "rider": self._one(stop["rider"]), "place": self._places.get((stop["rider"], stop["place"]))}
            for stop in old["stops"]
        ]  # fmt: skip
        back = [{**stop, "rider": self._one(stop["rider"])} for stop in old["back"]]
        own = {"driver": self._one(old["driver"]), "event": self._one(old["event"])}
        return {**old, **own, "stops": stops, "back": back}

    def _said(self, words: str) -> str:
        """The engine's words, which may name somebody by their id."""
        return _UUID.sub(lambda found: self._new.get(found[0], "somebody"), words)

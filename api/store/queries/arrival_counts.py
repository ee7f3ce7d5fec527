"""How many people come to each event of a day, are there, did not come, or need a way home: counted by the database.

The rules are those of the hosts' boards (`api.services.arrivals`, `api.services.ways_home`); a test compares the two.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, text

# One row a sign-up: those in cars that stand, and those who had a lift to the event and have none any more to any.
_COUNTS = """
WITH own AS (
  SELECT id FROM event WHERE campaign_id = :campaign AND day = :day AND state = 'open'
    AND (:every OR id = ANY(CAST(:events AS uuid[])))),
car AS (SELECT l.* FROM lift l JOIN own ON own.id = l.event_id WHERE l.state = 'published'),
guest AS (
  SELECT car.event_id, o.party, coalesce(a.state, 'expected') AS state, true AS in_car, false AS stranded
  FROM car JOIN offer o ON o.id = car.offer_id
  LEFT JOIN arrival a ON a.event_id = car.event_id AND a.offer_id = car.offer_id
  UNION ALL
  SELECT car.event_id, r.party, coalesce(a.state, 'expected'), true,
    r.way_back AND coalesce(a.state, '') <> 'no_show'
      AND (s.drop_at IS NULL OR car.home_at IS NULL OR coalesce(d.state, '') = 'no_show')
  FROM car JOIN lift_stop s ON s.lift_id = car.id AND s.state = 'published' JOIN request r ON r.id = s.request_id
  LEFT JOIN arrival a ON a.event_id = car.event_id AND a.request_id = r.id
  LEFT JOIN arrival d ON d.event_id = car.event_id AND d.offer_id = car.offer_id
  UNION ALL
  SELECT a.event_id, r.party, a.state, false,
    r.way_back AND (a.state = 'arrived' OR (a.state = 'expected' AND a.on_the_way))
  FROM arrival a JOIN own ON own.id = a.event_id JOIN request r ON r.id = a.request_id AND r.state = 'active'
  WHERE NOT EXISTS (SELECT 1 FROM lift_stop s WHERE s.request_id = r.id AND s.state = 'published'))
SELECT event_id, coalesce(sum(party) FILTER (WHERE in_car OR state = 'arrived'), 0) AS people,
  coalesce(sum(party) FILTER (WHERE state = 'arrived'), 0) AS arrived,
  coalesce(sum(party) FILTER (WHERE state = 'no_show'), 0) AS missing,
  coalesce(sum(party) FILTER (WHERE stranded), 0) AS stranded
FROM guest GROUP BY event_id
"""


@dataclass(frozen=True)
class ArrivalCounts:
    """People of one event. `stranded`: those who need a way home and have none."""

    people: int
    arrived: int
    missing: int
    stranded: int


NOBODY = ArrivalCounts(0, 0, 0, 0)


def counts(
    db: Session, campaign_id: UUID, day: date, events: Collection[UUID] | None = None
) -> dict[UUID, ArrivalCounts]:
    """Event → its counts, for the open events (of some, or all) that somebody drives to or came to by a lift that is off."""
    values = {"campaign": campaign_id, "day": day, "every": events is None, "events": list(events or ())}
    rows = db.connection().execute(text(_COUNTS), values).all()
    return {
        row.event_id: ArrivalCounts(int(row.people), int(row.arrived), int(row.missing), int(row.stranded))
        for row in rows
    }

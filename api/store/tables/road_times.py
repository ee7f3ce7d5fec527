"""What the operator's OSRM server said of drives, to ask it less and to have the same minutes again."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment, now


class RoadTimes(SQLModel, table=True):
    """Drives from one rounded point. Of the points keyed hashes are kept: without our secret nobody can tell where they are.

    `drives`: 8 bytes of the hash of where a drive ends, all of them in order, then as many times 4 bytes of its tenths
    of seconds. `fetched_at` is when the oldest of them was fetched.
    """

    __tablename__ = "road_times"
    origin: bytes = Field(primary_key=True)
    drives: bytes
    fetched_at: datetime = moment(default_factory=now, nullable=False, index=True)

"""What the operator's geocoder said, and when it may be asked again."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment, now


class GeocoderAnswer(SQLModel, table=True):
    """An answer, or with `lat` None that it knows no such place. Of the question only a keyed hash is kept.

    `name` and `within` say what was found, `postcode` is the one there, "" if it is not known.
    """

    __tablename__ = "geocoder_answer"
    question: bytes = Field(primary_key=True)
    lat: float | None = None
    lon: float | None = None
    name: str = ""
    within: str = ""
    postcode: str = ""
    precision: str = ""
    asked_at: datetime = moment(default_factory=now, nullable=False, index=True)


class GeocoderTurn(SQLModel, table=True):
    """From when on the next question may be sent to a server. One row for all processes."""

    __tablename__ = "geocoder_turn"
    server: str = Field(primary_key=True)
    free_at: datetime = moment(nullable=False)

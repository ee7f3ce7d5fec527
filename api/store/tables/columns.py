"""Columns and constraints that the tables share, and the clock of their rows."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

CHANNELS = ("email", "text")
"""The ways to reach somebody."""


def now() -> datetime:
    """The moment, aware. The one clock of the rows."""
    return datetime.now(UTC)


def moment(**options: Any) -> Any:
    """A column with a moment in time, stored with its zone."""
    return Field(sa_type=DateTime(timezone=True), **options)


def document(**options: Any) -> Any:
    """A column with a JSON document."""
    return Field(sa_type=JSONB, **options)


def one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")

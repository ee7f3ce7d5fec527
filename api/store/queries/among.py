"""Rows of some ids, however many these are: one parameter for all of them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal
from sqlmodel import col


def among(column: UUID | None, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Whether a column, written as the table's class has it, is one of the ids."""
    return col(column) == any_(literal(list(ids), ARRAY(Uuid())))

"""Alembic's entry: runs the migrations on the connection that `api.store.migrating` hands over."""

from alembic import context
from sqlmodel import SQLModel

import api.store.tables  # noqa: F401  (its tables are what the metadata knows)


def compare_only_ours(obj: object, name: str | None, type_: str, reflected: bool, compare_to: object) -> bool:
    """The queue's own tables are procrastinate's business."""
    return not (name or "").startswith("procrastinate")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_object=compare_only_ours,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

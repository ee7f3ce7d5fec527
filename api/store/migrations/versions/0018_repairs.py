"""Repairs of what is published, how a campaign wants them, and lifts that come from one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES = "'queued', 'running', 'waiting', 'published', 'refused', 'lapsed', 'replaced', 'failed'"


def upgrade() -> None:
    op.create_table(
        "repair",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("instance", JSONB(), nullable=True),
        sa.Column("plan", JSONB(), nullable=True),
        sa.Column("effect", JSONB(), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name="state_known"),
    )
    op.create_index(
        "one_repair_waits_to_begin",
        "repair",
        ["campaign_id", "day"],
        unique=True,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("repair_of_day", "repair", ["campaign_id", "day", "state"])
    op.alter_column("lift", "run_id", nullable=True)
    op.add_column(
        "lift",
        sa.Column("repair_id", sa.Uuid(), sa.ForeignKey("repair.id", ondelete="CASCADE"), nullable=True),
    )
    op.create_index("ix_lift_repair_id", "lift", ["repair_id"])
    op.create_check_constraint("one_origin", "lift", "num_nonnulls(run_id, repair_id) = 1")
    op.create_index("lift_of_day", "lift", ["campaign_id", "day", "state", "departs_at"])
    _settings()


def _settings() -> None:
    """A campaign that was there before is repaired as one that is made now."""
    for name, kind, usual in (
        ("repairs_alone", sa.Boolean(), sa.true()),
        ("repair_minutes", sa.Integer(), sa.text("10")),
        ("repairs_unanswered", sa.Boolean(), sa.false()),
    ):
        op.add_column("campaign", sa.Column(name, kind, nullable=False, server_default=usual))
        op.alter_column("campaign", name, server_default=None)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: lifts that come from a repair would be lost.")

"""Runs keep their settings, how they went, and figures that can be read without the plan."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

FIGURES = """
UPDATE run SET figures = jsonb_build_object(
  'score', plan->'score', 'bound', plan->'bound', 'gap', plan->'gap', 'status', plan->'status',
  'volunteers', plan->'volunteers', 'seconds', plan->'seconds',
  'cars', jsonb_array_length(plan->'trips'),
  'riders', (SELECT coalesce(sum(jsonb_array_length(trip->'stops')), 0) FROM jsonb_array_elements(plan->'trips') trip),
  'left', coalesce(jsonb_array_length(plan->'unmatched'), 0))
WHERE plan IS NOT NULL
"""


def upgrade() -> None:
    _settings()
    op.add_column("run", sa.Column("history", JSONB(), nullable=False, server_default="[]"))
    op.add_column("run", sa.Column("figures", JSONB(), nullable=True))
    op.add_column("run", sa.Column("begun", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))
    for column in ("minutes_per_volunteer", "change_penalty", "history", "begun"):
        op.alter_column("run", column, server_default=None)
    op.execute("UPDATE run SET begun = 1 WHERE started_at IS NOT NULL")
    op.execute(FIGURES)


def _settings() -> None:
    """Runs until now were as their campaign is, with the format's own price of a change."""
    op.add_column(
        "run", sa.Column("minutes_per_volunteer", sa.Float(), nullable=False, server_default="1000")
    )
    op.add_column("run", sa.Column("change_penalty", sa.Float(), nullable=False, server_default="3"))
    op.execute(
        "UPDATE run SET minutes_per_volunteer = campaign.minutes_per_volunteer "
        "FROM campaign WHERE campaign.id = run.campaign_id"
    )


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: what runs were told would be lost.")

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

PLANNED = """
WITH found AS (SELECT id, plan, instance FROM run WHERE plan IS NOT NULL AND instance IS NOT NULL),
party AS (
  SELECT found.id AS run_id, (one->>'id')::uuid AS id, coalesce((one->>'party')::int, 1) AS people
  FROM found, jsonb_array_elements((instance->'drivers') || (instance->'riders')) one),
trip AS (
  SELECT found.id AS run_id, number::int, one
  FROM found, jsonb_array_elements(plan->'trips') WITH ORDINALITY x(one, number)),
part AS (
  SELECT run_id, (one->>'driver')::uuid AS sign_up_id, number AS trip, 0 AS position, (one->>'driver')::uuid AS driver_id,
    (one->>'event')::uuid AS event_id, (one->>'departs_at')::timestamptz AS at, NULL AS reason, jsonb_build_object(
      'arrives_at', one->'arrives_at', 'drive_minutes', one->'drive_minutes', 'detour_minutes', one->'detour_minutes'
    ) AS details
  FROM trip
  UNION ALL
  SELECT run_id, (stop->>'rider')::uuid, number, place::int, (one->>'driver')::uuid, (one->>'event')::uuid,
    (stop->>'at')::timestamptz, NULL, NULL
  FROM trip, jsonb_array_elements(one->'stops') WITH ORDINALITY y(stop, place)
  UNION ALL
  SELECT found.id, (one->>'id')::uuid, NULL, NULL, NULL, NULL, NULL, one->>'reason',
    jsonb_build_object('text', one->'text', 'fix', one->'fix')
  FROM found, jsonb_array_elements(coalesce(plan->'unmatched', '[]'::jsonb)) one)
INSERT INTO planned (run_id, sign_up_id, trip, position, driver_id, event_id, at, reason, details, people)
SELECT part.*, coalesce(people, 1) FROM part LEFT JOIN party ON party.run_id = part.run_id AND party.id = part.sign_up_id
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
    _planned()


def _planned() -> None:
    op.create_table(
        "planned",
        sa.Column("run_id", sa.Uuid(), sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sign_up_id", sa.Uuid(), primary_key=True),
        sa.Column("trip", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", JSONB(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
    )
    op.create_index("ix_planned_trip", "planned", ["run_id", "trip"])
    op.execute(PLANNED)


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

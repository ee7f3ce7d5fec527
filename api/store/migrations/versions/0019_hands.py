"""Plans can be changed by hand, and what was decided so is kept for later runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PLACES = """
UPDATE planned SET details = jsonb_build_object('place', stop->'place', 'ride_minutes', stop->'ride_minutes')
FROM run, jsonb_array_elements(run.plan->'trips') one, jsonb_array_elements(one->'stops') stop
WHERE run.id = planned.run_id AND run.plan IS NOT NULL AND planned.position > 0
  AND planned.sign_up_id = (stop->>'rider')::uuid
"""

# What is put into a car by hand is counted again by the database, whoever counted before.
SEATS = """
CREATE FUNCTION seats_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats_there int := coalesce(
        (SELECT seats FROM offer WHERE id = NEW.driver_id),
        (SELECT (can_drive->>'seats')::int FROM request WHERE id = NEW.driver_id));
    riding int := (
        SELECT coalesce(sum(people), 0) FROM planned
        WHERE run_id = NEW.run_id AND trip = NEW.trip AND position > 0);
BEGIN
    IF riding > seats_there THEN
        RAISE EXCEPTION 'more people than seats'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seats_by_hand', TABLE = 'planned';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER seats_by_hand AFTER INSERT OR UPDATE ON planned
    FOR EACH ROW WHEN (NEW.by_hand AND NEW.trip IS NOT NULL) EXECUTE FUNCTION seats_by_hand();
"""


def upgrade() -> None:
    op.add_column("run", sa.Column("hands", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("run", "hands", server_default=None)
    op.add_column("planned", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("planned", "by_hand", server_default=None)
    op.execute(PLACES)
    op.create_index("ix_planned_event", "planned", ["run_id", "event_id"])
    _edits()
    _holds()
    op.execute(SEATS)


def _edits() -> None:
    op.create_table(
        "edit",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("run_id", sa.Uuid(), sa.ForeignKey("run.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("coordinator_id", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=False),
        sa.Column("changed_by", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=False),
        sa.Column("who", sa.Uuid(), nullable=False),
        sa.Column("other", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("who_all", JSONB(), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
        sa.Column("after", JSONB(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("people", "cars", "riders", "left")),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('ride', 'swap', 'drive', 'out', 'pin', 'apart')", name="kind_known"),
        sa.CheckConstraint("NOT forced OR length(reason) > 0", name="forced_for_a_reason"),
        sa.UniqueConstraint("run_id", "position", name="one_edit_a_position"),
    )


def _holds() -> None:
    campaign = sa.ForeignKey("campaign.id", ondelete="CASCADE")
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(), campaign, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("event_id", sa.Uuid(), sa.ForeignKey("event.id", ondelete="CASCADE"), nullable=True),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("force", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('pin', 'apart', 'out')", name="kind_known"),
        sa.CheckConstraint("(kind = 'pin') = (event_id IS NOT NULL)", name="pins_have_an_event"),
    )
    op.create_table(
        "hold_person",
        sa.Column("hold_id", sa.Uuid(), sa.ForeignKey("hold.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sign_up_id", sa.Uuid(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
    )
    once = sa.text("kind <> 'apart'")
    op.create_index(
        "one_place_by_hand",
        "hold_person",
        ["campaign_id", "day", "sign_up_id"],
        unique=True,
        postgresql_where=once,
    )


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: what was changed by hand would be lost.")

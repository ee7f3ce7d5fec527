"""What publishing would do can be counted from rows: plans know their ways back, sign-ups when they were last changed."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BACK = """
WITH trip AS (
  SELECT run.id AS run_id, one FROM run, jsonb_array_elements(run.plan->'trips') one WHERE run.plan IS NOT NULL),
edited AS (
  SELECT DISTINCT ON (edit.run_id, one->>'driver') edit.run_id, one
  FROM edit, jsonb_array_elements(edit.after->'plan'->'trips') one
  WHERE NOT edit.undone ORDER BY edit.run_id, one->>'driver', edit.position DESC),
car AS (
  SELECT run_id, one, false AS by_hand FROM trip UNION ALL SELECT run_id, one, true FROM edited),
part AS (
  SELECT run_id, by_hand, (one->>'driver')::uuid AS driver_id, (one->>'driver')::uuid AS sign_up_id,
    (one->>'home_at')::timestamptz AS back_at
  FROM car
  UNION ALL
  SELECT run_id, by_hand, (one->>'driver')::uuid, (off->>'rider')::uuid, (off->>'at')::timestamptz
  FROM car, jsonb_array_elements(coalesce(one->'back', '[]'::jsonb)) off)
UPDATE planned SET back_at = part.back_at FROM part
WHERE part.run_id = planned.run_id AND part.sign_up_id = planned.sign_up_id AND part.driver_id = planned.driver_id
  AND part.by_hand = planned.by_hand
"""

# What the solver is told of somebody; a state or a number plate is none of it.
BOTH = "day, lat, lon, island, party, ready_at, home_by, max_travel_minutes, way_back, event_ids, traits, company, most_days"
TOLD = {
    "offer": f"{BOTH}, seats, max_detour_minutes, offers",
    "request": f"{BOTH}, needs, places, home_pickup, dwell_minutes, can_drive",
}

# The database notes it, whoever changes something: none of the ways to do so can forget it.
NOTE = """
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := clock_timestamp();
    RETURN NEW;
END $$;
"""
TRIGGER = """
CREATE TRIGGER note_change BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION note_change();
"""


def upgrade() -> None:
    op.add_column("planned", sa.Column("back_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(BACK)
    op.execute(NOTE)
    for table in TOLD:
        # Who changed what until today is not known: of plans that were made before, everybody is judged again.
        op.add_column(
            table,
            sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True, server_default=sa.func.now()),
        )
        op.alter_column(table, "changed_at", server_default=None)
    for table, told in TOLD.items():
        old, new = (", ".join(f"{row}.{name}" for name in told.split(", ")) for row in ("OLD", "NEW"))
        op.execute(TRIGGER.format(table=table, old=old, new=new))


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: what was changed since would be lost.")

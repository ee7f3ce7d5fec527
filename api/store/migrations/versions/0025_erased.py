"""Whoever is erased stays so when an older backup is restored: the database notes their ids, whichever way they went."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0022"
branch_labels = None
depends_on = None

GONE = ("person", "host", "next_one", "invitation")
NOTE = """
CREATE FUNCTION note_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO erased (what, id, at) VALUES (TG_TABLE_NAME, OLD.id, clock_timestamp()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
DELETED = "CREATE TRIGGER note_erased AFTER DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION note_erased();"
# Their row stays for the record, without name and address.
CLOSED = """
CREATE TRIGGER note_erased AFTER UPDATE OF email ON coordinator
    FOR EACH ROW WHEN (NEW.email LIKE '%@left.invalid') EXECUTE FUNCTION note_erased();
"""


def upgrade() -> None:
    op.create_table(
        "erased",
        sa.Column("what", sa.String(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_erased_at", "erased", ["at"])
    op.execute(NOTE)
    for table in GONE:
        op.execute(DELETED.format(table=table))
    op.execute(CLOSED)


def downgrade() -> None:
    raise NotImplementedError(
        "Restore a backup instead: who was erased since would come back with the next one."
    )

"""How late drivers and riders say that they are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("lift", "lift_stop"):
        op.add_column(table, sa.Column("late_minutes", sa.Integer(), nullable=False, server_default="0"))
        op.alter_column(table, "late_minutes", server_default=None)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead.")

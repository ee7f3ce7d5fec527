"""A publishing can be taken back: each lift knows which publishing replaced it, and whom a publishing asked to drive."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lift", sa.Column("replaced_by", sa.Uuid(), nullable=True))
    op.create_foreign_key("lift_replaced_by", "lift", "run", ["replaced_by"], ["id"], ondelete="SET NULL")
    op.create_index("ix_lift_replaced_by", "lift", ["replaced_by"])
    op.add_column("lift", sa.Column("new_driver", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("lift", "new_driver", server_default=None)
    op.add_column("run", sa.Column("taken_back_by", sa.Uuid(), nullable=True))
    op.create_foreign_key("run_taken_back_by", "run", "coordinator", ["taken_back_by"], ["id"])
    op.add_column("run", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: who took a publishing back would be lost.")

"""Who rings whom just now, what came of the last try, and by whom and how a message was told by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ringing",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("coordinator_id", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("result IN ('told', 'no_answer', 'wrong_number')", name="result_known"),
    )
    op.add_column("message", sa.Column("told_by", sa.Uuid(), nullable=True))
    op.create_foreign_key("message_told_by", "message", "coordinator", ["told_by"], ["id"])
    op.add_column("message", sa.Column("told_how", sa.String(), nullable=True))
    op.create_check_constraint("told_how_known", "message", "told_how IN ('call', 'text')")


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: who told what to whom would be lost.")

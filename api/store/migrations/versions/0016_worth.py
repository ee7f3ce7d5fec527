"""What one more car would be worth, for the plan of a run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "worth",
        sa.Column("run_id", sa.Uuid(), sa.ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("asked_by", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cars", JSONB(), nullable=False),
        sa.Column("error", sa.String()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('queued', 'done', 'failed')", name="state_known"),
    )

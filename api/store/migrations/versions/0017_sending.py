"""Messages that wait after publishing and can be stopped, and campaigns whose messages are paused."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STATES = ("created", "stopped", "sending", "held", "sent", "unsure", "failed", "dropped", "call")


def upgrade() -> None:
    op.add_column(
        "message", sa.Column("run_id", sa.Uuid(), sa.ForeignKey("run.id", ondelete="SET NULL"), nullable=True)
    )
    op.add_column("message", sa.Column("send_after", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_message_run_id", "message", ["run_id"])
    op.drop_constraint("state_known", "message")
    op.create_check_constraint("state_known", "message", f"state IN ({', '.join(map(repr, STATES))})")
    op.add_column("run", _coordinator("stopped_by"))
    op.add_column("run", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("campaign", _coordinator("paused_by"))
    op.add_column("campaign", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))


def _coordinator(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=True)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: messages that wait would be lost or sent.")

"""Text messages: how people are reached, which address is proven, notices to coordinators, the demonstration's outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CHANNELS = "IN ('email', 'text')"
STATES = "state IN ('created', 'sending', 'held', 'sent', 'unsure', 'failed', 'dropped')"


def upgrade() -> None:
    _people()
    _messages()
    op.create_table(
        "demo_letter",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Uuid(), sa.ForeignKey("message.id", ondelete="CASCADE"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"channel {CHANNELS}", name="channel_known"),
    )
    op.create_index("ix_demo_letter_message_id", "demo_letter", ["message_id"])


def _people() -> None:
    """Until now everybody was reached by e-mail, and had proven that address if any."""
    _add("person", "reach", sa.String(), "email")
    for column in ("email_confirmed_at", "phone_confirmed_at"):
        op.add_column("person", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE person SET email_confirmed_at = confirmed_at")
    op.create_check_constraint("reach_known", "person", f"reach {CHANNELS}")
    op.create_check_constraint(
        "reachable",
        "person",
        "(reach <> 'email' OR email <> '') AND (reach <> 'text' OR phone IS NOT NULL)",
    )
    _add("private_link", "channel", sa.String(), "email")
    op.create_check_constraint("channel_known", "private_link", f"channel {CHANNELS}")


def _messages() -> None:
    _add("message", "channel", sa.String(), "email")
    _add("message", "unsure_tries", sa.Integer(), "0")
    op.alter_column("message", "person_id", nullable=True)
    op.add_column("message", sa.Column("coordinator_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "message_coordinator_id_fkey",
        "message",
        "coordinator",
        ["coordinator_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index("ix_message_coordinator_id", "message", ["coordinator_id"])
    op.create_check_constraint("channel_known", "message", f"channel {CHANNELS}")
    op.create_check_constraint("one_reader", "message", "(person_id IS NULL) <> (coordinator_id IS NULL)")
    op.drop_constraint("state_known", "message")
    op.create_check_constraint("state_known", "message", STATES)


def _add(
    table: str, column: str, kind: sa.types.TypeEngine[str] | sa.types.TypeEngine[int], old: str
) -> None:
    """A column that rows of before get a value for, and later ones do not."""
    op.add_column(table, sa.Column(column, kind, nullable=False, server_default=old))
    op.alter_column(table, column, server_default=None)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead.")

"""Friends who travel together, notes on who never travels with whom, and drivers from whom nothing was heard in time."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "friend_word",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("word_hash", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "friend",
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_friend_group_id", "friend", ["group_id"])
    op.create_table(
        "avoidance",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_avoidance_campaign_id", "avoidance", ["campaign_id"])
    op.create_index("ix_avoidance_person_id", "avoidance", ["person_id"])
    op.add_column("offer", sa.Column("unheard_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("campaign", sa.Column("call_off_hours", sa.Float(), nullable=False, server_default="3"))
    op.alter_column("campaign", "call_off_hours", server_default=None)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead.")

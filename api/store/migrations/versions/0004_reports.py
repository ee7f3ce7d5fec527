"""Reports of who did not feel safe, and who is never matched with whom again: as keyed hashes, which outlive an erasure."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_report_campaign_id", "report", ["campaign_id"])
    op.create_index("ix_report_person_id", "report", ["person_id"])
    op.create_table(
        "kept_apart",
        sa.Column(
            "campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("one", sa.LargeBinary(), primary_key=True),
        sa.Column("other", sa.LargeBinary(), primary_key=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead.")

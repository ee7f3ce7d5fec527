"""What lifts may count as election spending, by constituency; and who wants to hear of the next campaign."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("mileage_pence", sa.Float(), nullable=False, server_default="45"))
    op.alter_column("campaign", "mileage_pence", server_default=None)
    op.create_table(
        "driven",
        sa.Column(
            "campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("constituency", sa.String(), primary_key=True),
        sa.Column("cars", sa.Integer(), nullable=False),
        sa.Column("kilometres", sa.Float(), nullable=False),
        sa.Column("summed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cars >= 0 AND kilometres >= 0", name="counts"),
    )
    op.create_table(
        "next_one",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("consent_version", sa.String(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel IN ('email', 'text')", name="channel_known"),
        sa.CheckConstraint("address <> ''", name="reachable"),
        sa.UniqueConstraint("campaign_id", "address", name="once_an_address"),
    )
    op.create_index("ix_next_one_expires_at", "next_one", ["expires_at"])


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: sums of lifts that are deleted would be lost.")

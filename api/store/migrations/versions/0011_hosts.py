"""Hosts of events with their keys, and who has come; messages to hosts; the number that hosts ring."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
        sa.Column("event_id", sa.Uuid(), sa.ForeignKey("event.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_host_campaign_id", "host", ["campaign_id"])
    op.create_index("ix_host_event_id", "host", ["event_id"])
    op.create_index(
        "one_host_an_address",
        "host",
        ["event_id", "email"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    for table in ("host_link", "host_session"):
        op.create_table(
            table,
            sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
            sa.Column("host_id", sa.Uuid(), sa.ForeignKey("host.id", ondelete="CASCADE"), nullable=False),
            sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        )
        op.create_index(f"ix_{table}_host_id", table, ["host_id"])
    _arrivals()
    _readers()
    op.add_column("audit", sa.Column("host_id", sa.Uuid(), nullable=True))
    op.add_column("campaign", sa.Column("phone", sa.String(), nullable=False, server_default=""))
    op.alter_column("campaign", "phone", server_default=None)


def _arrivals() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("event_id", sa.Uuid(), sa.ForeignKey("event.id", ondelete="CASCADE"), nullable=False),
        sa.Column("offer_id", sa.Uuid(), sa.ForeignKey("offer.id", ondelete="CASCADE"), nullable=True),
        sa.Column("request_id", sa.Uuid(), sa.ForeignKey("request.id", ondelete="CASCADE"), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lost_car", sa.Boolean(), nullable=False),
        sa.Column("on_the_way", sa.Boolean(), nullable=False),
        sa.Column("ticked_by", sa.Uuid(), sa.ForeignKey("host.id", ondelete="SET NULL"), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('expected', 'arrived', 'no_show')", name="state_known"),
        sa.CheckConstraint("num_nonnulls(offer_id, request_id) = 1", name="one_sign_up"),
        sa.UniqueConstraint("event_id", "offer_id", name="one_arrival_an_offer"),
        sa.UniqueConstraint("event_id", "request_id", name="one_arrival_a_request"),
    )
    op.create_index("ix_arrival_offer_id", "arrival", ["offer_id"])
    op.create_index("ix_arrival_request_id", "arrival", ["request_id"])


def _readers() -> None:
    """A message goes to a person, a coordinator or, from now on, a host."""
    op.add_column(
        "message",
        sa.Column("host_id", sa.Uuid(), sa.ForeignKey("host.id", ondelete="CASCADE"), nullable=True),
    )
    op.create_index("ix_message_host_id", "message", ["host_id"])
    op.drop_constraint("one_reader", "message")
    op.create_check_constraint(
        "one_reader", "message", "num_nonnulls(person_id, host_id, coordinator_id) = 1"
    )


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: hosts and what they ticked would be lost.")

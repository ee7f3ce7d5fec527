"""Contacts that are to take the place of others once they are proven."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "new_contact",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone_typed", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("old_channel", sa.String(), nullable=False),
        sa.Column("old_address", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reach IN ('email', 'text')", name="reach_known"),
        sa.CheckConstraint("old_channel IN ('email', 'text')", name="old_channel_known"),
        sa.CheckConstraint(
            "(reach <> 'email' OR email <> '') AND (reach = 'email' OR phone IS NOT NULL)", name="reachable"
        ),
    )
    op.create_index("ix_new_contact_person_id", "new_contact", ["person_id"])


def downgrade() -> None:
    op.drop_table("new_contact")

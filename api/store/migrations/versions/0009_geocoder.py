"""What the operator's geocoder said, and when it may be asked again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "geocoder_answer",
        sa.Column("question", sa.LargeBinary(), primary_key=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("within", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("precision", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_geocoder_answer_asked_at", "geocoder_answer", ["asked_at"])
    op.create_table(
        "geocoder_turn",
        sa.Column("server", sa.String(), primary_key=True),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("geocoder_turn")
    op.drop_table("geocoder_answer")

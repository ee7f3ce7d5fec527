"""What a server of road times said, and of each run how much of it went by that."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "road_times",
        sa.Column("origin", sa.LargeBinary(), primary_key=True),
        sa.Column("drives", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_road_times_fetched_at", "road_times", ["fetched_at"])
    op.add_column("run", sa.Column("roads", JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("run", "roads")
    op.drop_table("road_times")

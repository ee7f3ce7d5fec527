"""Public places, and which of them a rider chose and a car stops at. Who signed up before is picked up at home, as before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "public_place",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
    )
    op.create_index("public_place_by_point", "public_place", ["lat", "lon"])
    op.create_index("ix_public_place_source", "public_place", ["source"])
    op.add_column("request", sa.Column("places", JSONB(), nullable=False, server_default="[]"))
    op.add_column("request", sa.Column("home_pickup", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.alter_column("request", "places", server_default=None)
    op.alter_column("request", "home_pickup", server_default=None)
    op.add_column("lift_stop", sa.Column("place_id", sa.String(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: what riders chose would be lost.")

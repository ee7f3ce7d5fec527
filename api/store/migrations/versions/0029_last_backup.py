"""When the last backup was made, for whoever watches over the service."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_backup",
        sa.Column("one", sa.Boolean(), primary_key=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("one", name="only_one"),
    )


def downgrade() -> None:
    op.drop_table("last_backup")

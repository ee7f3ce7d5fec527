"""The language in which somebody signed up, and is written to."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("language", sa.String(), server_default="en", nullable=False))
    op.alter_column("person", "language", server_default=None)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead.")

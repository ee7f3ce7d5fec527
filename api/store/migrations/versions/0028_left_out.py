"""Which sign-ups a run left out, because what is kept of them cannot be right."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("run", sa.Column("left_out", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.alter_column("run", "left_out", server_default=None)


def downgrade() -> None:
    op.drop_column("run", "left_out")

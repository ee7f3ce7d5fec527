"""Tables that are brought in, who vouches for the people in them, and who had themselves removed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("vouched_by", "basis"):
        op.add_column("person", sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.alter_column("person", name, server_default=None)
    _imports()
    op.create_table(
        "import_row",
        sa.Column(
            "import_id", sa.Uuid(), sa.ForeignKey("table_import.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("cells", JSONB(), nullable=False),
        sa.Column("problems", JSONB(), nullable=False),
    )
    op.create_table(
        "removed_contact",
        sa.Column(
            "campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("who", sa.LargeBinary(), primary_key=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )


def _imports() -> None:
    op.create_table(
        "table_import",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
        sa.Column("started_by", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("heading", sa.Integer(), nullable=True),
        sa.Column("day_order", sa.String(), nullable=False),
        sa.Column("columns", JSONB(), nullable=False),
        sa.Column("usual_day", sa.Date(), nullable=True),
        sa.Column("usual_role", sa.String(), nullable=False),
        sa.Column("only_all", sa.Boolean(), nullable=False),
        sa.Column("vouched_by", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("rough", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('people', 'events')", name="kind_known"),
        sa.CheckConstraint(
            "state IN ('columns', 'checking', 'checked', 'taking', 'done')", name="state_known"
        ),
    )
    op.create_index("ix_table_import_campaign_id", "table_import", ["campaign_id"])


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: who vouches for whom would be lost.")

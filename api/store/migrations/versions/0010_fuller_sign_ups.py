"""What the sign-up pages ask for: either role, several days, access, changing answers, callers without e-mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATES = {
    "message": ("created", "sending", "held", "sent", "unsure", "failed", "dropped", "call"),
    "request": ("active", "cancelled", "replaced", "driving"),
}


def upgrade() -> None:
    _people()
    for table in ("offer", "request"):
        op.add_column(table, sa.Column("most_days", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("answers", JSONB(), nullable=False, server_default="{}"))
        op.alter_column(table, "answers", server_default=None)
    op.add_column("request", sa.Column("dwell_minutes", sa.Float(), nullable=True))
    op.add_column("request", sa.Column("can_drive", JSONB(), nullable=True))
    _not_yet("request", "may_ask")
    for name in ("step_free", "toilet", "seated"):
        _not_yet("event", name)
    for table, states in STATES.items():
        op.drop_constraint("state_known", table)
        op.create_check_constraint("state_known", table, f"state IN ({', '.join(map(repr, states))})")
    _calls()
    _drafts()


def _calls() -> None:
    """Whoever has no address is rung."""
    for table, column in (("person", "reach"), ("message", "channel")):
        op.drop_constraint(f"{column}_known", table)
        op.create_check_constraint(f"{column}_known", table, f"{column} IN ('email', 'text', 'call')")
    op.drop_constraint("reachable", "person")
    op.create_check_constraint(
        "reachable", "person", "(reach <> 'email' OR email <> '') AND (reach = 'email' OR phone IS NOT NULL)"
    )


def _people() -> None:
    op.add_column("person", sa.Column("series", sa.Uuid(), nullable=True))
    op.create_index("ix_person_series", "person", ["series"])
    op.add_column("person", sa.Column("signed_up_by", sa.Uuid(), nullable=True))
    op.create_foreign_key("person_signed_up_by_fkey", "person", "coordinator", ["signed_up_by"], ["id"])


def _not_yet(table: str, column: str) -> None:
    op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column(table, column, server_default=None)


def _drafts() -> None:
    """One draft a campaign, whatever somebody came for; of two the newer one stays."""
    op.execute(
        "DELETE FROM draft USING draft AS newer WHERE draft.token_hash = newer.token_hash"
        " AND draft.campaign_id = newer.campaign_id"
        " AND (draft.updated_at, draft.id) < (newer.updated_at, newer.id)"
    )
    op.drop_column("draft", "kind")  # Its constraints go with it.
    op.create_unique_constraint("one_draft_a_campaign", "draft", ["token_hash", "campaign_id"])


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: what people answered would be lost.")

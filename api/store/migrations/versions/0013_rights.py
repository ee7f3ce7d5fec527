"""What coordinators may do and how they get in; and the record becomes a chain that nobody can change."""

import hashlib
import json
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

GUARD = """
CREATE FUNCTION record_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record stays as it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER record_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION record_stays();
"""


CREATORS = """
UPDATE membership SET role = 'owner' FROM (
    SELECT DISTINCT ON (m.campaign_id) m.campaign_id, m.coordinator_id
    FROM membership m JOIN coordinator c ON c.id = m.coordinator_id
    LEFT JOIN audit a ON a.campaign_id = m.campaign_id AND a.coordinator_id = m.coordinator_id
        AND a.what = 'campaign created'
    ORDER BY m.campaign_id, a.id NULLS LAST, c.created_at, c.id
) AS first
WHERE membership.campaign_id = first.campaign_id AND membership.coordinator_id = first.coordinator_id
"""
"""Whoever made a campaign owns it; where that was not written down, the member who has been here longest."""


ROLES = "role IN ('owner', 'coordinator', 'regional', 'helper', 'reader')"


def upgrade() -> None:
    _roles()
    _invitations()
    _codes()
    _record()


def _roles() -> None:
    op.add_column("membership", sa.Column("role", sa.String(), nullable=False, server_default="coordinator"))
    for name in ("regions", "event_ids"):
        op.add_column("membership", sa.Column(name, JSONB(), nullable=False, server_default="[]"))
        op.alter_column("membership", name, server_default=None)
    op.alter_column("membership", "role", server_default=None)
    op.create_check_constraint("role_known", "membership", ROLES)
    op.execute(CREATORS)


def _invitations() -> None:
    op.add_column("coordinator", sa.Column("may_create", sa.Boolean(), nullable=False, server_default="true"))
    op.alter_column("coordinator", "may_create", server_default=None)
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("campaign_id", sa.Uuid(), sa.ForeignKey("campaign.id", ondelete="CASCADE"), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("regions", JSONB(), nullable=False),
        sa.Column("event_ids", JSONB(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), sa.ForeignKey("coordinator.id"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(ROLES, name="role_known"),
    )
    op.create_index("ix_invitation_campaign_id", "invitation", ["campaign_id"])
    waits = sa.text("used_at IS NULL")
    op.create_index(
        "one_open_invitation", "invitation", ["campaign_id", "email"], unique=True, postgresql_where=waits
    )
    invitation = sa.ForeignKey("invitation.id", ondelete="CASCADE")
    op.create_table(
        "invitation_link",
        sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("invitation_id", sa.Uuid(), invitation, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_invitation_link_invitation_id", "invitation_link", ["invitation_id"])
    to_message = sa.ForeignKey("invitation.id", ondelete="CASCADE")
    op.add_column("message", sa.Column("invitation_id", sa.Uuid(), to_message, nullable=True))
    op.create_index("ix_message_invitation_id", "message", ["invitation_id"])
    op.drop_constraint("one_reader", "message")
    one = "num_nonnulls(person_id, host_id, coordinator_id, invitation_id) = 1"
    op.create_check_constraint("one_reader", "message", one)


def _codes() -> None:
    for name in ("totp_salt", "totp_next"):
        op.add_column("coordinator", sa.Column(name, sa.LargeBinary(), nullable=True))
    _with_default("coordinator", sa.Column("totp_step", sa.BigInteger(), nullable=False, server_default="0"))
    _with_default(
        "campaign", sa.Column("codes_required", sa.Boolean(), nullable=False, server_default="false")
    )
    _with_default("login_session", sa.Column("device", sa.String(), nullable=False, server_default=""))
    at = sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    _with_default("login_session", at)
    op.execute("UPDATE login_session SET confirmed_at = created_at")
    op.drop_constraint("kind_known", "login_session")
    op.create_check_constraint("kind_known", "login_session", "kind IN ('cookie', 'bearer', 'code')")
    for table, key in (("known_device", "token_hash"), ("recovery_code", "code_hash")):
        whose = sa.ForeignKey("coordinator.id", ondelete="CASCADE")
        is_key = table == "known_device"
        op.create_table(
            table,
            sa.Column(key, sa.LargeBinary(), primary_key=True),
            sa.Column("coordinator_id", sa.Uuid(), whose, primary_key=is_key, nullable=False),
        )
        op.create_index(f"ix_{table}_coordinator_id", table, ["coordinator_id"])
    op.add_column("known_device", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False))


def _with_default(table: str, column: sa.Column[Any]) -> None:
    """For the rows that are there; the code fills in those to come."""
    op.add_column(table, column)
    op.alter_column(table, column.name, server_default=None)


def _record() -> None:
    """Entries from before are chained as they stand."""
    for name in ("previous", "hash"):
        op.add_column("audit", sa.Column(name, sa.LargeBinary(), nullable=True))
    db, before = op.get_bind(), bytes(32)
    rows = db.execute(sa.text("SELECT * FROM audit ORDER BY id")).mappings().all()
    for row in rows:
        ids = (row[name] for name in ("coordinator_id", "host_id", "campaign_id", "subject_id"))
        said = [row["id"], row["at"].astimezone(UTC).isoformat(), row["what"], *(x and str(x) for x in ids)]
        after = hashlib.sha256(before + json.dumps(said).encode()).digest()
        chained = sa.text("UPDATE audit SET previous = :before, hash = :after WHERE id = :id")
        db.execute(chained, {"before": before, "after": after, "id": row["id"]})
        before = after
    for name in ("previous", "hash"):
        op.alter_column("audit", name, nullable=False)
    op.create_check_constraint("no_personal_data", "audit", "what ~ '^[a-z_'' -]{1,80}$'")
    op.create_index("audit_by_campaign", "audit", ["campaign_id", "id"])
    op.execute(GUARD)


def downgrade() -> None:
    raise NotImplementedError("Restore a backup instead: rights and invitations would be lost.")

"""What the migration to rights makes of the rows that were there before."""

from uuid import uuid4

from alembic import command
from sqlalchemy import text
from sqlmodel import col, select

from api.services import record
from api.store import embedded
from api.store.migrating import config, migrate
from api.store.session import make_engine, open_session
from api.store.tables import AuditEntry, Membership

BEFORE = "0011"


def test_who_made_a_campaign_owns_it_and_the_record_becomes_a_chain(server: embedded.EmbeddedServer) -> None:
    engine = make_engine(embedded.create_database(server, "before_rights"))
    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, BEFORE)
        ann, bob, cy = (str(uuid4()) for _ in range(3))
        noted, unnoted = (str(uuid4()) for _ in range(2))
        for number, one in enumerate((ann, bob, cy)):
            connection.execute(
                text(
                    "INSERT INTO coordinator (id, email, name, password_hash, created_at)"
                    " VALUES (CAST(:id AS uuid), CAST(:id AS text), 'x', '-', now() + CAST(:n AS int) * interval '1 day')"
                ),
                {"id": one, "n": number},
            )
        for slug in (noted, unnoted):
            connection.execute(
                text(
                    "INSERT INTO campaign (id, slug, name, organiser, contact_email, imprint, phone, open,"
                    " minutes_per_volunteer, call_off_hours, rules, created_at)"
                    " VALUES (CAST(:id AS uuid), CAST(:id AS text), 'x', 'x', 'x', '', '', true, 1, 3, '{}', now())"
                ),
                {"id": slug},
            )
        members = ((noted, ann), (noted, bob), (unnoted, cy), (unnoted, bob))
        for campaign, one in members:
            connection.execute(
                text(
                    "INSERT INTO membership (campaign_id, coordinator_id) VALUES (CAST(:c AS uuid), CAST(:m AS uuid))"
                ),
                {"c": campaign, "m": one},
            )
        for who, what in ((bob, "campaign created"), (ann, "rules changed"), (bob, "driver's number read")):
            connection.execute(
                text(
                    "INSERT INTO audit (at, coordinator_id, campaign_id, what)"
                    " VALUES (now(), CAST(:w AS uuid), CAST(:c AS uuid), :d)"
                ),
                {"w": who, "c": noted, "d": what},
            )
    migrate(engine)
    with open_session(engine) as db:
        owners = select(Membership.campaign_id, Membership.coordinator_id).where(Membership.role == "owner")
        assert {(str(c), str(m)) for c, m in db.exec(owners).all()} == {(noted, bob), (unnoted, bob)}
        assert len(db.exec(select(Membership).where(Membership.role == "coordinator")).all()) == 2
        assert [entry.id for entry in db.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()] == [
            1,
            2,
            3,
        ]
        assert (record.verify(db).entries, record.verify(db).broken_at) == (3, None)
    engine.dispose()
    embedded.drop_database(server, "before_rights")

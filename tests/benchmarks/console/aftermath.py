"""What became of a published day: messages that arrived or did not, answers, hosts, notes, a team, and a long record."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, text

from api.services import audit, hosting, invitations
from api.services.campaign_forms import HostForm, InvitationForm
from api.services.exchange import bringing, working
from api.services.rights import ROLES
from api.store.queries import campaigns
from api.store.tables import Avoidance, Campaign, Coordinator, Event, Membership, Message, Report
from tests.benchmarks.console.bulk import copy

RECORDED = 20_000
AT_ONCE = 500
TEAM = 24
HOSTED = 40
NOTES = 12
ROWS = 150
SHIFTS_HOURS = 10
DID = ("number read", "somebody rung", "lift looked at", "rules changed", "event added", "asked to call off")

# One of a hundred fails and some must be rung; the others arrived.
SETTLED = """
UPDATE message SET attempts = 1, sent_at = created_at + interval '1 minute',
  state = CASE WHEN channel = 'call' THEN 'call' WHEN n % 100 = 0 THEN 'failed' WHEN n % 400 = 1 THEN 'unsure' ELSE 'sent' END,
  error = CASE WHEN channel <> 'call' AND n % 100 = 0 THEN '550 no such mailbox' END
FROM (SELECT id AS one, row_number() OVER (ORDER BY id) AS n FROM message WHERE campaign_id = :campaign) AS counted
WHERE message.id = one
"""
ANSWERED = (
    "UPDATE lift SET accepted_at = now() WHERE campaign_id = :campaign AND get_byte(uuid_send(id), 0) < 150",
    "UPDATE lift_stop SET accepted_at = now() WHERE get_byte(uuid_send(id), 0) < 150",
    "UPDATE lift SET late_minutes = 15 WHERE campaign_id = :campaign AND get_byte(uuid_send(id), 0) > 253",
)


def fill(db: Session, campaign: Campaign, owner: Coordinator, day: date, people: int) -> None:
    """For a campaign of so many people; the record of a small one is short."""
    ids = {"campaign": campaign.id}
    _confirmations(db, campaign)
    # Nobody waits for sixty thousand letters of figures.
    db.connection().execute(text("TRUNCATE procrastinate_jobs CASCADE"))
    for statement in (SETTLED, *ANSWERED):
        db.connection().execute(text(statement), ids)
    _hosts(db, campaign, owner, day)
    _notes(db, campaign, day)
    _team(db, campaign, owner)
    beside(db, campaign, owner, day)
    db.commit()
    _record(db, campaign, owner, min(RECORDED, people))


def _confirmations(db: Session, campaign: Campaign) -> None:
    """The first message that everybody got."""
    # Who would do either and drives has an offer and a request of one id.
    both = (
        "SELECT person_id, id, created_at FROM offer UNION ALL SELECT person_id, id, created_at FROM request"
    )
    people = text(
        f"SELECT DISTINCT ON (id) person_id, id, created_at FROM ({both}) AS both_of ORDER BY id, created_at"  # noqa: S608
    )
    copy(
        db,
        Message,
        (
            {"key": f"confirm:{sign_up}", "campaign_id": campaign.id, "person_id": person, "kind": "confirm",
             "subject_id": sign_up, "created_at": at}
            for person, sign_up, at in db.connection().execute(people).all()
        ),
    )  # fmt: skip


def _hosts(db: Session, campaign: Campaign, owner: Coordinator, day: date) -> None:
    for number, event in enumerate(campaigns.events(db, campaign.id, day)[:HOSTED]):
        form = HostForm(host_name=f"Hana Host {number}", host_email=f"host{number}@figures.example.org")
        hosting.add(db, campaign, owner, event.id, form, write=False)


def _notes(db: Session, campaign: Campaign, day: date) -> None:
    """Some who wrote with whom they must not travel, and some who did not feel safe."""
    found = text("SELECT id FROM person WHERE campaign_id = :campaign ORDER BY id LIMIT :many")
    people = db.connection().execute(found, {"campaign": campaign.id, "many": 2 * NOTES}).scalars()
    for number, person in enumerate(people):
        about: dict[str, Any] = {"campaign_id": campaign.id, "person_id": person, "day": day}
        told = (
            Report(**about, said="He shouted.") if number % 2 else Avoidance(**about, said="Never with Alma")
        )
        db.add(told)


def beside(db: Session, campaign: Campaign, owner: Coordinator, day: date) -> None:
    """On the next day an event that is long enough for shifts, and a table on its way in, of which some rows will not do."""
    first = campaigns.events(db, campaign.id, day)[0].model_dump(exclude={"id"})
    starts_at = first["starts_at"] + timedelta(days=1)
    moved = {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=SHIFTS_HOURS),
        "day": day + timedelta(days=1),
    }
    campaigns.add_events(db, [Event(**first | moved)])
    good = "\n".join(f"Jo {number},jo{number}@table.example.org,LS6 2AB,no" for number in range(ROWS))
    table = f"Name,E-mail,Postcode,Can you drive?\n{good}\nNobody,,LS6 2AB,no\nElsewhere,e@table.example.org,ZZ9,no\n"
    made = bringing.start(db, campaign, owner, "people", table)
    columns = [name or "" for name in made.columns]
    bringing.confirm_columns(
        db, made, columns, heading=made.heading, usual_day=day, usual_role=made.usual_role
    )
    working.carry_out(db, made.id)


def _team(db: Session, campaign: Campaign, owner: Coordinator) -> None:
    """A team in every role, whose members never log in, and invitations that wait."""
    for number in range(TEAM):
        email, role = f"team{number}@figures.example.org", ROLES[number % len(ROLES)]
        member = Coordinator(email=email, name=f"Member {number}", password_hash="-")
        db.add(member)
        db.flush()
        db.add(Membership(coordinator_id=member.id, campaign_id=campaign.id, role=role))
    for number in range(TEAM // 4):
        form = InvitationForm(email=f"invited{number}@figures.example.org", role="helper")
        invitations.invite(db, campaign, owner, form)


def _record(db: Session, campaign: Campaign, owner: Coordinator, entries: int) -> None:
    """Weeks of presses, chained as every entry is."""
    for start in range(0, entries, AT_ONCE):
        for number in range(start, min(start + AT_ONCE, entries)):
            audit.record(db, owner, DID[number % len(DID)], campaign_id=campaign.id, subject_id=None)
        db.commit()

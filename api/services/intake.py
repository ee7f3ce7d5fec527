"""What a volunteer sends in becomes an offer or a request, with a message that asks to confirm, in one transaction."""

import hashlib
import secrets
from collections.abc import Callable
from uuid import UUID, uuid4

from sqlmodel import Session

from api import language
from api.errors import Conflict
from api.language import N_
from api.services import audit, entries, outbox, people
from api.services.forms import Form
from api.services.local import now
from api.services.tidy import standard_phone
from api.services.views import Received
from api.store.queries import sign_ups
from api.store.tables import Campaign, Coordinator, Person

# Without the letters and digits that are taken for others when they are read out.
REFERENCE_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"

SENT_ALREADY = N_(
    "This form was sent already with other answers. To change them, open the link in our message."
)


def receive(
    db: Session,
    campaign: Campaign,
    form: Form,
    key: str,
    caller_of: Coordinator | None = None,
    *,
    first: Callable[[], None] | None = None,
) -> Received:
    """Keep what somebody sent in, a sign-up for each of their days; `first` is done before, unless it was here already.

    The same `key` again changes nothing and answers the same; with other content, `Conflict`.
    With `caller_of` they told it a coordinator on the phone, who vouches for the number: nothing is left to confirm.
    """
    body_hash = _body_hash(campaign.id, form)
    # A second press waits here until the first one is kept.
    sign_ups.lock_key(db, key)
    if known := _received_before(db, key, body_hash):
        return known
    if first is not None:
        first()
    if not campaign.open:
        closed = language.gettext(
            "%(campaign)s takes no more sign-ups. Write to %(address)s if you need help."
        )
        raise Conflict(closed % {"campaign": campaign.name, "address": campaign.contact_email})
    table, series = entries.table_of(form), uuid4() if form.also else None
    made = []
    for number, day in enumerate(form.days):
        person = _person(campaign, form, series, caller_of)
        sign_up = table(
            reference=new_reference(),
            campaign_id=campaign.id,
            person_id=person.id,
            idempotency_key=f"{key}#{number}" if number else key,
            body_hash=body_hash,
            **entries.columns(db, campaign, form, day),
        )
        made.append((person, sign_up))
    for each in made:
        sign_ups.add(db, *each)
    person, sign_up = made[0]
    if caller_of is not None:
        people.take_as_confirmed(db, person, "call")
        audit.record(db, caller_of, "caller signed up", campaign_id=campaign.id, subject_id=sign_up.id)
    else:
        confirm = f"confirm:{sign_up.id}"
        outbox.queue(db, person.id, campaign.id, "confirm", key=confirm, subject_id=sign_up.id)
    return Received(reference=sign_up.reference, kind=sign_ups.kind_of(sign_up), created=True)


def _person(campaign: Campaign, form: Form, series: UUID | None, caller_of: Coordinator | None) -> Person:
    return Person(
        campaign_id=campaign.id,
        name=form.name,
        email=form.email,
        phone_typed=form.phone,
        phone=standard_phone(form.phone),
        language=language.spoken(),
        reach=form.reach,
        consent_version=form.consent_version,
        consent_at=now(),
        series=series,
        signed_up_by=caller_of.id if caller_of else None,
    )


def _received_before(db: Session, key: str, body_hash: str) -> Received | None:
    known = sign_ups.by_key(db, key)
    if known is None:
        return None
    if not secrets.compare_digest(known.body_hash, body_hash):
        raise Conflict(SENT_ALREADY)
    return Received(reference=known.reference, kind=sign_ups.kind_of(known), created=False)


def _body_hash(campaign_id: UUID, form: Form) -> str:
    content = f"{type(form).__name__} {campaign_id} {form.model_dump_json()}"
    return hashlib.sha256(content.encode()).hexdigest()


def new_reference() -> str:
    """Something to say on the phone: not secret, not guessable, eight characters in two halves."""
    drawn = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"

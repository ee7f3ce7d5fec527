"""Sending one message: claim it, write the letter, hand it over, note what became of it."""

from time import monotonic
from uuid import UUID

from api.jobs.backoff import InHand
from api.jobs.tools import Tools
from api.logs import log
from api.messages.channels import PermanentFailure, TemporaryFailure, UnknownOutcome
from api.messages.letter import Letter
from api.messages.letters import write
from api.messages.staff_letters import write_to_staff
from api.services import outbox, staff_mail
from api.services.outbox import Envelope
from api.services.staff_mail import StaffEnvelope

LATE_SECONDS = 10.0
"""Between taking a message and handing it over: who was frozen for longer may not be the only one who has it."""
OURS = "The message could not be written. It is a fault of the service; the operator's log says where."


def deliver(tools: Tools, message_id: UUID, *, is_last_try: bool) -> None:
    """Send the message unless that is done, under way or pointless.

    Raises `TemporaryFailure` if it is worth trying again: the message waits, or has failed after the last try; `InHand` if
    somebody else has it in hand, who may be gone.
    What became of it is written down even if the database is away just then: not to know would mean a duplicate.
    """
    begun = monotonic()
    envelope = _claimed(tools, message_id)
    if envelope is None:
        return
    letter = _written(tools, envelope, message_id)
    if monotonic() - begun > LATE_SECONDS:
        raise InHand(LATE_SECONDS)  # It may be another worker's by now: what it notes stays.
    _hand_over(tools, envelope, letter, message_id, is_last_try)


def _hand_over(
    tools: Tools, envelope: Envelope | StaffEnvelope, letter: Letter, message_id: UUID, is_last_try: bool
) -> None:
    try:
        channel = tools.texts if envelope.channel == "text" else tools.channel
        channel.send(envelope.to, letter, message_id)
    except PermanentFailure as failure:
        error = failure.message
        tools.insist(lambda db: outbox.failed(db, message_id, error, final=True))
    except UnknownOutcome as failure:
        error, final = failure.message, is_last_try or envelope.is_last_unsure
        log.warning("message may have been sent", message_id=str(message_id))
        tools.insist(lambda db: outbox.unsure(db, message_id, error, final))
        if not final:
            raise
    except TemporaryFailure as failure:
        error = failure.message
        log.warning("message not sent yet", message_id=str(message_id))
        tools.insist(lambda db: outbox.failed(db, message_id, error, final=is_last_try))
        raise
    except Exception:
        tools.insist(lambda db: outbox.failed(db, message_id, OURS, final=True))
        raise
    else:
        tools.insist(lambda db: outbox.sent(db, message_id))


def _claimed(tools: Tools, message_id: UUID) -> Envelope | StaffEnvelope | None:
    with tools.transaction() as db:
        envelope = staff_mail.claim(db, message_id) or outbox.claim(db, message_id)
        busy = outbox.busy_seconds(db, message_id) if envelope is None else 0.0
    if busy:
        raise InHand(busy)
    return envelope


def _written(tools: Tools, envelope: Envelope | StaffEnvelope, message_id: UUID) -> Letter:
    try:
        if isinstance(envelope, StaffEnvelope):
            return write_to_staff(envelope, tools.house)
        return write(envelope, tools.house)
    except Exception:
        tools.insist(lambda db: outbox.failed(db, message_id, OURS, final=True))
        raise

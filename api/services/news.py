"""What a publishing tells: one message to each person whose lift is new, changed or gone, in few statements."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session

from api.services.truth import channel_to
from api.store.queries import messages, sign_ups
from api.store.tables import Message, Run


def tell(db: Session, run: Run, news: Mapping[UUID, str], lift_of: Mapping[UUID, UUID]) -> None:
    """Write the messages: `news` is person → kind, `lift_of` person → lift. `sending.schedule` lets them go out.

    One whose key is there already is written once.
    """
    channels = {person.id: channel_to(person) for person in sign_ups.people(db, news)}
    rows = []
    for person_id, kind in news.items():
        about = lift_of.get(person_id)
        key = f"no_lift:{person_id}" if kind == "no_lift" else f"{kind}:{about or run.id}:{person_id}"
        rows.append(
            Message(
                key=key, campaign_id=run.campaign_id, person_id=person_id, kind=kind, subject_id=about, run_id=run.id,
                channel=channels.get(person_id, "email"),
            )
        )  # fmt: skip
    messages.add_all_once(db, rows)

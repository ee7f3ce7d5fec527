"""The worker's ways out: what the settings name, and in the demonstration an outbox that keeps what went through them."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Engine

from api.messages.channels import Channel, channel_for, text_channel_for
from api.messages.channels.gateway import ACCOUNT, TOKEN, fake_gateway
from api.messages.channels.texts import Gateway, Texts
from api.messages.letter import Letter
from api.services import demo_outbox
from api.settings import Settings
from api.store.session import open_session

SENDER = "Lifts"


class Keeping:
    """Passes letters on and keeps them, once they are sent, for the demonstration's page."""

    def __init__(self, channel: Channel, name: str, engine: Engine) -> None:
        self._channel = channel
        self._name = name
        self._engine = engine

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        self._channel.send(to, letter, message_id)
        with open_session(self._engine) as db:
            demo_outbox.keep(db, message_id, self._name, to, letter)
            db.commit()


@contextmanager
def ways_out(settings: Settings, engine: Engine) -> Iterator[tuple[Channel, Channel]]:
    """The channels for mails and for texts. The demonstration's texts go to a gateway of its own that sends nothing."""
    if not settings.demo:
        yield channel_for(settings), text_channel_for(settings)
        return
    with fake_gateway() as gateway:
        texts = Texts(Gateway(gateway.url, ACCOUNT, TOKEN, SENDER))
        yield Keeping(channel_for(settings), "email", engine), Keeping(texts, "text", engine)

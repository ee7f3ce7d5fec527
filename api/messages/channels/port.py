"""What every channel promises."""

from typing import Protocol
from uuid import UUID

from api.messages.letter import Letter
from carpool.errors import CarpoolError


class TemporaryFailure(CarpoolError):
    """The letter did not leave, and may if it is tried again. The message names no address: logs show it."""


class UnknownOutcome(TemporaryFailure):
    """The letter may have left or not: the answer was cut off. To try again may have somebody read it twice."""


class PermanentFailure(CarpoolError):
    """This letter will never reach this address. The message names no address: logs show it."""


class Channel(Protocol):
    """Carries letters, several at a time from several threads."""

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        """Hand the letter over for the address `to`.

        `message_id` is the same each time one message is tried, so that whoever gets it twice can tell.
        Raises `TemporaryFailure` or `PermanentFailure`, and nothing else that is the other side's doing.
        """
        ...

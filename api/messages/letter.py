"""A letter, ready to be carried by any channel."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Letter:
    """What one person reads: as plain text and as HTML, and in few words as a text message.

    Answers go to `reply_to`, if there is one.
    """

    subject: str
    text: str
    html: str
    reply_to: str = ""
    short: str = ""

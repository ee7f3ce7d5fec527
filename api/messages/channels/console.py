"""Letters on the terminal, for a machine without a mail server: the link can be followed from there."""

import sys
from threading import Lock
from uuid import UUID

from api.messages.letter import Letter
from api.messages.words import one_line

_WIDTH = 78


class Console:
    """Prints letters, or what of them is a text message. This is the letter itself: no log ever holds a private link."""

    def __init__(self, *, short: bool = False) -> None:
        self._short = short
        self._one_at_a_time = Lock()

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        title = " A text message " if self._short else " A letter "
        subject = [] if self._short else [f"Subject: {one_line(letter.subject)}"]
        text = letter.short if self._short else letter.text
        lines = [
            "",
            title.center(_WIDTH, "-"),
            f"To: {one_line(to)}",
            *subject,
            "",
            text.rstrip(),
            "-" * _WIDTH,
        ]
        with self._one_at_a_time:
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()

"""Letters on the terminal, for a machine without a mail server: the link can be followed from there."""

import sys
from threading import Lock
from uuid import UUID

from api.messages.letter import Letter
from api.messages.words import one_line

_WIDTH = 78


class Console:
    """Prints letters. This is the letter itself, not a log: no log ever holds a private link."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        lines = [
            "",
            " A letter ".center(_WIDTH, "-"),
            f"To: {one_line(to)}",
            f"Subject: {one_line(letter.subject)}",
            "",
            letter.text.rstrip(),
            "-" * _WIDTH,
        ]
        with self._one_at_a_time:
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()

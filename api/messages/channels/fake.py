"""A channel for tests that keeps what it was given, and fails where it is told to."""

from dataclasses import dataclass, field
from uuid import UUID

from api.messages.letter import Letter


@dataclass
class FakeChannel:
    """`failures` are raised one a letter, in order; None lets one pass. Afterwards everything passes."""

    sent: list[tuple[str, Letter, UUID]] = field(default_factory=list)
    failures: list[Exception | None] = field(default_factory=list)

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        self.sent.append((to, letter, message_id))

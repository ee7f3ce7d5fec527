"""What every letter says of the service itself."""

from dataclasses import dataclass

from api.settings import Settings


@dataclass(frozen=True)
class House:
    """Where the service is, and who runs it."""

    url: str
    operator_name: str
    operator_contact: str


def house_of(settings: Settings) -> House:
    return House(settings.public_url, settings.operator_name, settings.operator_contact)

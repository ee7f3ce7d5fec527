"""Which channels carry the letters, by the settings."""

from uuid import UUID

from api.messages.channels.console import Console
from api.messages.channels.port import Channel, TemporaryFailure
from api.messages.channels.smtp import Smtp, parse_smtp_url
from api.messages.channels.texts import SETTING, Texts, gateway_of
from api.messages.letter import Letter
from api.settings import Settings

# Nobody can read mail here (RFC 2606); the demonstration's invented people live under it.
DEMO_DOMAIN = "demo.example.org"
# Ofcom keeps these for drama: nobody's telephone rings. Some of the invented people have one.
DEMO_NUMBERS = "+447700900"


class NotToDemoPeople:
    """Passes letters on, but for those to the demonstration's people: these count as sent and go nowhere."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        if not (to.lower().endswith("@" + DEMO_DOMAIN) or to.startswith(DEMO_NUMBERS)):
            self.channel.send(to, letter, message_id)


class NoGateway:
    """For people who chose text messages while there was a gateway: they wait until there is one again."""

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        raise TemporaryFailure(f"There is no text message gateway; see {SETTING}.")


def channel_for(settings: Settings) -> Channel:
    """For e-mail: SMTP if the settings name a server, else the terminal. Raises `CarpoolError` for a senseless name."""
    if settings.smtp_url:
        return NotToDemoPeople(Smtp(parse_smtp_url(settings.smtp_url), settings.mail_from))
    return NotToDemoPeople(Console())


def text_channel_for(settings: Settings) -> Channel:
    """For text messages: the gateway that the settings name, else the terminal on somebody's own machine.

    Raises `CarpoolError` for settings that make no sense. Drama numbers reach a gateway only where they are allowed.
    """
    gateway = gateway_of(settings)
    if gateway is not None:
        return Texts(gateway) if settings.test_phone_numbers else NotToDemoPeople(Texts(gateway))
    return Console(short=True) if settings.sends_texts else NoGateway()

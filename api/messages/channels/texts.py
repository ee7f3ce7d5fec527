"""Text messages by HTTP, as Twilio's interface has it and as others speak it too.

A gateway has no way to be told that this is the same message again. So what matters most here is to know whether it took
a message, did not, or may have: each is another failure (see `api.messages.channels.port`).
"""

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from api.messages.channels.port import PermanentFailure, TemporaryFailure, UnknownOutcome
from api.messages.letter import Letter
from api.settings import Settings
from carpool.errors import CarpoolError

SETTING = "CARPOOL_SMS_URL"
# In all less than the minute after which a worker's claim counts as lost.
CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 25.0
LARGEST_ANSWER = 64 * 1024
_UK = re.compile(r"\+44\d{9,10}")
# A pool of senders rather than one; the gateway chooses.
_POOL = re.compile(r"MG[0-9a-f]{32}")
_GATEWAY_TIMED_OUT = (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT)
_UNDELIVERED = ("failed", "undelivered", "canceled")
# Codes of refusals that are about our sender, our account or how much we send, not about who should get it.
_ABOUT_US = {20003, 20429, 21212, 21601, 21603, 21606, 21611, 21659, 21660, 21910, 30001, 30002}


@dataclass(frozen=True)
class Gateway:
    """Where text messages go, and in whose name. `seconds`: how long it may take to answer."""

    url: str
    account: str
    token: str = field(repr=False)
    sender: str
    seconds: float = ANSWER_SECONDS


class Texts:
    """Sends letters in their short form through one gateway, each on a connection of its own."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self._name = f"The text message gateway {urlsplit(gateway.url).hostname}"

    def send(self, to: str, letter: Letter, message_id: UUID) -> None:
        """See `Channel`. The gateway's own words stay out of the errors: they quote the number."""
        if not _UK.fullmatch(to) or not letter.short:
            raise PermanentFailure("There is no UK mobile number, or no text, to send.")
        gateway = self.gateway
        sender = "MessagingServiceSid" if _POOL.fullmatch(gateway.sender) else "From"
        form = {"To": to, sender: gateway.sender, "Body": letter.short}
        try:
            with (
                httpx.Client(timeout=httpx.Timeout(CONNECT_SECONDS, read=gateway.seconds)) as client,
                client.stream(
                    "POST", self._address, data=form, auth=(gateway.account, gateway.token)
                ) as answer,
            ):
                self._judge(answer.status_code, _document(answer))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            raise TemporaryFailure(f"{self._name} cannot be reached.") from None
        except httpx.WriteTimeout:
            raise TemporaryFailure(f"{self._name} did not take the message in time.") from None
        except httpx.HTTPError:
            # Cut off or silent after the message was on its way: nobody on this side can know.
            raise self._unknown("gave no answer") from None

    @property
    def _address(self) -> str:
        return f"{self.gateway.url.rstrip('/')}/2010-04-01/Accounts/{self.gateway.account}/Messages.json"

    def _judge(self, status: int, answer: dict[str, Any] | None) -> None:
        """Return if the message was taken; the failure that it is otherwise."""
        code = _code_in(answer) if answer else None
        if 200 <= status < 300 and code is not None:
            # It says "well" and means "no": what counts is what stands in the answer.
            status = HTTPStatus.BAD_REQUEST if isinstance(code, int) else HTTPStatus.SERVICE_UNAVAILABLE
        shown = f"(code {status}{f', {code}' if isinstance(code, int) else ''})"
        if 200 <= status < 300:
            if answer and answer.get("status") in _UNDELIVERED:
                raise PermanentFailure(f"{self._name} could not deliver the message: is the number right?")
            return
        if status in _GATEWAY_TIMED_OUT:
            raise self._unknown(f"broke off {shown}")
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            raise TemporaryFailure(f"{self._name} refused our account {shown}; see CARPOOL_SMS_ACCOUNT.")
        if status == HTTPStatus.BAD_REQUEST and answer is not None:
            if code in _ABOUT_US:
                raise TemporaryFailure(f"{self._name} refused our sender {shown}; see CARPOOL_SMS_SENDER.")
            raise PermanentFailure(f"{self._name} refused the message {shown}: is the number right?")
        raise TemporaryFailure(f"{self._name} did not take the message {shown}.")

    def _unknown(self, what: str) -> UnknownOutcome:
        return UnknownOutcome(f"{self._name} {what}, so the message may have arrived or not.")


def gateway_of(settings: Settings) -> Gateway | None:
    """The gateway that the settings name, None without one. Raises `CarpoolError`, which repeats no secret."""
    if settings.sms_url is None:
        return None
    try:
        parts = urlsplit(settings.sms_url)
        good = parts.scheme in ("https", "http") and parts.hostname and not (parts.query or parts.fragment)
        secret = parts.username or parts.password
    except ValueError:
        good, secret = None, None
    if not good or secret:
        raise CarpoolError(f"{SETTING} is the gateway's address alone, such as https://host.", SETTING)
    if settings.production and parts.scheme != "https":
        raise CarpoolError(f"{SETTING} must begin with https:// outside development.", SETTING)
    if not (settings.sms_account and settings.sms_token and settings.sms_sender):
        raise CarpoolError(
            f"With {SETTING} go CARPOOL_SMS_ACCOUNT, CARPOOL_SMS_TOKEN and CARPOOL_SMS_SENDER; set all of them.",
            SETTING,
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]+", settings.sms_account):
        raise CarpoolError("CARPOOL_SMS_ACCOUNT is letters and digits.", "CARPOOL_SMS_ACCOUNT")
    return Gateway(settings.sms_url, settings.sms_account, settings.sms_token, settings.sms_sender)


def _code_in(answer: dict[str, Any]) -> Any:
    """The error that an answer tells of, a number or words; None if it tells of none."""
    found = next((answer[name] for name in ("code", "error_code", "error") if answer.get(name)), None)
    return None if found in range(200, 300) else found


def _document(answer: httpx.Response) -> dict[str, Any] | None:
    """What stands in the answer, None if it was cut off or is something else: its status has been read by then."""
    read = b""
    try:
        for chunk in answer.iter_bytes():
            read += chunk
            if len(read) > LARGEST_ANSWER:
                return None
        found = json.loads(read)
    except (httpx.HTTPError, ValueError):
        return None
    return found if isinstance(found, dict) else None

"""What a service may answer instead of a result: each error knows its status and says what to do."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from api.language import N_
from carpool.errors import CarpoolError


class ServiceError(CarpoolError):
    """An answer that somebody can act on. `api.edge.answers` turns it into a page or JSON; nothing else does.

    `words` are English, and put into the language spoken where they are shown.
    """

    status: int = 400
    words: ClassVar[str] = N_("This did not work. Please go back and try again.")

    def __init__(self, message: str | None = None, field: str | None = None) -> None:
        super().__init__(message or self.words, field)


class NotLoggedIn(ServiceError):
    """A coordinator's log-in is needed: pages lead to it, JSON answers 401."""

    status = 401
    words = N_("Please log in first.")


class CodeNeeded(NotLoggedIn):
    """The password was right; the code of the app is needed as well."""

    words = "Send the code that your app shows, or a recovery code, with it."


class CodeFirst(NotLoggedIn):
    """So many wrong tries came from anywhere that the password is not even looked at without the code."""

    words = "There were many wrong tries for this account. Type the code that your app shows as well."


class NoPrivatePage(ServiceError):
    """There is no private page for this browser: the visitor is told how to get in."""

    status = 401
    words = N_("Open the link in the message that we sent you.")
    way: ClassVar[str] = "/open"


class NoHostPage(NoPrivatePage):
    """There is no event whose host this browser is."""

    way = "/host/open"


class Refused(ServiceError):
    status = 403
    words = N_("This is not allowed.")


class NotAllowed(Refused):
    """Somebody's role in a campaign does not include it."""

    words = "Your role in this campaign does not include this. An owner of the campaign can change your role."


class CodesWanted(Refused):
    """A campaign lets in only those who log in with codes, and somebody has not set them up yet."""

    words = "This campaign asks its team to log in with codes of an app. Set them up on your account first."
    way: ClassVar[str] = "/account/codes"


class ConfirmFirst(Refused):
    """Somebody has to show once more that it is they. `by_code`: with their app's code rather than the password."""

    words = "Log in once more to do this: it is asked of everybody whose log-in is older than ten minutes."

    def __init__(self, by_code: bool, wrong: bool = False) -> None:
        super().__init__()
        self.by_code = by_code
        self.wrong = wrong


class FormExpired(Refused):
    """The form's token is missing or old. What was typed is kept, and sending it again is one press."""

    words = N_("The form was open for too long. Your answers are still here: please send them again.")


class NotFound(ServiceError):
    """It does not exist, or the asker may not know that it does."""

    status = 404
    words = N_("There is nothing at this address. It may have been removed, or the link may be incomplete.")


class Conflict(ServiceError):
    status = 409
    words = N_("Somebody else was faster. Please look at the page again.")


class Invalid(ServiceError):
    """Answers that do not fit: `errors` says for each field what would, never what was typed.

    `choices` are places one of which was meant, each in words that find it, with what helps to recognise it.
    """

    status = 422
    words = N_("Some answers need another look.")

    def __init__(
        self, errors: Mapping[str, str], message: str | None = None, choices: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.errors = dict(errors)
        self.choices = tuple(choices)
        first = next(iter(self.errors), None)
        super().__init__(message or (self.errors[first] if first else None), first)


class TooMany(ServiceError):
    """Too many tries; `retry_after` is in seconds."""

    status = 429
    words = N_("There were too many tries from your network. Please wait a while and try again.")

    def __init__(self, retry_after: int, message: str | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(ServiceError):
    """Something that we need is away for the moment. Nothing was saved."""

    status = 503
    words = N_("We could not save or look anything up just now. Please try again in a minute.")


class Failed(ServiceError):
    """A fault of ours."""

    status = 500
    words = N_("It is our fault, not yours. Nothing was saved. Please try again later.")

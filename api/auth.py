"""Who may call a route: each has exactly one of the five markers here, or `create_app` refuses to start."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.routing import Mount

from api import entering
from api.edge import cookies
from api.edge.watchers import may_watch
from api.errors import CodesWanted, NoHostPage, NoPrivatePage, NotAllowed, NotFound, NotLoggedIn
from api.services import audit, hosting, login, people, rights
from api.services.rights import Access, Right
from api.store.tables import Coordinator, Host, LoginSession, Person
from api.transaction import SAFE_METHODS, Database

API = "/v1"
OPEN_MOUNTS = frozenset({"/static"})

bearer_scheme = HTTPBearer(
    auto_error=False, scheme_name="Token", description="A token from `POST /v1/tokens`."
)
cookie_scheme = APIKeyCookie(
    name=f"__Host-{cookies.LOGIN.name}",
    auto_error=False,
    scheme_name="LoginCookie",
    description="The cookie of a coordinator who is logged in on the pages.",
)


def is_api(path: str) -> bool:
    """Whether this part of the service speaks JSON."""
    return path == API or path.startswith(f"{API}/")


async def anybody() -> None:  # Not worth a thread.
    """Marks a route that anybody may call."""


def watcher(request: Request) -> None:
    """Whoever watches over the whole service. To everybody else there is nothing at this address."""
    if not may_watch(request):
        raise NotFound


def with_private_page(request: Request, db: Database) -> Person:
    """The volunteer whose private page this browser may see."""
    token = cookies.PRIVATE.read(request)
    person = people.person_of(db, token) if token else None
    if person is None:
        raise NoPrivatePage
    return person


def with_event(request: Request, db: Database) -> Host:
    """The host of one event, whose key this browser has. Whether its page is open now is for the services to say."""
    token = cookies.HOST.read(request)
    host = hosting.host_of(db, token) if token else None
    if host is None:
        raise NoHostPage
    return host


def coordinator(
    request: Request,
    db: Database,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)],
    _cookie: Annotated[str | None, Depends(cookie_scheme)],
) -> Coordinator:
    """The coordinator who is logged in: by cookie, or for JSON by a bearer token.

    A request with an Authorization header is judged by it alone: it is exempt from the check of where it
    comes from, so the cookie must not count.
    """
    session = None
    if is_api(request.url.path) and "authorization" in request.headers:
        session = login.session_of(db, bearer.credentials, "bearer") if bearer else None
    elif token := cookies.LOGIN.read(request):
        session = login.session_of(db, token, "cookie")
    if session is None:
        raise NotLoggedIn
    request.state.login, found = session
    if request.method not in SAFE_METHODS:
        audit.record_otherwise(db, found, _pressed(request))
    return found


Public = Annotated[None, Depends(anybody)]
Me = Annotated[Person, Depends(with_private_page)]
HostOfEvent = Annotated[Host, Depends(with_event)]
Staff = Annotated[Coordinator, Depends(coordinator)]


@dataclass(frozen=True)
class Needs:
    """What a route of one campaign asks of its coordinator: a right, by the table in `api.services.rights`."""

    right: Right

    def __call__(self, request: Request, db: Database, coordinator: Staff, slug: str) -> Access:
        """Raises `NotFound` for a campaign that somebody else runs, and `NotAllowed` for a role without the right."""
        found = rights.access(db, slug, coordinator)
        request.state.access = found
        if rights.lacks_codes(found, coordinator):
            raise CodesWanted
        if not found.may(self.right):
            raise NotAllowed
        if self.right in rights.OF_SINGLE_EVENTS:
            rights.must_be_theirs(db, found, request.path_params)
        if request.method not in SAFE_METHODS:
            audit.record_otherwise(db, coordinator, _pressed(request), found.campaign.id)
        return found


def needs(right: Right) -> Any:
    """Declares the right that a route of one campaign needs: `dependencies=[needs(Right.MATCH)]`."""
    return Depends(Needs(right))


CONFIRM = "confirm"
"""The field of a form in which somebody types their password or code once more."""


async def typed_again(request: Request) -> str:
    """What somebody typed to show that it is they; programs log in again instead."""
    if request.method in SAFE_METHODS or is_api(request.url.path):
        return ""
    return str((await request.form()).get(CONFIRM, ""))


def confirmed_lately(
    request: Request, db: Database, coordinator: Staff, typed: Annotated[str, Depends(typed_again)]
) -> None:
    """Asks whoever presses to show again that it is they, unless they did within ten minutes. Looking asks for nothing.

    Raises `ConfirmFirst`, which becomes a page that sends what was pressed once more, with the password or code.
    """
    session: LoginSession = request.state.login
    if request.method not in SAFE_METHODS and not login.is_fresh(session):
        entering.confirm(request, db, session, coordinator, typed)


CONFIRMED = Depends(confirmed_lately)
"""Declares that a route asks for it: `dependencies=[needs(Right.PUBLISH), CONFIRMED]`."""

MARKERS = (anybody, with_private_page, with_event, coordinator, watcher)


def login_address(request: Request) -> str:
    """Where to log in and come back from: to this page, or the one it is a part of, if it can be loaded."""
    back = request.url.path if request.method in SAFE_METHODS else ""
    if request.headers.get("hx-request"):
        back = _path_of(request.headers.get("hx-current-url", ""))
    back = safe_next(back)
    return f"/login?next={quote(back)}"


def _path_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def safe_next(address: str | None, otherwise: str = "/coordinate") -> str:
    """A path on this site to go on to; what a browser may take for another site becomes `otherwise`."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return otherwise
    harmless = all(" " < character < "\x7f" and character != "\\" for character in address)
    return address if harmless else otherwise


def _calls(dependant: Dependant) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)


def callers(route: RouteContext) -> set[object]:
    """The markers that a route has."""
    dependant = getattr(route, "dependant", None)
    return set(_calls(dependant)).intersection(MARKERS) if dependant is not None else set()


def needed(route: RouteContext) -> list[Right]:
    """The rights that a route asks for."""
    dependant = getattr(route, "dependant", None)
    found = (
        {call for call in _calls(dependant) if isinstance(call, Needs)} if dependant is not None else set()
    )
    return sorted(one.right for one in found)


def undeclared(app: FastAPI) -> list[str]:
    """The routes that do not say, or say more than once, who may call them; of a campaign's own also with which right.

    And those that publish or export without asking for the password or code again.
    """
    wrong = []
    for route in iter_route_contexts(app.routes):
        is_open_mount = isinstance(route.original_route, Mount) and route.path in OPEN_MOUNTS
        markers = callers(route)
        of_campaign = coordinator in markers and "{slug}" in str(route.path)
        fits = len(markers) == 1 and len(needed(route)) == of_campaign and _asks_again(route)
        if not is_open_mount and not fits:
            wrong.append(f"{','.join(sorted(route.methods or ()))} {route.path}")
    return wrong


def _asks_again(route: RouteContext) -> bool:
    """Whether a press that the table counts among the grave ones is confirmed."""
    grave = rights.CONFIRMED.intersection(needed(route)) and set(route.methods or ()) - SAFE_METHODS
    dependant = getattr(route, "dependant", None)
    return not grave or (dependant is not None and confirmed_lately in _calls(dependant))


def _pressed(request: Request) -> str:
    """What the record says of a press that nothing else is recorded of: the route's name, never what was sent."""
    name = str(getattr(request.scope.get("endpoint"), "__name__", "something"))
    return f"asked to {name.replace('_', ' ').strip()}"

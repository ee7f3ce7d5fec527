"""From the link of a message to a page of somebody's own, and out again: the same for volunteers and for hosts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from api.edge.cookies import Cookie
from api.errors import NotFound
from api.pages.filled import Filled
from api.pages.rendering import page

SEE_OTHER = 303


@dataclass(frozen=True)
class Door:
    """A page of somebody's own at `inside`, and at `outside` the button that exchanges the link's token for a cookie.

    `exchange` raises `NotFound` for a link that opens nothing; `forget` makes a cookie open nothing any more.
    """

    outside: str
    inside: str
    template: str
    link: Cookie
    kept: Cookie
    exchange: Callable[[Session, str], str]
    forget: Callable[[Session, str], None]

    def follow(self, request: Request, token: str) -> Response:
        """Takes the token out of the address before any page is shown. Nothing is changed by it: mail scanners load links."""
        response = RedirectResponse(self.outside, SEE_OTHER)
        self.link.put(response, request, token)
        return response

    def show(self, request: Request, **shown: Any) -> HTMLResponse:
        return page(request, self.template, has_link=self.link.read(request) is not None, **shown)

    def enter(self, request: Request, db: Session) -> Response:
        """The press of the button."""
        token = self.link.read(request)
        if token is None:
            return RedirectResponse(self.outside, SEE_OTHER)
        try:
            cookie = self.exchange(db, token)
        except NotFound as error:
            form = Filled({}, {"": error.message})
            response: Response = page(request, self.template, error.status, has_link=False, form=form)
        else:
            response = RedirectResponse(self.inside, SEE_OTHER)
            self.kept.put(response, request, cookie)
        self.link.drop(response, request)
        return response

    def leave(self, request: Request, db: Session) -> Response:
        """Whoever uses this device next does not see the page."""
        if cookie := self.kept.read(request):
            self.forget(db, cookie)
        response = RedirectResponse("/", SEE_OTHER)
        self.kept.drop(response, request)
        return response

"""Our cookies are out of reach: of scripts, of other sites, and outside development of subdomains and plain HTTP."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.responses import Response

from api.edge import cookies
from api.edge.cookies import Cookie
from api.settings import Settings
from tests.api.conftest import settings_of

ALL = [cookies.LOGIN, cookies.PRIVATE, cookies.LINK, cookies.DRAFT, cookies.FORM]
HERE = settings_of()
THERE = settings_of(environment="production", base_url="https://lifts.example", secret_key="k" * 40)


def request(settings: Settings, sent: str = "") -> Request:
    app = SimpleNamespace(state=SimpleNamespace(settings=settings))
    return Request({"type": "http", "app": app, "headers": [(b"cookie", sent.encode())]})


def attributes(cookie: Cookie, settings: Settings) -> set[str]:
    response = Response()
    cookie.put(response, request(settings), "value")
    return set(response.headers["set-cookie"].split("; "))


@pytest.mark.parametrize("cookie", ALL)
def test_in_production_no_subdomain_can_set_it(cookie: Cookie) -> None:
    found = attributes(cookie, THERE)
    assert {f"__Host-{cookie.name}=value", "Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= found
    assert not any(attribute.startswith("Domain") for attribute in found)


@pytest.mark.parametrize("cookie", ALL)
def test_in_development_it_works_without_tls(cookie: Cookie) -> None:
    found = attributes(cookie, HERE)
    assert {f"{cookie.name}=value", "HttpOnly", "SameSite=lax", "Path=/"} <= found
    assert "Secure" not in found


def test_in_production_only_the_protected_name_is_read() -> None:
    sent = "login=theirs; __Host-login=ours"
    assert cookies.LOGIN.read(request(THERE, sent)) == "ours"
    assert cookies.LOGIN.read(request(HERE, sent)) == "theirs"
    assert cookies.LOGIN.read(request(THERE, "login=theirs")) is None
    assert cookies.LOGIN.read(request(HERE, "login=")) is None


@pytest.mark.parametrize("value", ["", "a b", "a\r\nSet-Cookie: b", "é", "€", '"', "a;b", "x" * 129])
def test_what_is_no_token_of_ours_is_not_kept(value: str) -> None:
    response = Response()
    cookies.LINK.put(response, request(HERE), value)
    assert "set-cookie" not in response.headers


def test_dropping_ends_it_at_once() -> None:
    response = Response()
    cookies.LOGIN.drop(response, request(THERE))
    assert {'__Host-login=""', "Max-Age=0", "Secure", "Path=/"} <= set(
        response.headers["set-cookie"].split("; ")
    )

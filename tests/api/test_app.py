"""The app as a whole: every route says who may call it, and the service says how it is."""

import subprocess
import sys

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, Route

from api.auth import anybody, coordinator, undeclared
from api.edge.csrf import form_token
from api.transaction import SAFE_METHODS


def test_every_route_says_who_may_call_it(app: FastAPI) -> None:
    assert undeclared(app) == []
    assert len(list(iter_route_contexts(app.routes))) > 1


def test_a_route_that_says_nothing_is_found() -> None:
    app = FastAPI(openapi_url=None)
    router = APIRouter(prefix="/inner")
    router.add_api_route("/silent", lambda: None, methods=["POST"])
    app.include_router(router)
    assert undeclared(app) == ["POST /inner/silent"]


def test_a_route_that_says_two_things_is_found() -> None:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/both", lambda: None, dependencies=[Depends(anybody), Depends(coordinator)])
    assert undeclared(app) == ["GET /both"]


def test_routes_beside_the_framework_are_found() -> None:
    app = FastAPI(openapi_url=None)
    app.router.routes.append(Mount("/hidden", app=FastAPI(openapi_url=None)))
    app.router.routes.append(Route("/plain", endpoint=lambda request: None))  # pragma: no branch
    assert [line.split()[-1] for line in undeclared(app)] == ["/hidden", "/plain"]


def test_whatever_changes_something_outside_the_api_is_a_form(app: FastAPI) -> None:
    for route in iter_route_contexts(app.routes):
        changes = bool((route.methods or set()) - SAFE_METHODS)
        if changes and not str(route.path).startswith("/v1/"):
            calls = [dependency.call for dependency in route.dependant.dependencies]
            assert form_token in calls, route.path


PROBE = """
import sys
from api.app import create_app
from api.settings import Settings
from starlette.testclient import TestClient

app = create_app(Settings(_env_file=None, database_url=sys.argv[1]))
with TestClient(app) as visitor:
    for path in ("/", "/health", "/ready", "/near?postcode=LS6", "/v1/nearest?postcode=LS6", "/login"):
        assert visitor.get(path).status_code == 200, path
heavy = {name.split(".")[0] for name in sys.modules} & {"ortools", "numba", "scipy"}
assert not heavy, heavy
"""


def test_the_web_process_needs_no_solver(database_url: str) -> None:
    command = [sys.executable, "-c", PROBE, database_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", ["/openapi.json", "/redoc"])
def test_the_frameworks_own_pages_are_off(app: FastAPI, path: str) -> None:
    assert path not in {route.path for route in iter_route_contexts(app.routes)}

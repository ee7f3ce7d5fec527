"""Puts the service together: who is asked first, what answers, and that every route says who may call it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine
from starlette.middleware import Middleware

from api import docs, health, logs, metrics, pages, v1
from api.auth import coordinator, undeclared
from api.edge import answers
from api.edge.access_log import AccessLog, route_names
from api.edge.csrf import form_token
from api.edge.headers import SecurityHeaders, SizeLimit
from api.edge.language import Language
from api.edge.meters import Meters
from api.edge.origin import SameOrigin
from api.errors import Unavailable
from api.settings import Settings
from api.settings import settings as settings_of_environment
from api.store.session import make_engine
from api.transaction import TURNS

LARGEST_BODY = 64 * 1024
LARGEST_TABLE = 10 * 1024 * 1024 + LARGEST_BODY
"""A table of ten megabytes, and the form that it comes in."""
STATIC = Path(__file__).parent / "static"
DESCRIPTION = (
    "What the pages do, for programs. Whoever runs a campaign logs in with `POST /v1/tokens`; the rest needs no log-in. "
    "Volunteers are offers (they drive), requests (they ride) or either: send the form that fits. "
    'Every refusal is `{"error": {"message", "field"}}` in plain words and never repeats what was sent.'
)
# What uvicorn is started with: it must neither log addresses nor believe headers. `api` does both, carefully.
SERVER_OPTIONS: Mapping[str, Any] = {
    "access_log": False,
    "log_config": None,
    "proxy_headers": False,
    "server_header": False,
    "ws": "none",
}
# We log and number requests ourselves, by route; nobody records what people send.
NO_TELEMETRY: Any = {"tracing": False, "metrics": False, "logs": False, "operation_spans": False}


def create_app(settings: Settings | None = None, engine: Engine | None = None) -> FastAPI:
    """The web service. Raises `RuntimeError` if a route does not say who may call it."""
    settings = settings or settings_of_environment()
    logs.configure(settings)
    app = FastAPI(
        title="Key Seat Carpool",
        version=version("keyseat-carpool"),
        description=DESCRIPTION,
        generate_unique_id_function=lambda route: route.name,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
        lifespan=_lifespan,
        middleware=[
            Middleware(SecurityHeaders, settings=settings),
            Middleware(AccessLog),
            Middleware(Language, settings=settings),
            Middleware(SizeLimit, most=LARGEST_BODY, most_of_table=LARGEST_TABLE),
            Middleware(SameOrigin, settings=settings),
        ],
    )
    app.state.settings = settings
    app.state.engine = engine or _engine_of(settings)
    app.state.meters = Meters()
    app.state.meters.registry.register(metrics.FromDatabase(app.state.engine))
    app.state.turns = asyncio.Semaphore(TURNS)
    answers.install(app)
    _add_routes(app)
    if wrong := undeclared(app):
        raise RuntimeError(f"These routes do not say, exactly once, who may call them: {'; '.join(wrong)}")
    app.state.route_names = route_names(app)
    return app


def _add_routes(app: FastAPI) -> None:
    for router in (health.router, metrics.router, docs.router, v1.router):
        app.include_router(router, max_body_size=LARGEST_BODY)
    # Whatever changes something outside /v1 is a form, and carries a form's token.
    for router in pages.ROUTERS:
        app.include_router(
            router, dependencies=[Depends(form_token)], include_in_schema=False, max_body_size=LARGEST_BODY
        )
    for router in pages.UPLOADS:
        # Who sends it is asked before it is read.
        asked = [Depends(coordinator), Depends(form_token)]
        app.include_router(router, dependencies=asked, include_in_schema=False, max_body_size=LARGEST_TABLE)
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")


def _engine_of(settings: Settings) -> Engine:
    if settings.database_url is None:
        raise Unavailable("No database is set. Start with `python -m api serve`, which brings its own.")
    return make_engine(settings.database_url)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.engine.dispose()

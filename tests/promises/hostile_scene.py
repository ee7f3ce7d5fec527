"""A campaign with one of everything, hostile words in whatever somebody typed, and everybody who looks at it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.app import create_app
from api.edge import cookies
from api.services.login import hash_of
from api.settings import Settings
from api.store import embedded
from api.store.migrating import migrate
from api.store.session import make_engine, open_session
from api.store.tables import Host, Offer, PrivateSession, Request, now
from tests.api import door, world
from tests.api.pages.scene import make_scene
from tests.api.test_rights import VALUES
from tests.api.whole import Whole, client_of, fill
from tests.promises.stack import database

TYPED: dict[str, tuple[str, ...]] = {
    "person": ("name", "phone_typed", "vouched_by"),
    "offer": ("car", "plate"),
    "request": ("pickup",),
    "event": ("title", "place_name"),
    "campaign": ("name", "organiser", "imprint", "phone"),
    "coordinator": ("name",),
    "host": ("name",),
    "report": ("said",),
    "avoidance": ("said",),
    "hold": ("reason",),
    "edit": ("reason",),
    "message": ("error",),
    "run": ("error",),
    "table_import": ("error", "vouched_by"),
    "import_row": (),
}
"""Every column that holds what somebody wrote, or what another machine answered."""
STREAMS = ("/runs/{run_id}/events", "/board/live", ".png")
"""What goes on until the reader leaves, and pictures."""
IN_DOCUMENTS = {
    "offer": ("answers",),
    "request": ("answers", "places"),
    "message": ("facts",),
    "import_row": ("cells",),
}
MEMBERS = {"car", "plate", "pickup", "name", "reason", "title", "place", "said", "by", "words"}


@dataclass
class Stage:
    """The app on that campaign, and who looks at it."""

    app: FastAPI
    engine: Engine
    made: Whole
    clients: dict[str, TestClient]


@contextmanager
def staged() -> Iterator[Stage]:
    with database() as server:
        url = embedded.create_database(server, "hostile")
        engine = make_engine(url)
        migrate(engine)
        settings: dict[str, Any] = {
            "database_url": url,
            "test_phone_numbers": True,
            "trusted_proxies": "127.0.0.1",
        }
        app = create_app(Settings(**settings), engine)
        with open_session(engine) as db:
            scene = make_scene(db, "-")
            made = fill(db, scene)
            clients = _clients(app, db, made)
        yield Stage(app, engine, made, clients)
        engine.dispose()


def _clients(app: FastAPI, db: Session, made: Whole) -> dict[str, TestClient]:
    """Stranger, driver, rider, host, and each kind of coordinator."""
    found = {"stranger": client_of(app, "")}
    for name, table in (("driver", Offer), ("rider", Request)):
        row = db.get_one(table, UUID(made.own["sign_up_id" if table is Offer else "request_id"]))
        token, until = f"{name}-{'0' * 30}", now() + timedelta(days=1)
        db.add(PrivateSession(token_hash=hash_of(token), person_id=row.person_id, expires_at=until))
        db.commit()
        found[name] = client_of(app, "")
        found[name].cookies.set(cookies.PRIVATE.name, token)
    host = db.get_one(Host, UUID(made.own["host_id"]))
    found["host"] = door.get_in(app, db, host)
    return found | {name: client_of(app, name) for name in ("owner", "regional", "helper", "reader")}


def write(engine: Engine, words: str) -> int:
    """Put the words into every column of `TYPED`, and into what was typed in documents; how many columns."""
    clean = words.replace("\0", "")
    with engine.begin() as connection:
        for table, names in TYPED.items():
            for name in names:
                connection.execute(text(f'UPDATE "{table}" SET "{name}" = :words'), {"words": clean})  # noqa: S608
        for table, names in IN_DOCUMENTS.items():
            for name in names:
                rows = connection.execute(text(f'SELECT ctid::text, "{name}" FROM "{table}"')).all()  # noqa: S608
                changed = text(
                    f'UPDATE "{table}" SET "{name}" = CAST(:new AS jsonb) WHERE ctid = CAST(:row AS tid)'  # noqa: S608
                )
                for row, document in rows:
                    connection.execute(changed, {"new": json.dumps(_with(document, clean)), "row": row})
    return sum(map(len, [*TYPED.values(), *IN_DOCUMENTS.values()]))


def _with(document: Any, words: str) -> Any:
    """The document with the words in the place of what somebody typed."""
    if isinstance(document, list):
        return [_with(one, words) for one in document]
    if not isinstance(document, dict):
        return document
    return {
        name: words if name in MEMBERS and isinstance(value, str) else _with(value, words)
        for name, value in document.items()
    }


def addresses(stage: Stage) -> list[str]:
    """Every address that can be looked at, its places filled with what is there."""
    values = {f"{{{name}}}": value for name, value in stage.made.own.items()} | dict(VALUES)
    values |= {
        "{code}": world.LEEDS_NORTH_WEST,
        "{token}": "x" * 22,
        "{import_id}": stage.made.imports["owner"],
    }
    paths = set()
    for route in iter_route_contexts(stage.app.routes):
        path = str(route.path)
        if "GET" not in (route.methods or ()) or path.endswith(STREAMS):
            continue
        path = path.replace("/callers/{person_id}", f"/callers/{stage.made.own['caller_id']}")
        for name, value in values.items():
            path = path.replace(name, str(value))
        if "{" not in path:
            paths.add(path)
    return sorted(paths)

"""Every coordinator's page by its route, with an address to load it at: a page that is added is measured by itself."""

import re
from collections.abc import Mapping
from uuid import UUID

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlmodel import Session, SQLModel, text

from api.auth import callers, coordinator
from tests.benchmarks.console.filling import Scene

NO_PAGES = (
    "/v1/",
    ".csv",
    ".json",
    ".zip",
    ".ics",
    ".png",
    ".pdf",
    ".xlsx",
    "/stream",
    "/runs/{run_id}/events",
)
"""What is no page by its beginning or its end: data for programs, files, streams."""
WORDS = {
    "what": "ask", "step": "where", "kind": "matched", "reference": "K7PM-2QXA", "paper": "driver-sheets",
    "document": "plan", "contents": "offers", "part": "1",
}  # fmt: skip
"""Address parts that are words."""
PREFERRED = {
    "run": "(state = 'published') DESC, created_at DESC",
    "lift": "(state = 'published') DESC, id",
    "event": "day, wanted DESC",
    "person": "(reach = 'call') DESC, (signed_up_by IS NOT NULL) DESC, id",
}
ALSO_CALLED = {"sign_up": "request"}
OTHERWISE = {
    "/hands/{sign_up_id}": {"run": "(state = 'done') DESC, created_at DESC"},
    "/publish": {"run": "(state = 'done') DESC, created_at DESC"},
    "/shifts": {"event": "ends_at - starts_at DESC"},
}
"""Which of a table's rows is looked at; otherwise any. Some pages, by the end of their route, want another."""


def routes(app: FastAPI) -> list[str]:
    """The patterns of all coordinators' pages."""
    found = {
        str(route.path)
        for route in iter_route_contexts(app.routes)
        if "GET" in (route.methods or ()) and coordinator in callers(route)
    }
    return sorted(path for path in found if not path.startswith(NO_PAGES) and not path.endswith(NO_PAGES))


def addresses(app: FastAPI, db: Session, scene: Scene) -> Mapping[str, str | None]:
    """Route → its address in the campaign; None where nothing is there that could stand in it."""
    return {route: _address(route, db, scene) for route in routes(app)}


def _address(route: str, db: Session, scene: Scene) -> str | None:
    first = PREFERRED | next((own for end, own in OTHERWISE.items() if route.endswith(end)), {})
    known = WORDS | {"slug": scene.slug, "day": scene.day}
    for name in re.findall(r"{(\w+)(?::\w+)?}", route):
        value = known.get(name) or _row(name.removesuffix("_id"), db, scene, first)
        if value is None:
            return None
        route = re.sub(rf"{{{name}(?::\w+)?}}", str(value), route)
    return route


def _row(name: str, db: Session, scene: Scene, first: Mapping[str, str]) -> UUID | None:
    """The id of a row of the table of this name, of the campaign where the table knows campaigns."""
    tables = SQLModel.metadata.tables
    name = ALSO_CALLED.get(name, name)
    # The table of this very name, or else one that only ends so.
    ending = (table for key, table in tables.items() if key.endswith(f"_{name}"))
    found = tables.get(name, next(ending, None))
    if found is None or "id" not in found.columns:
        return None
    own = (
        "WHERE campaign_id = (SELECT id FROM campaign WHERE slug = :slug)"
        if "campaign_id" in found.columns
        else ""
    )
    if name == "coordinator":
        own = "WHERE email LIKE 'team%'"
    statement = text(f"SELECT id FROM {found.name} {own} ORDER BY {first.get(name, 'id')} LIMIT 1")  # noqa: S608
    row: UUID | None = db.connection().execute(statement, {"slug": scene.slug}).scalar()
    return row

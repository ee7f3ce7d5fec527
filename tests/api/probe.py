"""Routes that fail in every way a route can, to see what the edge makes of it; and what a visitor reads off a page."""

from html.parser import HTMLParser
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from pydantic import BaseModel, Field, field_validator
from sqlalchemy import text
from starlette.responses import HTMLResponse, PlainTextResponse

from api import errors, limits
from api.auth import Me, Public, Staff, anybody
from api.edge.access_log import route_names
from api.edge.csrf import csrf_token, form_token
from api.store.tables import Coordinator
from api.transaction import Database
from carpool.errors import CarpoolError

pages = APIRouter(prefix="/probe")
api = APIRouter(prefix="/v1/probe")


class Typed(BaseModel):
    """What the probes take as JSON."""

    phone: str = ""
    seats: Annotated[int, Field(ge=0, le=8)] = 0
    id: UUID | None = None

    @field_validator("phone")
    @classmethod
    def _short(cls, value: str) -> str:
        if value.startswith("convert"):
            int(value)
        if len(value) > 60:
            raise ValueError("This is too long for a phone number.")
        return value


KINDS: dict[str, CarpoolError] = {
    "core": CarpoolError("The postcode is not one of Great Britain.", "postcode"),
    "refused": errors.Refused(),
    "notfound": errors.NotFound(),
    "conflict": errors.Conflict("Ann was faster."),
    "invalid": errors.Invalid({"phone": "Type a UK phone number."}),
    "toomany": errors.TooMany(90),
    "unavailable": errors.Unavailable(),
}


@pages.get("/form")
def form(_: Public, request: Request) -> HTMLResponse:
    return HTMLResponse(
        f'<form method="post"><input type="hidden" name="csrf" value="{csrf_token(request)}"></form>'
    )


@pages.post("/echo")
def echo(_: Public, phone: Annotated[str, Form()] = "") -> PlainTextResponse:
    return PlainTextResponse("received")


@pages.post("/raise/{kind}")
@api.post("/raise/{kind}")
def fail(_: Public, kind: str) -> None:
    raise KINDS[kind]


@pages.post("/bug")
@api.post("/bug")
async def bug(_: Public, request: Request) -> None:
    sent = (await request.body()).decode()
    raise RuntimeError(f"could not handle {sent}")


@pages.get("/by-id/{item}")
@api.get("/by-id/{item}")
def by_id(_: Public, item: UUID, seats: int = 0) -> dict[str, Any]:
    return {"item": str(item), "seats": seats}


@pages.get("/named/{name}")
def named(_: Public, db: Database, name: str) -> None:
    db.connection().execute(text("SELECT :name"), {"name": name})


@api.post("/typed")
def typed(_: Public, typed: Typed) -> Typed:
    return typed


@pages.post("/save")
@api.post("/save")
def save(_: Public, db: Database, request: Request) -> PlainTextResponse:
    db.add(
        Coordinator(email=request.query_params.get("email", "ann@example.org"), name="Ann", password_hash="-")
    )
    db.flush()
    if "fail" in request.query_params:
        raise errors.Conflict
    if "cut" in request.query_params:
        # The connection breaks between the last statement and the commit.
        own = db.connection().execute(text("SELECT pg_backend_pid()")).scalar_one()
        with request.app.state.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": own})
    return PlainTextResponse("saved")


@pages.get("/save")
def save_by_loading(_: Public, db: Database) -> None:
    db.add(Coordinator(email="ann@example.org", name="Ann", password_hash="-"))


@pages.post("/few", dependencies=[Depends(anybody), Depends(limits.limited(limits.FORMS))])
def few() -> PlainTextResponse:
    return PlainTextResponse("counted")


@pages.get("/mine")
def mine(me: Me) -> PlainTextResponse:
    return PlainTextResponse(me.name)


@pages.get("/staff")
@pages.post("/staff")
@api.get("/staff")
@api.post("/staff")
def staff(coordinator: Staff) -> PlainTextResponse:
    return PlainTextResponse(coordinator.name)


def with_probes(app: FastAPI) -> FastAPI:
    app.include_router(pages, dependencies=[Depends(form_token)], max_body_size=64 * 1024)
    app.include_router(api, max_body_size=64 * 1024)
    app.state.route_names = route_names(app)
    return app


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found.get("name") or ""] = found.get("value") or ""


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of the forms on a page."""
    parser = _Hidden()
    parser.feed(page)
    return parser.fields

"""What leaves the service: tables, a run's files, and paper. Each is asked about first, approved and recorded."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlmodel import Session

from api.auth import CONFIRMED, needs
from api.errors import Invalid
from api.pages.coordinators.export_wording import LEAVING
from api.pages.coordinators.rooms import Day, OneDay
from api.pages.filled import Filled, Posted
from api.pages.rendering import as_file, page
from api.services import matching
from api.services.exchange import csv_files, exports, run_files, sheets
from api.services.exchange.exports import Contents
from api.services.exchange.run_files import Document
from api.services.rights import Right
from api.transaction import Database

router = APIRouter(prefix="/coordinate/{slug}/{day}/exports", dependencies=[needs(Right.EXPORT)])
MOST_RUNS = 10
CSV, JSON = "text/csv; charset=utf-8", "application/json"
Paper = Literal["driver-sheets", "arrival-lists"]


@router.get("")
def show_exports(request: Request, db: Database, at: OneDay) -> HTMLResponse:
    """All that can be taken out or printed."""
    runs = [run for run in matching.runs(db, at.campaign, at.day) if run.state in ("done", "published")]
    shown = at.shown(sizes=exports.sizes(db, at), events=sheets.events(db, at), runs=runs[:MOST_RUNS])
    return page(request, "coordinators/exports.html", over=sheets.is_over(at.day), **shown)


@router.get("/paper/{paper}")
def ask_for_paper(
    request: Request, db: Database, at: OneDay, paper: Paper, event: UUID | None = None, part: int = 1
) -> HTMLResponse:
    return _ask_for_paper(request, db, at, paper, sheets.part(db, at, event, part))


@router.post("/paper/{paper}", dependencies=[CONFIRMED])
def print_paper(request: Request, db: Database, at: OneDay, paper: Paper, form: Posted) -> HTMLResponse:
    """A page to print: a sheet for each driver, or lists to tick."""
    part = sheets.part(db, at, _id(str(form.get("event", ""))), _number(str(form.get("part", "1"))))
    agreed = form.get("agreed") == "true"
    try:
        if paper == "driver-sheets":
            found: Any = sheets.driver_sheets(db, at, part, agreed=agreed)
        else:
            found = sheets.arrival_lists(db, at, part, agreed=agreed)
    except Invalid as error:
        return _ask_for_paper(request, db, at, paper, part, Filled({}, error.errors), error.status)
    template = f"coordinators/{paper.replace('-', '_')}.html"
    return page(request, template, part=part, paper=paper, found=found, **at.shown(phone=at.campaign.phone))


@router.get("/runs/{run_id}/{document}")
def ask_for_run(request: Request, db: Database, at: OneDay, run_id: UUID, document: Document) -> HTMLResponse:
    matching.find_without_plan(db, at.campaign, run_id)
    return _ask(request, db, at, document, f"runs/{run_id}/{document}")


@router.post("/runs/{run_id}/{document}", dependencies=[CONFIRMED])
def export_run(
    request: Request, db: Database, at: OneDay, run_id: UUID, document: Document, form: Posted
) -> Response:
    """A run's instance or plan, without names."""
    try:
        text = run_files.file(db, at, run_id, document, agreed=form.get("agreed") == "true")
    except Invalid as error:
        again = Filled({}, error.errors)
        return _ask(request, db, at, document, f"runs/{run_id}/{document}", again, error.status)
    return Response(text, media_type=JSON, headers=_named(at, document))


@router.get("/{contents}")
def ask_for_table(request: Request, db: Database, at: OneDay, contents: Contents) -> HTMLResponse:
    return _ask(request, db, at, contents, contents)


@router.post("/{contents}", dependencies=[CONFIRMED])
def export_table(request: Request, db: Database, at: OneDay, contents: Contents, form: Posted) -> Response:
    """A table of the day as a CSV file."""
    try:
        file = exports.table(db, at, contents, agreed=form.get("agreed") == "true")
    except Invalid as error:
        return _ask(request, db, at, contents, contents, Filled({}, error.errors), error.status)
    return StreamingResponse(csv_files.parts(file), media_type=CSV, headers=_named(at, contents))


def _named(at: Day, name: str) -> dict[str, str]:
    """The file's name tells campaign and day, so that two do not get mixed up. Both are plain letters and digits."""
    return as_file(f"{at.campaign.slug}-{at.day}-{LEAVING[name].file}")


def _ask(
    request: Request,
    db: Session,
    at: Day,
    name: str,
    address: str,
    form: Filled | None = None,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    """The question before it: what is in it, and who answers for it."""
    shown = at.shown(
        leaving=LEAVING[name], contents=name, address=address, sizes=exports.sizes(db, at), **more
    )
    return page(request, "coordinators/export.html", status, form=form or Filled(), **shown)


def _ask_for_paper(
    request: Request,
    db: Session,
    at: Day,
    paper: Paper,
    part: sheets.Part,
    form: Filled | None = None,
    status: int = 200,
) -> HTMLResponse:
    return _ask(request, db, at, paper, f"paper/{paper}", form, status, part=part)


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0

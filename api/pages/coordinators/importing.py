"""Bringing in a table: choose it, say which column is what, look at what was understood, take the good rows."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile

from api.auth import Staff, needs
from api.errors import Conflict, Invalid, NotFound
from api.pages.coordinators import wording
from api.pages.filled import Filled, Posted
from api.pages.rendering import as_file, page
from api.services import audit, campaigns
from api.services.exchange import bringing, telling, working
from api.services.rights import Right
from api.services.tidy import tidy_text
from api.transaction import Database
from carpool.tables import TableRefused

router = APIRouter(prefix="/coordinate/{slug}/import", dependencies=[needs(Right.IMPORT)])
uploads = APIRouter(prefix="/coordinate/{slug}/import", dependencies=[needs(Right.IMPORT)])
"""What takes a large body: who sends it is asked before it is read."""
SEE_OTHER = 303
NO_TABLE = "Choose the file with your list, or paste its cells."


@router.get("")
def ask_for_table(
    request: Request, db: Database, coordinator: Staff, slug: str, what: str = "people"
) -> HTMLResponse:
    """What can be brought in, and what is on its way."""
    return _ask(request, db, coordinator, slug, Filled({"kind": what}))


@uploads.post("")
def bring(request: Request, db: Database, coordinator: Staff, slug: str, form: Posted) -> Response:
    """A file or pasted cells. What was pasted comes back if it will not do."""
    campaign = campaigns.find_for(db, slug, coordinator)
    typed = {"kind": str(form.get("kind", "")), "pasted": str(form.get("pasted", ""))}
    try:
        made = bringing.start(db, campaign, coordinator, typed["kind"], _content(form))
    except TableRefused as error:
        field = "pasted" if typed["pasted"].strip() else "file"
        return _ask(request, db, coordinator, slug, Filled(typed, {field: error.message}), 422)
    except Invalid as error:
        return _ask(request, db, coordinator, slug, Filled(typed, error.errors), 422)
    return _to(slug, made)


@router.get("/{import_id}")
def show(request: Request, db: Database, coordinator: Staff, slug: str, import_id: UUID) -> HTMLResponse:
    return _show(request, db, coordinator, slug, import_id)


@router.get("/{import_id}/progress")
def progress(request: Request, db: Database, coordinator: Staff, slug: str, import_id: UUID) -> HTMLResponse:
    """The part of the page that a script asks for again and again; once it is done, the whole page is due."""
    campaign, made = _found(db, coordinator, slug, import_id)
    shown: dict[str, Any] = {"campaign": campaigns.view(campaign)}
    shown["table"] = bringing.view(db, made, coordinator)
    response = page(request, "coordinators/import_progress.html", **shown)
    if made.state not in ("checking", "taking"):
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/{import_id}/columns")
def confirm_columns(
    request: Request, db: Database, coordinator: Staff, slug: str, import_id: UUID, form: Posted
) -> Response:
    """The columns as the coordinator says they are; then the rows are checked."""
    _, made = _found(db, coordinator, slug, import_id)
    columns = [str(form.get(f"column-{index}", "")) for index in range(len(made.columns))]
    heading, day = str(form.get("heading", "")), str(form.get("usual_day", ""))
    role = str(form.get("usual_role", ""))
    try:
        bringing.confirm_columns(
            db, made, columns,
            heading=int(heading) if heading.isascii() and heading.isdigit() and len(heading) < 6 else None,
            usual_day=_day(day), usual_role=role if role in wording.USUAL_ROLES else "",
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        typed = {f"column-{index}": name for index, name in enumerate(columns)}
        typed |= {"heading": heading, "usual_day": day, "usual_role": role}
        errors = error.errors if isinstance(error, Invalid) else {"": error.message}
        return _show(request, db, coordinator, slug, import_id, Filled(typed, errors), error.status)
    return _carry_on(db, slug, made)


@router.post("/{import_id}/take")
def take(
    request: Request, db: Database, coordinator: Staff, slug: str, import_id: UUID, form: Posted
) -> Response:
    """Add the good rows, or all or none."""
    _, made = _found(db, coordinator, slug, import_id)
    typed = {"vouched_by": tidy_text(str(form.get("vouched_by", ""))).replace("\n", " ")}
    typed |= {name: str(form.get(name, "")) for name in ("basis", "only_all", "agreed")}
    try:
        bringing.ask_to_take(
            db, made, only_all=typed["only_all"] == "yes", vouched_by=typed["vouched_by"], basis=typed["basis"],
            agreed=typed["agreed"] == "true",
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        errors = error.errors if isinstance(error, Invalid) else {"": error.message}
        return _show(request, db, coordinator, slug, import_id, Filled(typed, errors), error.status)
    return _carry_on(db, slug, made)


@router.post("/{import_id}/back")
def back_to_columns(db: Database, coordinator: Staff, slug: str, import_id: UUID) -> Response:
    _, made = _found(db, coordinator, slug, import_id)
    bringing.back_to_columns(db, made)
    return _to(slug, made)


@router.post("/{import_id}/discard")
def discard(db: Database, coordinator: Staff, slug: str, import_id: UUID) -> Response:
    _, made = _found(db, coordinator, slug, import_id)
    bringing.discard(db, made)
    return RedirectResponse(f"/coordinate/{slug}/import", SEE_OTHER)


@router.post("/{import_id}/left-out")
def left_out(db: Database, coordinator: Staff, slug: str, import_id: UUID) -> Response:
    """The rows that cannot be taken, with what to mend, as a table to be brought in again."""
    campaign, made = _found(db, coordinator, slug, import_id)
    content = telling.left_out(db, made)
    audit.record(db, coordinator, "rows left out downloaded", campaign_id=campaign.id, subject_id=made.id)
    return Response(content, media_type="text/csv; charset=utf-8", headers=as_file("rows-left-out.csv"))


def _content(form: FormData) -> bytes | str:
    """The file, or what was pasted. Raises `TableRefused` if there is neither."""
    file = form.get("file")
    if isinstance(file, UploadFile):
        content = file.file.read()
        file.file.close()
        if content or file.filename:
            return content
    pasted = str(form.get("pasted", ""))
    if not pasted.strip():
        raise TableRefused(NO_TABLE)
    return pasted


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _carry_on(db: Session, slug: str, made: bringing.TableImport) -> RedirectResponse:
    """A small table at once; a large one is a worker's, and its page shows how far it is."""
    if not bringing.hand_on(db, made):
        working.carry_out(db, made.id)
    return _to(slug, made)


def _to(slug: str, made: bringing.TableImport) -> RedirectResponse:
    return RedirectResponse(f"/coordinate/{slug}/import/{made.id}", SEE_OTHER)


def _found(
    db: Session, coordinator: Staff, slug: str, import_id: UUID
) -> tuple[bringing.Campaign, bringing.TableImport]:
    campaign = campaigns.find_for(db, slug, coordinator)
    return campaign, bringing.find(db, campaign, coordinator, import_id)


def _ask(
    request: Request, db: Session, coordinator: Staff, slug: str, form: Filled, status: int = 200
) -> HTMLResponse:
    campaign = campaigns.find_for(db, slug, coordinator)
    kind = form.value("kind") if form.value("kind") in bringing.FIELDS else "people"
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign), "kind": kind}
    shown |= {"tables": bringing.all_of(db, campaign, coordinator), "fields": bringing.FIELDS[kind]}
    shown["days"] = bringing.days(db, campaign)
    return page(request, "coordinators/import.html", status, form=form, **shown)


PAGES = {
    "columns": "coordinators/import_columns.html",
    "checking": "coordinators/import_going.html",
    "checked": "coordinators/import_checked.html",
    "taking": "coordinators/import_going.html",
    "done": "coordinators/import_done.html",
}


def _show(
    request: Request,
    db: Session,
    coordinator: Staff,
    slug: str,
    import_id: UUID,
    form: Filled | None = None,
    status: int = 200,
) -> HTMLResponse:
    campaign, made = _found(db, coordinator, slug, import_id)
    if made.state not in PAGES:
        raise NotFound
    shown: dict[str, Any] = {"coordinator": coordinator, "campaign": campaigns.view(campaign)}
    shown["table"] = bringing.view(db, made, coordinator)
    if made.state == "columns":
        shown |= {"fields": bringing.FIELDS[made.kind], "days": bringing.days(db, campaign)}
        shown["roles"] = wording.USUAL_ROLES
    elif made.state in ("checked", "done"):
        shown["wrong_rows"] = telling.wrong_rows(db, made)
        shown["good_rows"] = telling.good_rows(db, campaign, made) if made.state == "checked" else []
        shown["bases"] = wording.BASES
    return page(request, PAGES[made.state], status, form=form or Filled(), **shown)

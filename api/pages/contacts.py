"""Changing one's name and contact from the private page: a form, and the code that proves a new address."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlmodel import Session

from api.auth import Me
from api.edge import cookies
from api.errors import Conflict, Invalid
from api.limits import CONTACTS, limited
from api.pages.filled import Filled, Posted, fields_of
from api.pages.rendering import page
from api.services import contacts, people, plain
from api.services.who import Contact
from api.transaction import Database

router = APIRouter(prefix="/my/contact")
SEE_OTHER = 303
CODE = "/my/contact/code"
TAKING_PART = ("unconfirmed", "waiting", "matched", "no_lift", "unheard")
LONGEST_CODE = 40


@router.get("")
def ask(request: Request, db: Database, person: Me) -> Response:
    return _form(request, db, person, Filled(contacts.as_typed(db, person)))


@router.post("", dependencies=[Depends(limited(CONTACTS))])
def save(request: Request, db: Database, person: Me, form: Posted) -> Response:
    """Save the name, and the contact once it is proven. The answer is the same whether we know the address or not."""
    typed = fields_of(Contact, form)
    try:
        waits = contacts.save(db, person, Contact.model_validate(typed))
    except ValidationError as error:
        return _form(request, db, person, Filled(typed, plain.in_words(error)), 422)
    except Conflict:
        return RedirectResponse("/my", SEE_OTHER)
    return RedirectResponse(CODE if waits else "/my", SEE_OTHER)


@router.get("/code")
def ask_for_code(request: Request, db: Database, person: Me) -> Response:
    return _code(request, db, person, Filled())


@router.post("/code")
def prove(request: Request, db: Database, person: Me, form: Posted) -> Response:
    """A wrong code is answered, not raised: that it was tried is kept."""
    typed = str(form.get("code", ""))[:LONGEST_CODE]
    try:
        contacts.prove(db, person, typed, cookies.PRIVATE.read(request) or "")
    except Invalid as error:
        return _code(request, db, person, Filled({"code": typed}, error.errors), error.status)
    except Conflict as error:
        again = Filled(contacts.as_typed(db, person), {"": error.message})
        return _form(request, db, person, again, error.status)
    return RedirectResponse("/my", SEE_OTHER)


@router.post("/again", dependencies=[Depends(limited(CONTACTS))])
def send_again(db: Database, person: Me) -> Response:
    contacts.send_again(db, person)
    return RedirectResponse(CODE, SEE_OTHER)


@router.post("/keep")
def keep_the_old(db: Database, person: Me) -> Response:
    contacts.keep_the_old(db, person)
    return RedirectResponse("/my", SEE_OTHER)


def _form(request: Request, db: Session, person: Me, form: Filled, status: int = 200) -> Response:
    mine = people.page(db, person)
    if mine.status not in TAKING_PART:
        return RedirectResponse("/my", SEE_OTHER)
    shown = {"me": mine, "campaign": mine.campaign, "contact": contacts.of(db, person)}
    return page(request, "lifts/contact.html", status, form=form, **shown)


def _code(request: Request, db: Session, person: Me, form: Filled, status: int = 200) -> Response:
    mine, contact = people.page(db, person), contacts.of(db, person)
    if not contact.waiting or mine.status not in TAKING_PART:
        return RedirectResponse("/my", SEE_OTHER)
    shown = {"me": mine, "campaign": mine.campaign, "contact": contact}
    response: HTMLResponse = page(request, "lifts/code.html", status, form=form, **shown)
    return response

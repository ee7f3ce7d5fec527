"""A large table that a coordinator brings in: checked or taken in one transaction, with progress noted beside it."""

from uuid import UUID

from sqlalchemy.exc import OperationalError

from api.jobs.tools import Tools
from api.services.exchange import working
from carpool.errors import CarpoolError

OURS = "This broke off by a fault of the service, and nothing was changed. Please tell its operator, whose log says more."


def bring_in(tools: Tools, import_id: UUID) -> None:
    """Do what is due, once, however often this is called. A fault leaves all as it was, and says so on the page."""
    try:
        with tools.transaction() as db:
            working.carry_out(db, import_id, lambda done: _note(tools, import_id, done))
    except OperationalError:
        raise
    except CarpoolError as error:
        words = error.message
        tools.insist(lambda db: working.fail(db, import_id, words))
    except Exception:
        tools.insist(lambda db: working.fail(db, import_id, OURS))
        raise


def _note(tools: Tools, import_id: UUID, done: int) -> None:
    """In a transaction of its own, so that the page sees it while the work goes on."""
    with tools.transaction() as db:
        working.note_progress(db, import_id, done)

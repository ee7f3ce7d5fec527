"""The queue's own table, read only: procrastinate alone writes it."""

from sqlalchemy import text
from sqlmodel import Session


def unfinished(db: Session, task: str, argument: str) -> set[str]:
    """The values of `argument` in the jobs of `task` that wait or are being done."""
    jobs = text(
        "SELECT args ->> :argument FROM procrastinate_jobs WHERE task_name = :task AND status IN ('todo', 'doing')"
    )
    found = db.connection().execute(jobs, {"argument": argument, "task": task})
    return {str(row[0]) for row in found}

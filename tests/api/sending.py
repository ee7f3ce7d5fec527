"""Sends what is in the outbox, as the worker does."""

from fastapi import FastAPI
from sqlmodel import Session, select

from api.jobs.delivery import deliver
from api.jobs.outward import ways_out
from api.jobs.solving import Solver
from api.jobs.tools import Tools
from api.messages.house import house_of
from api.settings import Settings
from api.store.tables import Message


def send_all(db: Session, app: FastAPI) -> None:
    """As the worker does, with its own ways out."""
    settings: Settings = app.state.settings
    with ways_out(settings, app.state.engine) as (mails, texts):
        tools = Tools(app.state.engine, mails, house_of(settings), Solver(), texts)
        for message_id in db.exec(select(Message.id).where(Message.state == "created")).all():
            deliver(tools, message_id, is_last_try=True)

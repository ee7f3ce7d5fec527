"""One request, one transaction: it is committed after the handler and before the answer leaves, only here."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated

from anyio import CancelScope
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from api.errors import Unavailable
from api.store import chain
from api.store.session import open_session

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

TURNS = 16
"""Fewer than the pool has connections, and than there are threads: what one request needs is never held by those that wait."""
TURN_SECONDS = 20


async def turn(request: Request) -> AsyncIterator[None]:
    """A request's turn at the database, in the order in which they came.

    Fifty presses of the same form wait for one another in the database. Waiting there they would take every thread, and the
    one that they wait for needs another thread to end. Raises `Unavailable` if the turn does not come.
    """
    turns: asyncio.Semaphore = request.app.state.turns
    try:
        async with asyncio.timeout(TURN_SECONDS):
            await turns.acquire()
    except TimeoutError:
        raise Unavailable from None
    try:
        yield
    finally:
        turns.release()


Turn = Annotated[None, Depends(turn, scope="function")]


async def database(request: Request, _turn: Turn) -> AsyncIterator[Session]:
    """The request's database session, which connects when it is first used.

    A handler that raises leaves nothing behind. GET and HEAD get a read-only transaction, so that no page can
    change anything by being loaded, whatever its code does.
    """
    engine = request.app.state.engine
    if request.method in SAFE_METHODS:
        engine = engine.execution_options(postgresql_readonly=True)
    # To make a session talks to nobody, so only its end is left to a thread.
    db = open_session(engine)
    try:
        yield db
        await run_in_threadpool(_keep, db)
    finally:
        with CancelScope(shield=True):
            if db.in_transaction():
                await run_in_threadpool(db.close)
            else:
                db.close()


def _keep(db: Session) -> None:
    chain.complete(db)
    db.commit()


@contextmanager
def looking(request: Request) -> Iterator[Session]:
    """A short look at the database for an answer that goes on after its request's transaction has ended."""
    with open_session(request.app.state.engine.execution_options(postgresql_readonly=True)) as db:
        yield db


# The scope matters: with the default one a failing commit would come after an answer that claims success.
Database = Annotated[Session, Depends(database, scope="function")]

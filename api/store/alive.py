"""Whether the database answers."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError


def answers(engine: Engine) -> bool:
    """Asks it the simplest question there is."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True

"""Whether the process can serve."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.ops.db import Database


def alive(database: Database) -> bool:
    """Ask the database for an answer."""
    try:
        with database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True

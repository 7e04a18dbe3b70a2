"""Whether the process can serve, and whether an alarm is open."""

from sqlalchemy.exc import SQLAlchemyError

from app.ops.alarms import open_count
from app.ops.db import Database


def said(database: Database) -> str | None:
    """Say how it stands, in words for monitors; None when the database does not answer."""
    try:
        with database.reading() as session:
            count = open_count(session)
    except SQLAlchemyError:
        return None
    return "ok" if not count else f"ok, {count} open alarm" + ("s" if count > 1 else "")

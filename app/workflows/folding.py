"""Folds what concurrent postings left pending, every moment, in whichever process comes first (PostgreSQL)."""

import asyncio

from app.coverage import jobs
from app.ops.db import Database
from app.ops.logging import log

MOMENT = 1.0
"""Seconds between folds: what is pending meanwhile is added by whoever reads."""


async def keep_folding(database: Database) -> None:
    """Fold for ever; an error is logged, and the next round makes up for it."""
    while not database.is_sqlite:
        await asyncio.sleep(MOMENT)
        try:
            await asyncio.to_thread(fold, database)
        except Exception as error:  # noqa: BLE001 - the loop must outlive a bad moment
            log().error("fold", exc_info=error)


def fold(database: Database) -> None:
    """Fold what is pending, unless nothing is."""
    with database.reading() as session:
        due = jobs.pending(session)
    if due:
        with database.session() as session:
            jobs.fold(session)

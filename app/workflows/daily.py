"""What a serving process does once at its start and then each day after midnight in Shanghai."""

import asyncio
from datetime import timedelta

from app.kit.dates import day_of, start_of
from app.ops import clock
from app.ops.db import Database
from app.ops.logging import log
from app.organisations import jobs

AFTER_MIDNIGHT = timedelta(minutes=1)


async def each_day(database: Database) -> None:
    """Run the day's work after every midnight; a day that fails is logged, and the next one makes up for it."""
    while True:
        now = clock.now()
        tomorrow = start_of(day_of(now) + timedelta(days=1)) + AFTER_MIDNIGHT
        await asyncio.sleep((tomorrow - now).total_seconds())
        try:
            await asyncio.to_thread(run, database)
        except Exception as error:  # noqa: BLE001 - the loop must outlive a bad day
            log().error("daily", exc_info=error)


def run(database: Database) -> None:
    """Let moves of enterprises take effect."""
    with database.session() as session:
        moved = jobs.follow_moves(session, clock.today())
    if moved:
        log().info("daily", enterprises_moved=moved)

"""The night's work: after midnight (Shanghai) moves take effect, figures of enterprises roll on, and all is proven.

`coverall worker` does it at once; a serving process does at its start what is short, and after midnight whatever no
worker has begun. Runs are recorded (app/ops/runs.py), so that however many processes there are, the work is done once.
"""

import asyncio
import os
import sys
from datetime import date, datetime, timedelta
from threading import Event

from app.coverage import jobs as coverage
from app.kit.dates import day_of, start_of
from app.ops import alarms, clock, runs
from app.ops.db import Database, Session
from app.ops.logging import log
from app.ops.settings import ROOT
from app.organisations import jobs as moves
from app.workflows import draft_work, nightly_check

DAY = "day"
DAY_FAILURE = "day.failed"
WORKER_AFTER = timedelta(minutes=1)
SERVER_AFTER = timedelta(minutes=3)
"""A worker begins first; a serving process does what is still to be done then."""
ROUND = timedelta(minutes=10)
"""How often to look whether something is left over: of a worker that died, of a machine that slept at midnight."""
POLITE = 10
"""How far the check stands back behind those who are served."""
TOLD = (0, 1, 2)
"""How a check ends: nothing found, something found (or failed, with its alarm), another check under way."""


async def each_day(database: Database, after: timedelta = SERVER_AFTER) -> None:
    """Do the night's work from so long after midnight on; an error is logged, and the next round makes up for it."""
    await _finish_drafts(database)
    while True:
        await asyncio.sleep(_pause(clock.now(), after).total_seconds())
        await _finish_drafts(database)
        try:
            await catch_up(database, after)
        except Exception as error:  # noqa: BLE001 - the loop must outlive a bad day
            log().error("daily", exc_info=error)


async def _finish_drafts(database: Database) -> None:
    """Take up comparisons and publications of draft plans that a process left behind when it ended.

    When this process is to end itself, wait until its thread has put down what it was at.
    """
    stop = Event()
    working = asyncio.create_task(asyncio.to_thread(draft_work.work, database, clock.now, stop))
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([working])
        raise
    except Exception as error:  # noqa: BLE001 - the loop must outlive a bad draft
        log().error("draft", exc_info=error)


def _pause(now: datetime, after: timedelta) -> timedelta:
    tomorrow = start_of(day_of(now) + timedelta(days=1)) + after
    return min(tomorrow - now, ROUND)


async def catch_up(database: Database, after: timedelta = timedelta(0)) -> None:
    """Do what is left of today's work, unless the day is younger than `after`."""
    now = clock.now()
    if now < start_of(day_of(now)) + after:
        return
    if not await asyncio.to_thread(_done, database, now):
        await asyncio.to_thread(run, database)
    if await asyncio.to_thread(_proof_due, database, now):
        await _prove_apart()


def _done(database: Database, now: datetime) -> bool:
    with database.reading() as session:
        today = runs.since(session, DAY, start_of(day_of(now)), now)
    return any(run.outcome in runs.COMPLETED for run in today)


def _proof_due(database: Database, now: datetime) -> bool:
    with database.reading() as session:
        return nightly_check.due(session, now)


async def _prove_apart() -> None:
    """Check all figures in a child: its memory goes with it, and it takes no time from those who are served."""
    command = (sys.executable, "-m", "app", "check", "--alarm")
    child = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL)
    os.setpriority(os.PRIO_PROCESS, child.pid, POLITE)
    try:
        code = await child.wait()
    except asyncio.CancelledError:
        child.terminate()
        raise
    if code not in TOLD:
        log().error("check", outcome=runs.INTERRUPTED, code=code)


def run(database: Database) -> None:
    """Do the short part of the day's work in one transaction; a failure is recorded, raises an alarm and goes on."""
    now = clock.now()
    try:
        with database.session() as session:
            run_id = runs.claim(session, DAY, now)
            if run_id is None:
                return
            moved = _work(session, day_of(now))
            runs.finish(session, run_id, runs.CLEAN, 0, clock.now())
    except Exception as error:
        _failed(database, type(error).__name__, now)
        raise
    if moved:
        log().info("daily", enterprises_moved=moved)


def _work(session: Session, today: date) -> int:
    """Let moves of enterprises take effect, and give how many did; bring the figures of enterprises to today."""
    moved = moves.follow_moves(session, today)
    coverage.roll(session, today)
    return moved


def _failed(database: Database, what: str, now: datetime) -> None:
    with database.session() as session:
        run_id = runs.claim(session, DAY, now)
        if run_id is not None:
            runs.finish(session, run_id, runs.FAILED, 0, clock.now())
            alarms.raise_alarm(session, run_id, DAY_FAILURE, what, 0, (), clock.now())

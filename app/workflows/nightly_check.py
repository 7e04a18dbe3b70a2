"""The proof of all figures as scheduled work: one at a time, recorded, with an alarm when something does not follow.

The proof reads one snapshot for as long as it takes and holds no write lock; beginning, heartbeat and end of the run
are short writes of their own. A process that dies leaves a run that is shown as interrupted.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from app.coverage import proof
from app.coverage.findings import Finding, plain
from app.kit.dates import day_of, start_of
from app.ops import alarms, clock, runs
from app.ops.alarms import SHOWN, Found
from app.ops.db import Database, Session
from app.ops.logging import log
from app.workflows.heartbeat import beating

PROOF = "proof"
DIFFERENCES, FAILURE, REPEATED = "proof.findings", "proof.failed", "proof.interrupted"
BEAT = timedelta(minutes=1)
TRIES = 3
"""How often a night's proof is begun when it is interrupted."""
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Proven:
    """How many rows did not follow from the facts, and the first of them."""

    count: int
    rows: tuple[Found, ...]


@dataclass(frozen=True)
class LastCheck:
    """When the figures were last checked as a whole (the instant of the snapshot), and how much did not follow."""

    at: datetime
    findings: int


def last_check(session: Session) -> LastCheck | None:
    """Give the last check that came to its end; None when there was none yet."""
    found = runs.last_completed(session, PROOF)
    return None if found is None else LastCheck(found.started_at, found.findings)


def due(session: Session, now: datetime) -> bool:
    """Say whether today's proof is still to be done: neither under way, nor ended, nor interrupted too often."""
    today = runs.since(session, PROOF, start_of(day_of(now)), now)
    return len(today) < TRIES and all(run.outcome == runs.INTERRUPTED for run in today)


def prove(database: Database, tick: Clock = clock.now) -> Proven | None:
    """Check all figures, record the run and raise an alarm on differences; None when another check is under way.

    An error is recorded, raises an alarm too, and goes on to the caller.
    """
    run_id = _begin(database, tick())
    if run_id is None:
        return None
    try:
        with _alive(database, run_id, tick), database.reading() as session:
            proven = _counted(proof.check(session))
    except Exception as error:
        _note(database, run_id, runs.FAILED, tick(), FAILURE, type(error).__name__)
        raise
    if proven.count:
        _note(database, run_id, runs.FINDINGS, tick(), DIFFERENCES, f"{proven.count} findings", proven)
    else:
        with database.session() as session:
            runs.finish(session, run_id, runs.CLEAN, 0, tick())
        log().info("check", findings=0)
    return proven


def _begin(database: Database, now: datetime) -> int | None:
    """Claim the run; that it is the day's last try, for the others were interrupted, is an alarm of its own."""
    with database.session() as session:
        run_id = runs.claim(session, PROOF, now)
        today = runs.since(session, PROOF, start_of(day_of(now)), now)
        interrupted = sum(run.outcome == runs.INTERRUPTED for run in today)
        last_try = run_id is not None and interrupted == TRIES - 1
        if run_id is not None and last_try:
            alarms.raise_alarm(session, run_id, REPEATED, f"interrupted {interrupted} times", interrupted, (), now)
    if last_try:
        log().error("check", outcome=runs.INTERRUPTED, times=interrupted)
    return run_id


def _counted(findings: Iterable[Finding]) -> Proven:
    """Keep the first rows and count the others."""
    left = iter(findings)
    rows = tuple(_kept(finding) for finding in islice(left, SHOWN))
    return Proven(len(rows) + sum(1 for _ in left), rows)


def _kept(finding: Finding) -> Found:
    """Give a row as an alarm keeps it."""
    about, lacks = plain(finding.about) or {}, plain(finding.lacks) or {}
    return Found(finding.kind, finding.text, about, plain(finding.stands), plain(finding.should), lacks)


def _note(
    database: Database, run_id: int, outcome: str, now: datetime, kind: str, text: str, proven: Proven | None = None
) -> None:
    """End the run and raise its alarm, in one transaction, and log it at the level of an error."""
    count, rows = (proven.count, proven.rows) if proven else (0, ())
    with database.session() as session:
        runs.finish(session, run_id, outcome, count, now)
        alarms.raise_alarm(session, run_id, kind, text, count, rows, now)
    log().error("check", outcome=outcome, findings=count, kinds=sorted({row.kind for row in rows}), what=text)


def _alive(database: Database, run_id: int, tick: Clock) -> AbstractContextManager[None]:
    """Let the run be seen alive while it lasts."""
    return beating(
        database,
        BEAT,
        lambda session: runs.beat(session, run_id, tick()),
        lambda fault: log().warning("check", outcome="no heartbeat", what=fault),
    )

"""Does the queued runs of drafts, one after another, outside any request: comparisons and publications.

A comparison reads one snapshot and writes what it found in chunks, each with a heartbeat; a publication is one
transaction. A process that dies leaves a row that goes silent; whoever looks next takes it up again: a request for
its page, the start of a serving process or worker, and every round of the daily work.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock

from app.coverage import draft_runs, drafting
from app.coverage.draft_runs import Claimed
from app.coverage.draft_sums import Line, Sums
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.db import Database
from app.ops.logging import log
from app.plans import drafts
from app.workflows.draft_plan import KEPT_RUNS, base_of
from app.workflows.heartbeat import beating
from app.workflows.publish_plan import publish_queued

BEAT = timedelta(seconds=30)
Clock = Callable[[], datetime]
_turn = Lock()


def _unseen(_: Sequence[Line]) -> None:
    """Let enterprises go by."""


@dataclass(frozen=True)
class Watch:
    """What a comparison adds up, and who is handed the enterprises that it changes, some at a time."""

    sums: Sums = field(default_factory=Sums)
    each: Callable[[Sequence[Line]], None] = _unseen


class Stopped(Exception):  # noqa: N818 - a wish, not an error
    """The process is to end: the run goes back to those that wait."""


def work(database: Database, tick: Clock = clock.now, stop: Event | None = None) -> None:
    """Do what is queued, unless this process is at it already; an error ends its run, never the caller.

    Once `stop` is set a comparison goes back to the queue at its next chunk; a publication comes to its end.
    """
    stop = stop or Event()
    while not stop.is_set() and _left(database, tick) and _turn.acquire(blocking=False):
        try:
            while not stop.is_set() and (run := _claimed(database, tick)) is not None:
                perform(database, run, tick, stop)
        finally:
            _turn.release()


def _left(database: Database, tick: Clock) -> bool:
    with database.reading() as session:
        return draft_runs.waiting(session, tick())


def _claimed(database: Database, tick: Clock) -> Claimed | None:
    with database.session() as session:
        return draft_runs.claim(session, tick())


def perform(
    database: Database, run: Claimed, tick: Clock = clock.now, stop: Event | None = None, watch: Watch | None = None
) -> None:
    """Do one run, and record how it ended; `watch` gets what a comparison finds."""
    stop = stop or Event()
    try:
        if run.kind == "publish":
            with _alive(database, run.id, tick), database.session() as session:
                publish_queued(session, run, tick())
        else:
            _compare(database, run, tick, stop, watch or Watch())
    except Stopped:
        with database.session() as session:
            draft_runs.requeue(session, run.id)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run must not stay under way for ever
        code = error.code if isinstance(error, Problem) else "fault"
        with database.session() as session:
            draft_runs.drop_results(session, run.id)
            draft_runs.close(session, run.id, tick(), error=code)
        if code == "fault":
            log().error("draft", run=run.id, what=type(error).__name__, exc_info=error)
    else:
        log().info("draft", run=run.id, kind=run.kind)


def _compare(database: Database, run: Claimed, tick: Clock, stop: Event, watch: Watch) -> None:
    sums = watch.sums
    with database.reading() as session:
        draft = drafts.find(SYSTEM, session, run.draft_id)
        base = base_of(session, draft.plan, chosen_id=draft.base_plan_id)
        asked = drafting.comparison(session, base, draft.plan, run.region, run.on)
        as_of, version = drafting.known_until(session), drafts.version_now(session, base.id if base else None)
        whole = drafting.count(session, asked)
        with database.session() as writing:
            draft_runs.begin(writing, run.id, whole, as_of, version)
        for step in drafting.walk(session, asked, sums):
            if stop.is_set():
                raise Stopped
            with database.session() as writing:
                draft_runs.advance(writing, run.id, step.done, step.changed, tick())
            watch.each(step.changed)
    with database.session() as writing:
        draft_runs.finish(writing, run.id, sums, tick())
        draft_runs.keep_latest(writing, run.draft_id, KEPT_RUNS)


@contextmanager
def _alive(database: Database, run_id: int, tick: Clock) -> Iterator[None]:
    """Let a publication be seen alive; on SQLite nobody could take it up, for it holds the one write transaction."""
    if database.is_sqlite:
        yield
        return
    with beating(
        database,
        BEAT,
        lambda session: draft_runs.beat(session, run_id, tick()),
        lambda fault: log().warning("draft", run=run_id, what=fault),
    ):
        yield

"""What the processes do: take a stretch of enterprises at a time, replay them, keep (shares.py) or copy their rows."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, count
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from operator import itemgetter
from pathlib import Path

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from app.coverage.models import Posting
from app.coverage.rebuild import owning, parts, reading
from app.coverage.rebuild.history import FOREVER, EnterpriseHistory, Held, Instant, Term, Told, Waived
from app.coverage.rebuild.reading import Stretch
from app.coverage.rebuild.rows import Rows, told
from app.coverage.rebuild.shares import Share
from app.coverage.rebuild.slots import Slots
from app.coverage.rebuild.staging import copy
from app.kit.batches import batched
from app.kit.errors import Problem
from app.ops.db import EPOCH, MICROSECOND, Database
from app.ops.i18n import N_
from app.ops.listed import one_of
from app.organisations.models import Enterprise, PostAssignmentVersion

SIZE = 2500
"""Versions of assignments that a stretch has at most, unless one enterprise alone has more."""
ENTERPRISES = 500
MOST_POSTINGS = 5000
KNOWN = itemgetter(0, 1)
"""From when until when something is known."""
Turn = Callable[[], int]
"""Gives the number of the next stretch that nobody does yet."""
Counts = dict[str, int]


@dataclass(frozen=True)
class Work:
    """What is to be done with a database, in as many processes as there are files (None: rows are copied into it)."""

    url: str
    todo: Sequence[Stretch]
    files: Sequence[Path | None]
    made_by: Sequence[str] = ()
    """Statements that make the tables of a file."""
    slots: Slots | None = None


def stretches(session: Session) -> Iterator[Stretch]:
    """Cut all enterprises into stretches of about the same work, in order of id."""
    row = PostAssignmentVersion
    counts = select(row.enterprise_id, func.count().label("count")).group_by(row.enterprise_id).subquery()
    query = select(Enterprise.id, func.coalesce(counts.c.count, 0))
    query = query.outerjoin(counts, counts.c.enterprise_id == Enterprise.id).order_by(Enterprise.id)
    first = last = count = enterprises = 0
    for id, more in session.execute(query):
        if enterprises and (count + more > SIZE or enterprises == ENTERPRISES):
            yield Stretch(first, last)
            enterprises = count = 0
        first = id if not enterprises else first
        last, count, enterprises = id, count + more, enterprises + 1
    if enterprises:
        yield Stretch(first, last)


@contextmanager
def begun(work: Work) -> Iterator[Iterator[Counts]]:
    """Begin to do all stretches, in as many processes as there are files (one: in this one, when it is waited for).

    Gives how many rows each kept, by table.
    """
    if len(work.files) == 1:
        yield (_share(work, number, count().__next__) for number in range(1))
        return
    context = get_context("spawn")
    following = context.Value("q", 0)
    with ProcessPoolExecutor(len(work.files), context, _begin, (following,)) as pool:
        made = [pool.submit(_do, work, number) for number in range(len(work.files))]
        try:
            yield (each.result() for each in made)
        finally:
            following.value = len(work.todo)


def _share(work: Work, number: int, turn: Turn) -> Counts:
    """Do stretches until none is left."""
    file = work.files[number]
    with closing(Worker(work.url)) as worker:
        if file is None:
            for stretch in _mine(work, turn):
                with worker.database.session() as session:
                    copy(session, worker.told(stretch))
            return {}
        with parts.opened(file, work.made_by) as session:
            share = Share(session, number, work.slots or {})
            for stretch in _mine(work, turn):
                share.keep(worker.told(stretch))
        share.end(parts.sums_of(file))
        return share.counts


def _mine(work: Work, turn: Turn) -> Iterator[Stretch]:
    while (following := turn()) < len(work.todo):
        yield work.todo[following]


class Worker:
    """One process's own connection, with the plans and merges that all enterprises share."""

    def __init__(self, url: str) -> None:
        """Connect, and read what is shared."""
        self.database = Database(url)
        with self.database.reading() as session:
            self.library = reading.library(session)
            self.merges = owning.merges(session)
            instants = {at for editions in self.library.plans for e in editions for at in (e.since, e.until)}
            instants |= {row.since for row in self.library.retakes}
            self.postings = _postings(session, instants)

    def told(self, stretch: Stretch) -> Rows:
        """Replay a stretch."""
        rows = Rows([], [], [], [])
        with self.database.reading() as session:
            histories = reading.histories(session, stretch)
            awards = owning.awards(session, stretch, self.merges)
            postings = self.postings | _postings(session, _instants(histories.values(), awards.values()))
        for history in histories.values():
            told(self.library, history, awards, postings.__getitem__, rows)
        return rows

    def close(self) -> None:
        """Close the connection."""
        self.database.close()


def _instants(histories: Iterable[EnterpriseHistory], awards: Iterable[Sequence[Held]]) -> set[Instant]:
    """Give every instant at which anything became known or ceased to be."""
    found: set[Instant] = set()
    for history in histories:
        found.update(said.since for said in history.declarations)
        known: tuple[Sequence[Told | Term | Waived], ...] = (history.facts, *history.terms.values())
        for rows in (*known, *history.waivers.values()):
            found.update(chain.from_iterable(map(KNOWN, rows)))
    for held in awards:
        found.update(chain.from_iterable(map(KNOWN, held)))
    return found


def _postings(session: Session, instants: set[Instant]) -> dict[Instant, int]:
    """Give the ids of the postings of instants. Problem 409 when one has none."""
    at = type_coerce(Posting.recorded_at, BigInteger)
    instants.discard(FOREVER)
    found: dict[Instant, int] = {}
    for chunk in batched(sorted(instants), MOST_POSTINGS):
        found.update(reading.raw(session, select(at, Posting.id).where(one_of(at, chunk))))
    if len(found) < len(instants):
        lacking = EPOCH + min(instants - found.keys()) * MICROSECOND
        message = N_("A fact was recorded at %(instant)s, but no posting was: the ledger cannot be rebuilt.")
        raise Problem(409, "rebuild_posting", message, {"instant": lacking.isoformat()})
    return found


_following: "list[Synchronized[int]]" = []
"""How many stretches were taken by all processes."""


def _begin(following: "Synchronized[int]") -> None:
    gc.disable()  # what is read and told holds no cycles
    _following.append(following)


def _turn() -> int:
    with _following[0].get_lock():
        _following[0].value += 1
        return _following[0].value - 1


def _do(work: Work, number: int) -> Counts:
    return _share(work, number, _turn)

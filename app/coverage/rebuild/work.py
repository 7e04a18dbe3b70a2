"""What one process does: read a stretch of enterprises, replay them, give (SQLite) or copy (PostgreSQL) their rows."""

import gc
import marshal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import Session

from app.coverage.models import Posting
from app.coverage.rebuild import owning, reading
from app.coverage.rebuild.history import FOREVER, EnterpriseHistory, Held, Instant, Term, Told, Waived
from app.coverage.rebuild.lines import Lines
from app.coverage.rebuild.reading import Stretch
from app.coverage.rebuild.rows import Columns, Rows, told
from app.coverage.rebuild.slots import Slots, figures
from app.coverage.rebuild.staging import copy
from app.coverage.rebuild.sums import Place, Sums
from app.kit.batches import batched
from app.kit.errors import Problem
from app.ops.db import EPOCH, MICROSECOND, Database
from app.ops.i18n import N_
from app.ops.listed import one_of
from app.organisations.models import Enterprise, PostAssignmentVersion

SIZE = 2500
"""Versions of assignments that a stretch has at most, unless one enterprise alone has more."""
ENTERPRISES = 500
AHEAD = 2
"""Stretches that may wait for the writer."""
MOST_POSTINGS = 5000
KNOWN = itemgetter(0, 1)
"""From when until when something is known."""


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


def done(url: str, todo: Iterable[Stretch], processes: int, slots: Slots) -> Iterator[bytes]:
    """Do all stretches, in order, in so many processes (1: in this one), and give what they made, packed."""
    if processes == 1:
        worker = Worker(url, slots)
        try:
            yield from map(worker.do, todo)
        finally:
            worker.close()
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (url, slots)) as pool:
        waiting: deque[Future[bytes]] = deque()
        try:
            for stretch in todo:
                waiting.append(pool.submit(_do, stretch))
                if len(waiting) >= processes + AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


class Made(NamedTuple):
    """What is made of a stretch for SQLite: rows, and what follows from them."""

    rows: Sequence[Columns]
    """By table in order of COLUMNS."""
    figures: Columns
    """Of enterprise_figure."""
    sums: Sequence[tuple[dict[Place, Lines], dict[Place, Lines]]]
    """Of entries, and of enterprise entries."""


def unpack(packed: bytes) -> Made:
    """Give what a worker packed."""
    return Made(*marshal.loads(packed))  # noqa: S302 - our own process wrote it


class Worker:
    """One process's own connection, with the plans and merges that all enterprises share."""

    def __init__(self, url: str, slots: Slots) -> None:
        """Connect, and read what is shared."""
        self.database = Database(url)
        self.slots = slots
        with self.database.reading() as session:
            self.library = reading.library(session)
            self.merges = owning.merges(session)
            instants = {at for editions in self.library.plans for e in editions for at in (e.since, e.until)}
            instants |= {row.since for row in self.library.retakes}
            self.postings = _postings(session, instants)

    def do(self, stretch: Stretch) -> bytes:
        """Replay a stretch."""
        rows = Rows([], [], [], [])
        with self.database.reading() as session:
            histories = reading.histories(session, stretch)
            awards = owning.awards(session, stretch, self.merges)
            postings = self.postings | _postings(session, _instants(histories.values(), awards.values()))
        for history in histories.values():
            told(self.library, history, awards, postings.__getitem__, rows)
        if self.database.is_sqlite:
            return self._packed(rows)
        with self.database.session() as session:
            copy(session, rows)
        return marshal.dumps([])

    def _packed(self, rows: Rows) -> bytes:
        tallies, kinds = Sums(), Sums()
        _, entries, standings, enterprise_entries = columns = rows.by_column()
        tallies.add(entries)
        kinds.add(enterprise_entries)
        sums = [(each.days, each.ahead) for each in (tallies, kinds)]
        return marshal.dumps((columns, figures(entries, standings, self.slots), sums))

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


_worker: list[Worker] = []


def _begin(url: str, slots: Slots) -> None:
    gc.disable()  # what is read and told holds no cycles
    _worker.append(Worker(url, slots))


def _do(stretch: Stretch) -> bytes:
    return _worker[0].do(stretch)

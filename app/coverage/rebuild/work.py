"""What each process does: take a stretch of enterprises at a time, replay them, keep (shares.py) or copy their rows."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.coverage.rebuild import owning, reading
from app.coverage.rebuild.postings import Ids, Postings
from app.coverage.rebuild.reading import Stretch
from app.coverage.rebuild.rows import Rows, told
from app.coverage.rebuild.shares import Share
from app.coverage.rebuild.slots import Slots
from app.coverage.rebuild.staging import copy
from app.ops.db import Database
from app.organisations.models import Enterprise, PostAssignmentVersion

SIZE = 2500
"""Versions of assignments that a stretch has at most, unless one enterprise alone has more."""
ENTERPRISES = 500
Turn = Callable[[], int]
"""Gives the number of the next stretch that nobody does yet."""


@dataclass(frozen=True)
class Work:
    """What is to be done with a database, and what all who do it share."""

    url: str
    todo: Sequence[Stretch]
    postings: Postings
    made_by: Sequence[str]
    """Statements that make the tables of a file of rows."""
    slots: Slots


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


def keep(work: Work, turn: Turn, share: Share) -> None:
    """Do stretches until none is left, and keep their rows."""
    with closing(Worker(work)) as worker:
        for stretch in _mine(work, turn):
            share.keep(worker.told(stretch))


def copied(work: Work, turn: Turn) -> None:
    """Do stretches until none is left, and copy their rows into the database."""
    with closing(Worker(work)) as worker:
        for stretch in _mine(work, turn):
            with worker.database.session() as session:
                copy(session, worker.told(stretch))


def _mine(work: Work, turn: Turn) -> Iterator[Stretch]:
    while (following := turn()) < len(work.todo):
        yield work.todo[following]


class Worker:
    """One process's own connection, with the plans, merges and waivers that all enterprises share."""

    def __init__(self, work: Work) -> None:
        """Connect, and read what is shared."""
        self.database = Database(work.url)
        self._postings = work.postings
        with self.database.reading() as session:
            self.library = reading.library(session)
            self.merges = owning.merges(session)
            self.waivers = reading.waivers(session)

    def told(self, stretch: Stretch) -> Rows:
        """Replay a stretch."""
        rows = Rows([], [], [], [])
        with self.database.reading() as session:
            histories = reading.histories(session, stretch, self.waivers)
            awards = owning.awards(session, stretch, self.merges)
        ids = Ids(self._postings)
        for history in histories.values():
            told(self.library, history, awards, ids.__getitem__, rows)
        return rows

    def close(self) -> None:
        """Close the connection."""
        self.database.close()

"""The whole ledger made again from the facts, as each was known: figures "on D as known at K" come out as they were.

    history.py      what was known when, as frozen values; reading.py and owning.py read it, a stretch of enterprises
    stories.py      an assignment's facts in recorded time -> how it stood from each instant on (demanded.py and
                    standing.py: the rules of it in ordinals)
    assignments.py  these stories -> spans of standing, and what changed at which instant
    enterprises.py  the same for an enterprise: statuses.py, amounts.py; figures.py and rosters.py keep what it sums
    lines.py        how entries are counted while they come about
    rows.py         one enterprise -> the rows of the four tables
    work.py         stretches of enterprises, replayed by this process and others (team.py); postings.py: what all ask
    shares.py       SQLite: what each process makes: this one in the database, the others in a file each (parts.py);
                    what follows from entries is summed up as they come: sums.py -> nodes.py the rollups, slots.py the
                    figures of enterprises (on PostgreSQL the statements that make them anyway do)
    inplace.py      SQLite: one write transaction that takes the files' tables over and indexes all
    staging.py      PostgreSQL: tables beside that are swapped in

The rules are those that postings go by (rules, status, ledger); here they are only asked at every instant at which
something that they rest on became known. What is not versioned in recorded time is taken as it stands: which award
belongs to which course version. Postings stay; so do facts.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, make_url, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.coverage import enterprise_figures, jobs
from app.coverage.locks import lock_postings
from app.coverage.projections import FOLD_LOCK
from app.coverage.rebuild import bulk, inplace, parts, postings, staging
from app.coverage.rebuild.rows import COLUMNS
from app.coverage.rebuild.shares import Share
from app.coverage.rebuild.team import gathered
from app.coverage.rebuild.work import Work, copied, keep, stretches
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import day_of
from app.ops.db import Database

Say = Callable[[str], None]


@dataclass(frozen=True)
class Rebuild:
    """Who has the ledger rebuilt, when, and in how many processes (0: as many as there are processors)."""

    actor: Actor
    now: datetime
    processes: int = 0


def rebuild(url: str, command: Rebuild, say: Say = lambda _: None) -> dict[str, int]:
    """Make the ledger and its projections again, all or nothing, and give how many rows each table has.

    Nothing can be posted meanwhile; readers see the old ledger. `say` hears of each stage. Problem 409 when a
    fact that changes it has no posting.
    """
    making = _Making(url, command, say)
    if make_url(url).get_backend_name() == "sqlite":
        with _uncollected(), bulk.opened(url, inplace.SORTING) as database, database.session() as session:
            session.connection()  # the one writer from here on: files that lie about are nobody's
            with parts.files(url) as place:
                return making.in_place(session, place)
    with _uncollected(), bulk.opened(url) as database:
        staging.discard(database)
        with database.session() as session:
            counts = making.beside(database, session)
        with suppress(OperationalError):  # then the next rebuild does it
            staging.discard(database)
    return counts


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: millions of rows hold no cycles."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@dataclass(frozen=True)
class _Making:
    url: str
    command: Rebuild
    say: Say

    def in_place(self, session: Session, place: Callable[[str], Path]) -> dict[str, int]:
        """Make it on SQLite."""
        files = [place(f"rows{number}") for number in range(min(self._others(), parts.MOST))]
        with gathered(len(files)) as team:
            slots = enterprise_figures.kept(session, day_of(self.command.now))
            work = self._work(session, parts.made_by(session, parts.LEDGER, parts.FIGURES), slots)
            others = team.begin(work, files)
            inplace.empty(session, slots)
            figures, made_by = place(parts.FIGURES.name), parts.made_by(session, parts.FIGURES)
            with parts.opened(figures, made_by) as beside:
                share = Share(session, beside, 0, work.slots)
                keep(work, team.turn, share)
            counts = [share.counts, *others]
        self.say("indexes and projections")
        inplace.finish(session, inplace.Made(share.sums, figures, files), place(parts.SUMS.name))
        return self._noted(session, {name: sum(made[name] for made in counts) for name in COLUMNS})

    def beside(self, database: Database, session: Session) -> dict[str, int]:
        """Make it on PostgreSQL."""
        with gathered(self._others()) as team:
            work = self._work(session, (), {})
            session.execute(select(func.pg_advisory_xact_lock(FOLD_LOCK)))
            staging.stage(database)
            others = team.begin(work, [None] * self._others())
            copied(work, team.turn)
            deque(others, 0)
        self.say("indexes")
        staging.index(session)
        self.say("projections")
        jobs.rebuild(session, day_of(self.command.now))
        counts = self._noted(session, _counts(session))
        staging.index_projected(session)
        staging.swap(session)
        return counts

    def _others(self) -> int:
        return (self.command.processes or os.cpu_count() or 1) - 1

    def _work(self, session: Session, made_by: Sequence[str], slots: Mapping[int, date]) -> Work:
        """Let nothing be posted from now on; say what is to be done."""
        lock_postings(session)
        todo = list(stretches(session))
        self.say(f"{len(todo)} stretches of enterprises")
        ends = {slot: as_of.toordinal() for slot, as_of in slots.items()}
        return Work(self.url, todo, postings.read(session), made_by, ends)

    def _noted(self, session: Session, counts: dict[str, int]) -> dict[str, int]:
        identity.audit(session, self.command.actor, "ledger.rebuild", "ledger", "all", self.command.now, {**counts})
        return counts


def _counts(session: Session) -> dict[str, int]:
    tables = {table.name: table for table in staging.tables()}
    return {name: session.scalar(select(func.count()).select_from(tables[name])) or 0 for name in COLUMNS}

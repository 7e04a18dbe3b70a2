"""The whole ledger made again from the facts, as each was known: figures "on D as known at K" come out as they were.

    history.py      what was known when, as frozen values; reading.py and owning.py read it, a stretch of enterprises
    assignments.py  an assignment's facts in recorded time -> its spans of standing, what changed at which instant
    enterprises.py  the same for an enterprise: status, roster, insured; figures.py and rosters.py keep what it sums
    rows.py         one enterprise -> the rows of the four tables
    work.py         stretches of enterprises over some processes
    inplace.py      SQLite: one write transaction; staging.py: PostgreSQL, tables beside that are swapped in

The rules are those that postings go by (rules, status, ledger); here they are only asked at every instant at which
something that they rest on became known. What is not versioned in recorded time is taken as it stands: the region tree,
and which award belongs to which course version. Postings stay; so do facts.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.coverage import jobs, service
from app.coverage.projections import FOLD_LOCK
from app.coverage.rebuild import inplace, staging
from app.coverage.rebuild.rows import COLUMNS
from app.coverage.rebuild.work import done, stretches, unpack
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import day_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Rebuild:
    """Who has the ledger rebuilt, when, and in how many processes (0: as many as there are processors)."""

    actor: Actor
    now: datetime
    processes: int = 0


def rebuild(url: str, command: Rebuild, say: Say = lambda _: None) -> dict[str, int]:
    """Make the ledger and its projections again, all or nothing, and give how many rows each table has.

    Nothing can be posted meanwhile; readers see the old ledger. `say` hears of each stage. Problem 409 when a fact has
    no posting.
    """
    processes = command.processes or os.cpu_count() or 1
    with inplace.bulk(url) as database, database.session() as session:
        service.lock_postings(session)
        todo = list(stretches(session))
        say(f"{len(todo)} stretches of enterprises in {processes} processes")
        if database.is_sqlite:
            inplace.empty(session)
            for packed in done(url, todo, processes):
                inplace.fill(session, unpack(packed))
            say("indexes")
            inplace.index(session, staging.tables())
        else:
            session.execute(select(func.pg_advisory_xact_lock(FOLD_LOCK)))
            staging.stage(database)
            for _ in done(url, todo, processes):
                pass
            say("indexes")
            staging.index(session)
        say("projections")
        jobs.rebuild(session, day_of(command.now))
        counts = _counts(session)
        if database.is_sqlite:
            inplace.index(session, staging.projected())
        else:
            staging.index_projected(session)
            staging.swap(session)
        identity.audit(session, command.actor, "ledger.rebuild", "ledger", "all", command.now, {**counts})
    return counts


def _counts(session: Session) -> dict[str, int]:
    tables = {table.name: table for table in staging.tables()}
    return {name: session.scalar(select(func.count()).select_from(tables[name])) or 0 for name in COLUMNS}

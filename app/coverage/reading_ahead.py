"""Reads what a posting of many enterprises will ask about each, a moment before it does (PostgreSQL).

A province does not fit into memory, and the enterprises of a clerk's file lie scattered over it: dozens of pages of
each come from the disk one by one, and whoever posts waits for every one. A second connection meets them first, while
the first is still busy with the file. Nothing of what it reads is used: the pages are in memory then, that is all.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Event, Thread
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.coverage.enterprise_standings import AMOUNTS
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Standing
from app.coverage.projections import is_postgresql
from app.ops.listed import CODES, among
from app.organisations.models import Declaration, Enterprise, EnterpriseFact, PostAssignment, PostAssignmentVersion
from app.plans.models import Plan

FEW, MOST = 4, 400
"""So few enterprises are read before a connection is there; of so many the first would be forgotten again."""


@contextmanager
def reading_ahead(session: Session, codes: Collection[str]) -> Iterator[None]:
    """Read ahead, while the body works, what it will ask about the enterprises with these codes."""
    if not is_postgresql(session) or not FEW < len(codes) <= MOST:
        yield
        return
    enough = Event()
    thread = Thread(target=_read, args=(session.get_bind().engine, sorted(codes), enough), daemon=True)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def _read(engine: Engine, codes: list[str], enough: Event) -> None:
    """Run the questions in the order of a posting; it does as well, only later, when one fails."""
    try:
        with engine.connect() as connection:
            ids = list(connection.scalars(select(Enterprise.id).where(among(Enterprise.uscc, CODES)), {"codes": codes}))
            for question in _questions():
                if enough.is_set():
                    return
                connection.execute(question, {"ids": ids})
    except SQLAlchemyError:
        return


@cache
def _questions() -> tuple[Select[Any], ...]:
    """Ask for one number each, of columns that are in no index where the rows themselves will be read."""
    post, version, fact, word = PostAssignment, PostAssignmentVersion, EnterpriseFact, Declaration
    standing, status, entry, amount = Standing, EnterpriseStanding, Entry, EnterpriseEntry
    plans = select(Plan.id)
    return (
        select(func.count(post.person_id)).where(among(post.enterprise_id)),
        select(func.count(version.recorded_at)).where(among(version.enterprise_id)),
        select(func.count(word.confirmed_on)).where(among(word.enterprise_id)),
        select(func.count(fact.recorded_at)).where(among(fact.enterprise_id)),
        select(func.count(standing.from_on)).where(standing.plan_id.in_(plans), among(standing.enterprise_id)),
        select(func.count(entry.required)).where(entry.plan_id.in_(plans), among(entry.enterprise_id)),
        select(func.count(status.recorded_at)).where(among(status.enterprise_id), status.superseded_at.is_(None)),
        select(func.count(amount.region)).where(
            amount.plan_id.in_(plans), among(amount.enterprise_id), amount.kind.in_(AMOUNTS)
        ),
    )

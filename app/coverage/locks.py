"""The locks under which recorded time is taken: all postings at once, or one posting's people and their enterprises.

PostgreSQL's advisory locks, held until the transaction ends. On SQLite the write transaction is the lock.
"""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.coverage.prepared import IDS, run
from app.coverage.projections import is_postgresql
from app.organisations.models import PostAssignment

POSTING_LOCK = 0x434F564552
"""The lock that a posting holds alone, or shares with its like."""
PERSON_LOCK, ENTERPRISE_LOCK = 0x50455253, 0x454E5452
"""The spaces of the locks on one person, on one enterprise."""


def lock_postings(session: Session) -> None:
    """Wait until no posting is open, and let none begin until the transaction ends.

    What was known at an instant that has passed is then complete: nothing is recorded as known by then any more.
    """
    if is_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(POSTING_LOCK)))


def lock_people(session: Session, persons: Collection[int]) -> None:
    """Share the lock of postings; lock people, then the enterprises at which they hold posts (PostgreSQL only).

    Always in this order and by number, so that no two postings wait for each other.
    """
    run(session, SHARED)
    for person in sorted(persons):
        run(session, LOCKED, {"space": PERSON_LOCK, "key": person})
    run(session, _places_locked(), {"ids": list(persons)}).all()


LOCKED = select(func.pg_advisory_xact_lock(bindparam("space", type_=Integer), bindparam("key", type_=Integer)))
SHARED = select(func.pg_advisory_xact_lock_shared(POSTING_LOCK))


@cache
def _places_locked() -> Select[Any]:
    """Lock the enterprises at which people hold posts, in order: they are sorted before the first is locked."""
    row = PostAssignment
    places = select(row.enterprise_id).where(row.person_id.in_(IDS)).distinct().order_by(row.enterprise_id).offset(0)
    return select(func.pg_advisory_xact_lock(ENTERPRISE_LOCK, places.subquery().c.enterprise_id))

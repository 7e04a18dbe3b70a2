"""What was known at an instant must not change afterwards: an answer about a moment ago first makes sure of it.

A posting takes its instant before it is committed, so one that is still open may be recorded as known by then. Who asks
waits for those, and leaves a posting of that instant which changes nothing: every later one is recorded after it.
"""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.coverage.locks import lock_postings
from app.coverage.models import Posting
from app.coverage.projections import is_postgresql

ASKED = "asked"
MOST_WAIT = "10s"


def fix(session: Session, known_at: datetime) -> None:
    """Let nothing be recorded as known by an instant that has passed any more; in a write transaction of its own.

    OperationalError when a posting takes longer than MOST_WAIT.
    """
    if is_postgresql(session):
        session.execute(text(f"SET LOCAL lock_timeout = '{MOST_WAIT}'"))
    lock_postings(session)
    last = session.scalar(select(func.max(Posting.recorded_at)))
    if last is None or last < known_at:
        session.add(Posting(recorded_at=known_at, kind=ASKED))

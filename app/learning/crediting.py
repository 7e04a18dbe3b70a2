"""Writes what a report of learning time was worth: the evidence, the progress, the day. Past the mapper.

Everybody who learns sends a report every few seconds: to have the mapper find out what changed takes several times as
long as to write it. The rows that were read are told what was written.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.kit.dates import day_of
from app.learning.credit import Decision
from app.learning.intervals import Span, length
from app.learning.models import LearningDay, LearningReceipt, LearningSession, ModuleProgress
from app.learning.queries import LearnedRow
from app.ops.prepared import run

ROW: BindParameter[int] = bindparam("row")
RECEIVED = insert(LearningReceipt).inline()
SPENT = update(LearningSession).where(LearningSession.id == ROW).values(credited_until=bindparam("credited_until"))
ADVANCED = (
    update(ModuleProgress)
    .where(ModuleProgress.id == ROW)
    .values({name: bindparam(name) for name in ("intervals", "credited_ms", "updated_at", "completed_at")})
)
BEGUN_DAY = insert(LearningDay).inline()
MORE_OF_DAY = (
    update(LearningDay).where(LearningDay.id == ROW).values(credited_ms=LearningDay.credited_ms + bindparam("more_ms"))
)


def keep(
    session: Session, live: LearningSession, sequence: int, spans: Sequence[Span], decision: Decision, now: datetime
) -> None:
    """Keep a report with its decision as evidence, and up to when wall-clock is spent."""
    received = {
        "session_id": live.id,
        "sequence": sequence,
        "received_at": now,
        "spans": [list(span) for span in spans],
        "allowed_ms": decision.allowed_ms,
        "credited_ms": decision.credited_ms,
    }
    run(session, RECEIVED, received)
    run(session, SPENT, {"row": live.id, "credited_until": decision.credited_until})
    set_committed_value(live, "credited_until", decision.credited_until)


def advance(session: Session, progress: ModuleProgress, decision: Decision, now: datetime, *, asks: bool) -> None:
    """Credit a module's progress; `asks`: it asks for more than time, and is complete only when that is done too."""
    open_still = asks and progress.fulfilled_at is None
    completed = decision.complete and progress.completed_at is None and not open_still
    values = {
        "intervals": [list(span) for span in decision.seen],
        "credited_ms": length(decision.seen),
        "updated_at": now,
        "completed_at": now if completed else progress.completed_at,
    }
    run(session, ADVANCED, {"row": progress.id, **values})
    for name, value in values.items():
        set_committed_value(progress, name, value)


def note_day(
    session: Session, progress: ModuleProgress, days: Iterable[LearnedRow], credited_ms: int, now: datetime
) -> None:
    """Add to the day's time in the course: the event behind `in_progress`, and the daily cap.

    `days`: what the person was credited on this day so far.
    """
    own = progress.course_code, progress.person_id
    known = next((day.id for day in days if (day.course_code, day.recorded_person_id) == own), None)
    if known is not None:
        run(session, MORE_OF_DAY, {"row": known, "more_ms": credited_ms})
        return
    begun = {
        "person_id": progress.person_id,
        "recorded_person_id": progress.person_id,
        "course_code": progress.course_code,
        "day": day_of(now),
        "credited_ms": credited_ms,
        "recorded_at": now,
    }
    run(session, BEGUN_DAY, begun)

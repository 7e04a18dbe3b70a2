"""Commands of training held in person: open a session, put people on its list, mark who attended, close it.

Whoever calls these has asked whether the session is in reach; each takes its lock and refuses a closed one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.awards.session_models import SessionAttendance, TrainingSession
from app.catalogue import queries as catalogue
from app.kit.batches import batched
from app.kit.errors import Problem, not_found
from app.ops.i18n import N_

LONGEST = 16 * 60
"""Minutes that can be taught on one day."""
MOST = 300
"""People on the list of one session: what one form can send."""


@dataclass(frozen=True)
class OpenSession:
    """Somebody holds a course in person on a day; either `enterprise_id` or `region` says for whose people."""

    course_code: str
    held_on: date
    minutes: int
    place: str
    trainer: str
    provider: str
    enterprise_id: int | None
    region: str | None
    note: str = ""


@dataclass(frozen=True)
class Mark:
    """Whether somebody on the list attended, and the score where one was given."""

    attendance_id: int
    attended: bool
    score: float | None


@dataclass(frozen=True)
class Result:
    """What somebody's attendance came to, and the award it earned."""

    outcome: str
    award_id: int | None


def open_session(session: Session, asked: OpenSession, by: str, now: datetime) -> int:
    """Open a session and give its id; Problem 422 for what is left blank or cannot be, 404 for an unknown course."""
    place, trainer, provider = asked.place.strip(), asked.trainer.strip(), asked.provider.strip()
    if not place or not trainer or not provider:
        raise Problem(422, "session_blank", N_("Say where it is held, who teaches, and who organises it."))
    if not 1 <= asked.minutes <= LONGEST:
        message = N_("Say how many minutes are taught that day, from 1 to %(most)s.")
        raise Problem(422, "session_minutes", message, {"most": LONGEST})
    row = TrainingSession(
        course_code=asked.course_code,
        course_version_id=catalogue.version_on(session, asked.course_code, asked.held_on).id,
        held_on=asked.held_on,
        minutes=asked.minutes,
        place=place,
        trainer=trainer,
        provider=provider,
        enterprise_id=asked.enterprise_id,
        region=asked.region,
        note=asked.note.strip(),
        opened_by=by,
        opened_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def lock(session: Session, session_id: int) -> TrainingSession:
    """Hold a session for this transaction; Problem 404, or 409 when it is closed."""
    row = session.scalar(
        select(TrainingSession)
        .where(TrainingSession.id == session_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise not_found()
    if row.closed_at is not None:
        raise Problem(409, "session_closed", N_("This session is closed: nothing of it changes any more."))
    return row


def enlist(session: Session, session_id: int, person_ids: Iterable[int]) -> int:
    """Put people on the list and give how many were added: who is on it already is left as they are."""
    lock(session, session_id)
    row = SessionAttendance
    listed = session.execute(select(row.person_id, row.recorded_person_id).where(row.session_id == session_id)).all()
    known = {id for pair in listed for id in pair}
    new = [id for id in dict.fromkeys(person_ids) if id not in known]
    if len(listed) + len(new) > MOST:
        message = N_("A list holds at most %(most)s people. Open another session for the others.")
        raise Problem(422, "session_full", message, {"most": MOST})
    session.add_all(row(session_id=session_id, person_id=id, recorded_person_id=id) for id in new)
    session.flush()
    return len(new)


def strike(session: Session, session_id: int, attendance_ids: Iterable[int]) -> int:
    """Take people off the list of an open session and give how many; ids of other sessions do nothing."""
    lock(session, session_id)
    row, ids = SessionAttendance, tuple(attendance_ids)
    count = select(func.count()).where(row.session_id == session_id, row.id.in_(ids))
    found = session.scalar(count) or 0
    session.execute(delete(row).where(row.session_id == session_id, row.id.in_(ids)))
    return found


def mark(session: Session, session_id: int, marks: Sequence[Mark], by: str, now: datetime) -> int:
    """Write down who attended, and give for how many that changed; ids of other sessions do nothing."""
    lock(session, session_id)
    told = {one.attendance_id: one for one in marks}
    row = SessionAttendance
    changed = 0
    for batch in batched(sorted(told)):
        for found in session.scalars(select(row).where(row.session_id == session_id, row.id.in_(batch))):
            said = told[found.id]
            score = said.score if said.attended else None
            if (found.attended, found.score) != (said.attended, score):
                found.attended, found.score = said.attended, score
                found.marked_by, found.marked_at = by, now
                changed += 1
    session.flush()
    return changed


def close(
    session: Session, row: TrainingSession, version_id: int, results: Mapping[int, Result], by: str, at: datetime
) -> None:
    """Close a session held by lock(): what each attendance came to, by its id, and the version that was taught."""
    row.course_version_id, row.closed_by, row.closed_at = version_id, by, at
    for attendance_id, result in results.items():
        change = update(SessionAttendance).where(SessionAttendance.id == attendance_id)
        session.execute(change.values(outcome=result.outcome, award_id=result.award_id))
    session.flush()

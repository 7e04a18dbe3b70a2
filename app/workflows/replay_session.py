"""Works an award of a session held in person out again: from the session as closed and the holder's line in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.awards import attendance
from app.awards.attendance import Attended
from app.awards.evidence import Evidence
from app.awards.service import OFFLINE
from app.awards.session_rules import needed_minutes
from app.ops.db import Session
from app.ops.i18n import N_


@dataclass(frozen=True)
class Step:
    """One thing that was worked out again: whether it came out as recorded, and what it is, as a message to fill in."""

    right: bool
    message: str
    details: dict[str, Any] = field(default_factory=dict)


def seen_again(session: Session, award: Evidence) -> tuple[Step, ...]:
    """Give the steps: the session, its length, the attendance, the score, the award."""
    there = attendance.of_award(session, award.id)
    if there is None:
        message = N_("Session: no list of a session has a line for this award.")
        return (Step(right=False, message=message),)
    return (*_held(award, there), *_attended(award, there), _awarded(award, there))


def _held(award: Evidence, there: Attended) -> Iterator[Step]:
    found, body = there.found, award.body
    message = N_("Session %(number)s: %(day)s at %(place)s, taught by %(trainer)s, closed by %(who)s.")
    details = {
        "number": found.number,
        "day": found.held_on.isoformat(),
        "place": found.place,
        "trainer": found.trainer,
        "who": found.closed_by or "—",
    }
    same = (body.get("session"), body.get("held_on"), body.get("minutes"), body.get("place"), body.get("trainer"))
    as_written = same == (found.id, found.held_on.isoformat(), found.minutes, found.place, found.trainer)
    yield Step(as_written and found.closed_at == award.recorded_at, message, details)
    needed = needed_minutes(there.version.hours)
    message = N_("Session: %(minutes)s minutes taught, the course takes %(needed)s.")
    yield Step(found.minutes >= needed, message, {"minutes": found.minutes, "needed": needed})


def _attended(award: Evidence, there: Attended) -> Iterator[Step]:
    message = N_("Attendance: marked as attended by %(who)s before the session was closed.")
    closed_at = there.found.closed_at
    in_time = there.marked_at is not None and closed_at is not None and there.marked_at <= closed_at
    same = award.body.get("attendance") == there.attendance_id and award.body.get("marked_by") == there.marked_by
    yield Step(bool(there.attended) and in_time and same, message, {"who": there.marked_by or "—"})
    mark = max((paper.pass_mark for paper in there.version.course.papers), default=0)
    if there.score is None:
        yield Step(award.score is None, N_("Score: none was given."))
        return
    message = N_("Score: %(score)s points on the list, recorded %(recorded)s; %(mark)s are needed.")
    right = there.score >= mark and there.score == award.score
    recorded = "—" if award.score is None else f"{award.score:g}"
    yield Step(right, message, {"score": f"{there.score:g}", "recorded": recorded, "mark": mark})


def _awarded(award: Evidence, there: Attended) -> Step:
    message = N_(
        "Award: to the person on the list, offline, for version %(version)s of the course, on the day of the session, "
        "%(day)s."
    )
    right = (
        award.person_id == there.person_id
        and award.mode == OFFLINE
        and award.course_code == there.found.course_code
        and award.version_id == there.found.version_id
        and award.completed_on == there.found.held_on
    )
    return Step(right, message, {"version": there.version.number, "day": there.found.held_on.isoformat()})

"""Close a session held in person: awards for those who attended, coverage in one posting, nothing changes after."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.awards import attendance, session_queries, sessions
from app.awards import service as awards
from app.awards.attendance import Attendee
from app.awards.service import SessionAttended
from app.awards.session_queries import SessionRow
from app.awards.session_rules import AWARDED
from app.awards.sessions import Result
from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.coverage import service as coverage
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.ops.db import Session
from app.ops.i18n import N_


def close_session(scope: Scope, session: Session, session_id: int, by: Actor, now: datetime) -> dict[str, int]:
    """Close a session in reach and give how many people each outcome met; Problem 404, 409 when it is closed already.

    Problem 422 before its day, for want of anybody on its list or of any mark;
    409 when somebody's record changed meanwhile.
    """
    found = session_queries.find(scope, session, session_id)
    if found.held_on > day_of(now):
        raise Problem(422, "session_early", N_("A session is closed on its day or later."))
    row = sessions.lock(session, found.id)
    if not found.people:
        raise Problem(422, "session_empty", N_("Nobody is on the list yet. Put people on it first."))
    listed = attendance.attendees(session, found.id)
    if all(one.attended is None for one in listed):
        raise Problem(422, "session_unmarked", N_("Nobody has been marked yet. Mark who attended first."))
    there = {one.person_id for one in listed if one.attended}
    posting = coverage.open_posting(session, now, "session", persons=sorted(there))
    rows = attendance.attendees(session, found.id)
    version = catalogue.version_on(session, found.course_code, found.held_on)
    told = attendance.outcomes(session, found, version, rows)
    earned = [one for one in rows if told[one.id] == AWARDED]
    if not {one.person_id for one in earned} <= there:
        raise Problem(409, "session_changed", N_("Somebody's record changed meanwhile. Try again."))
    made = awards.award_sessions(session, _awards(found, version, earned), posting.recorded_at)
    ids = {one.id: award for one, award in zip(earned, made, strict=True)}
    results = {one.id: Result(told[one.id], ids.get(one.id)) for one in rows}
    sessions.close(session, row, version.id, results, by.name, posting.recorded_at)
    coverage.post(session, posting, persons=sorted({one.person_id for one in earned}))
    counts = dict(Counter(told.values()))
    identity.audit(session, by, "session.close", "session", found.id, now, {**counts})
    return counts


def _awards(found: SessionRow, version: CourseVersionRow, earned: Sequence[Attendee]) -> list[SessionAttended]:
    return [
        SessionAttended(
            person_id=one.person_id,
            holder_name=one.name,
            version=version,
            completed_on=found.held_on,
            score=one.score,
            provider=found.provider,
            reference=found.number,
            evidence=_evidence(found, one),
        )
        for one in earned
    ]


def _evidence(found: SessionRow, one: Attendee) -> Mapping[str, Any]:
    """Say from what the award can be seen again: the session and the line of its list."""
    return {
        "session": found.id,
        "attendance": one.id,
        "held_on": found.held_on.isoformat(),
        "minutes": found.minutes,
        "trainer": found.trainer,
        "place": found.place,
        "attended": one.attended,
        "marked_by": one.marked_by,
    }

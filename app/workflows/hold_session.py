"""Training held in person: open a session, put people on its list, mark who attended (closing: close_session.py)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.access.scope import descendants
from app.awards import session_queries, sessions
from app.awards.session_queries import SessionRow
from app.awards.sessions import Mark, OpenSession
from app.catalogue import queries as catalogue
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import add_days, day_of
from app.kit.errors import Problem, not_found
from app.kit.scope import Scope
from app.ops.db import Session
from app.ops.i18n import N_
from app.ops.sheets import Sheet
from app.organisations import persons
from app.organisations import queries as organisations
from app.workflows import import_fields as fields
from app.workflows.import_fields import Reading, same_name
from app.workflows.import_results import RowError

AHEAD = 366
"""Days ahead that a session can be opened for."""


@dataclass(frozen=True)
class Listed:
    """What came of a list: how many people were added, how many were on it already, and the rows that were refused."""

    added: int
    known: int
    refused: tuple[RowError, ...] = ()


def open_session(scope: Scope, session: Session, asked: OpenSession, by: Actor, now: datetime) -> int:
    """Open a session for an enterprise or a region in reach, and give its id; Problem 404 or 422."""
    if asked.enterprise_id is not None:
        organisations.enterprise(scope, session, asked.enterprise_id)
    elif asked.region is None or not scope.reaches_region(asked.region):
        raise not_found()
    if asked.course_code not in {row.course_code for row in catalogue.listing(session)}:
        raise Problem(422, "course", N_("Choose a course."))
    if asked.held_on > add_days(day_of(now), AHEAD):
        raise Problem(422, "held_on", N_("A session can be opened for a day at most a year ahead."))
    session_id = sessions.open_session(session, asked, by.name, now)
    detail: dict[str, object] = {"course": asked.course_code, "held_on": asked.held_on.isoformat()}
    identity.audit(session, by, "session.open", "session", session_id, now, detail)
    return session_id


def reach_of(session: Session, found: SessionRow) -> Scope:
    """Give whose people may be on a session's list: those of its enterprise, or of its region."""
    if found.enterprise_id is not None:
        return Scope(enterprises=frozenset({found.enterprise_id}), personal=True)
    return Scope(regions=descendants(session, [found.region or ""]), personal=True)


def enlist(
    scope: Scope, session: Session, session_id: int, person_ids: Iterable[int], by: Actor, now: datetime
) -> Listed:
    """Put people on a list; Problem 404 for somebody who is not of the enterprise or region, or out of reach."""
    found = session_queries.find(scope, session, session_id)
    wanted = tuple(dict.fromkeys(person_ids))
    if not wanted:
        raise Problem(422, "nobody", N_("Choose at least one person."))
    inside = organisations.people(reach_of(session, found), session, wanted)
    if len(organisations.people(scope, session, (one.id for one in inside))) < len(wanted):
        raise not_found()
    return _enlisted(session, found, wanted, by, now)


def enlist_sheet(scope: Scope, session: Session, session_id: int, sheet: Sheet, by: Actor, now: datetime) -> Listed:
    """Put the people of a sheet of names and IDs on a list; rows about anybody else come back with the reason."""
    found = session_queries.find(scope, session, session_id)
    wanted, refused = _read(sheet, session, (scope, reach_of(session, found)), day_of(now))
    listed = _enlisted(session, found, wanted, by, now)
    return Listed(listed.added, listed.known, refused)


def _read(
    sheet: Sheet, session: Session, scopes: Iterable[Scope], today: date
) -> tuple[tuple[int, ...], tuple[RowError, ...]]:
    """Give the people of a sheet, and what is wrong with its other rows."""
    lines: list[tuple[int, str, str]] = []
    refused: list[RowError] = []
    for row in sheet.rows:
        reading = Reading(row)
        name = reading.take("name", fields.person_name, required=True)
        resident = reading.take("resident_id", fields.resident_id(today), required=True)
        refused += reading.errors
        if name and resident and not reading.errors:
            lines.append((row.number, name, persons.id_hash(resident)))
    known = persons.known_people(session, (hashed for _, _, hashed in lines))
    reached = {one.id for one in known.values()}
    for scope in scopes:
        reached &= {one.id for one in organisations.people(scope, session, reached)}
    wanted: list[int] = []
    for number, name, hashed in lines:
        person = known.get(hashed)
        if person is None or person.id not in reached:
            refused.append(RowError(number, "resident_id", "person_unknown"))
        elif not same_name(person.name, name):
            refused.append(RowError(number, "name", "name_mismatch"))
        else:
            wanted.append(person.id)
    return tuple(dict.fromkeys(wanted)), tuple(sorted(refused, key=lambda one: one.row))


def _enlisted(session: Session, found: SessionRow, wanted: Sequence[int], by: Actor, now: datetime) -> Listed:
    added = sessions.enlist(session, found.id, wanted)
    if added:
        identity.audit(session, by, "session.enlist", "session", found.id, now, {"people": added})
    return Listed(added, len(wanted) - added)


def strike(
    scope: Scope, session: Session, session_id: int, attendance_ids: Iterable[int], by: Actor, now: datetime
) -> int:
    """Take people off the list of an open session and give how many."""
    found = session_queries.find(scope, session, session_id)
    gone = sessions.strike(session, found.id, attendance_ids)
    if gone:
        identity.audit(session, by, "session.strike", "session", found.id, now, {"people": gone})
    return gone


def mark_attendance(
    scope: Scope, session: Session, session_id: int, marks: Sequence[Mark], by: Actor, now: datetime
) -> int:
    """Write down who attended, with scores where given, and give for how many that changed; 404, 409 or 422."""
    found = session_queries.find(scope, session, session_id)
    if found.held_on > day_of(now):
        raise Problem(422, "session_ahead", N_("This session is still to come: mark who attended on its day."))
    if any(one.score is not None and not 0 <= one.score <= 100 for one in marks):  # noqa: PLR2004 - points
        raise Problem(422, "score", N_("A score is a number of points from 0 to 100."))
    changed = sessions.mark(session, found.id, marks, by.name, now)
    if changed:
        identity.audit(session, by, "session.mark", "session", found.id, now, {"people": changed})
    return changed

"""Reads of who attended training held in person: a session's list, what closing it comes to, what an award rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.awards import session_rules as rules
from app.awards.models import Award, Revocation
from app.awards.session_models import SessionAttendance, TrainingSession
from app.awards.session_queries import SessionRow, find
from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.kit.batches import batched
from app.kit.scope import Scope
from app.organisations.models import Enterprise, Person, PostAssignment


@dataclass(frozen=True)
class Attendee:
    """Somebody on a list. `attended` None: not marked; `outcome` '' until the session is closed."""

    id: int
    person_id: int
    name: str
    masked_id: str
    attended: bool | None
    score: float | None
    marked_by: str
    marked_at: datetime | None
    outcome: str
    award_id: int | None
    award_number: str | None
    revoked: bool


@dataclass(frozen=True)
class PostThere:
    """A post that somebody on a list held on the day, and where."""

    person_id: int
    enterprise: str
    post: str


def attendees(session: Session, session_id: int) -> tuple[Attendee, ...]:
    """Give everybody on the list of a session that was found in reach, in the order they were put on it."""
    row = SessionAttendance
    revoked = exists().where(Revocation.award_id == row.award_id)
    query = (
        select(
            row.id,
            row.person_id,
            Person.name,
            Person.resident_id_masked,
            row.attended,
            row.score,
            row.marked_by,
            row.marked_at,
            row.outcome,
            row.award_id,
            Award.number,
            revoked,
        )
        .join(Person, Person.id == row.person_id)
        .outerjoin(Award, Award.id == row.award_id)
        .where(row.session_id == session_id)
        .order_by(row.id)
    )
    return tuple(Attendee(*tuple(found)) for found in session.execute(query))


def posts_there(session: Session, found: SessionRow) -> dict[int, tuple[PostThere, ...]]:
    """Give what posts the people on a list held on the day: at the enterprise it was for, or at any in the region."""
    held, on = PostAssignment, found.held_on
    listed = select(SessionAttendance.person_id).where(SessionAttendance.session_id == found.id)
    query = (
        select(held.person_id, Enterprise.name, held.post)
        .join(Enterprise, Enterprise.id == held.enterprise_id)
        .where(held.person_id.in_(listed), held.void.is_(False), held.starts_on <= on)
        .where(or_(held.ends_on.is_(None), held.ends_on > on))
        .order_by(held.id)
    )
    if found.enterprise_id is not None:
        query = query.where(held.enterprise_id == found.enterprise_id)
    told: dict[int, tuple[PostThere, ...]] = {}
    for row in session.execute(query):
        told[row.person_id] = (*told.get(row.person_id, ()), PostThere(*row))
    return told


@dataclass(frozen=True)
class Coming:
    """A session to come, on whose list somebody is: which course, when and where."""

    course_code: str
    held_on: date
    place: str
    provider: str


def coming(session: Session, person_id: int, on: date) -> dict[str, Coming]:
    """Give somebody's own sessions that are held on a day or later, the next one of each course, by course."""
    row = TrainingSession
    query = (
        select(row.course_code, row.held_on, row.place, row.provider)
        .join(SessionAttendance, SessionAttendance.session_id == row.id)
        .where(SessionAttendance.person_id == person_id, row.closed_at.is_(None), row.held_on >= on)
        .order_by(row.held_on.desc(), row.id.desc())
    )
    return {found.course_code: Coming(*found) for found in session.execute(query)}


def holding(session: Session, person_ids: Iterable[int], course_code: str, on: date) -> frozenset[int]:
    """Give those of some people who have an unrevoked offline award of a course completed on a day."""
    held: set[int] = set()
    for batch in batched(sorted(set(person_ids))):
        query = select(Award.person_id).where(
            Award.person_id.in_(batch),
            Award.course_code == course_code,
            Award.completed_on == on,
            Award.mode == "offline",
            ~exists().where(Revocation.award_id == Award.id),
        )
        held.update(session.scalars(query))
    return frozenset(held)


def outcomes(
    session: Session, found: SessionRow, version: CourseVersionRow, rows: Iterable[Attendee]
) -> dict[int, str]:
    """Say by attendance what closing a session would come to now; a second row of one person is a repeat."""
    listed = tuple(rows)
    held = set(holding(session, (one.person_id for one in listed), found.course_code, found.held_on))
    mark = max((paper.pass_mark for paper in version.course.papers), default=0)
    enough = found.minutes >= rules.needed_minutes(version.hours)
    told: dict[int, str] = {}
    for one in listed:
        there = one.person_id in held
        told[one.id] = rules.outcome(attended=one.attended, score=one.score, mark=mark, enough=enough, held=there)
        if told[one.id] == rules.AWARDED:
            held.add(one.person_id)
    return told


@dataclass(frozen=True)
class Attended:
    """What an award of a session rests on: the session, the version taught there, and the holder's own line."""

    found: SessionRow
    version: CourseVersionRow
    attendance_id: int
    person_id: int
    attended: bool | None
    score: float | None
    marked_by: str
    marked_at: datetime | None


def of_award(session: Session, award_id: int) -> Attended | None:
    """Give the attendance that an award was made from; None when there is none. Who may see it is asked before."""
    row = session.scalar(select(SessionAttendance).where(SessionAttendance.award_id == award_id))
    if row is None:
        return None
    found = find(Scope(regions=None), session, row.session_id)
    version = catalogue.version(session, found.version_id)
    return Attended(found, version, row.id, row.person_id, row.attended, row.score, row.marked_by, row.marked_at)

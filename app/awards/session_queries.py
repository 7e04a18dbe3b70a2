"""Reads of training held in person: the sessions in reach, and how many are on their lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.awards.session_models import SessionAttendance, TrainingSession
from app.kit.dates import iso_day
from app.kit.errors import not_found
from app.kit.paging import Page, page
from app.kit.scope import Scope
from app.organisations import queries as organisations
from app.organisations.models import Enterprise, Region

STATES = ("open", "closed")


@dataclass(frozen=True)
class SessionRow:
    """A session with who is on its list (`people`), who attended, and how many awards it made.

    `holder` names the enterprise or the region it is held for.
    """

    id: int
    course_code: str
    version_id: int
    held_on: date
    minutes: int
    place: str
    trainer: str
    provider: str
    enterprise_id: int | None
    region: str | None
    holder: str
    note: str
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None
    people: int
    attended: int
    awarded: int

    @property
    def number(self) -> str:
        """Give the number by which sheets and certificates name it."""
        return session_number(self.held_on, self.id)


def session_number(held_on: date, session_id: int) -> str:
    """Give the number by which sheets and certificates name a session."""
    return f"PX{held_on:%Y%m%d}-{session_id}"


@dataclass(frozen=True)
class SessionFilter:
    """Which sessions: of a course, open or closed, held from a day through a day."""

    course: str = ""
    state: str = ""
    from_on: date | None = None
    to_on: date | None = None


def listing(
    scope: Scope, session: Session, chosen: SessionFilter, after: str | None = None, size: int = 50
) -> Page[SessionRow]:
    """List the sessions in reach, the latest day first; `after` is day and id of the last of the page before."""
    row = TrainingSession
    query = select(row, *_COUNTS).where(_reached(scope), *_chosen(chosen), *_after(after))
    found = session.execute(query.order_by(row.held_on.desc(), row.id.desc()).limit(size + 1)).all()
    names = _holders(session, [one for one, *_ in found])
    rows = [_shaped(one, names[one.id], people, attended, awarded) for one, people, attended, awarded in found]
    return page(rows, size, lambda one: f"{one.held_on.isoformat()}_{one.id}")


def find(scope: Scope, session: Session, session_id: int) -> SessionRow:
    """Give a session in reach; Problem 404."""
    row = TrainingSession
    found = session.execute(select(row, *_COUNTS).where(row.id == session_id, _reached(scope))).first()
    if found is None:
        raise not_found()
    one, people, attended, awarded = found
    return _shaped(one, _holders(session, [one])[one.id], people, attended, awarded)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    of = SessionAttendance
    counted = select(func.count()).select_from(of).where(of.session_id == TrainingSession.id, *conditions)
    return counted.correlate(TrainingSession).scalar_subquery()


_COUNTS = (
    _count(),
    _count(SessionAttendance.attended.is_(True)),
    _count(SessionAttendance.award_id.is_not(None)),
)


def _reached(scope: Scope) -> ColumnElement[bool]:
    """Say, in SQL, that a session is in reach: its enterprise is, or its region as a whole."""
    if scope.regions is None:
        return true()
    conditions: list[ColumnElement[bool]] = []
    if scope.regions:
        conditions.append(TrainingSession.region.in_(scope.regions))
    if scope.regions or scope.enterprises:
        inside = select(Enterprise.id).where(organisations.reach(scope))
        conditions.append(TrainingSession.enterprise_id.in_(inside))
    return or_(*conditions) if conditions else false()


def _chosen(chosen: SessionFilter) -> list[ColumnElement[bool]]:
    row, found = TrainingSession, []
    if chosen.course:
        found.append(row.course_code == chosen.course)
    if chosen.state:
        found.append(row.closed_at.is_(None) if chosen.state == "open" else row.closed_at.is_not(None))
    if chosen.from_on:
        found.append(row.held_on >= chosen.from_on)
    if chosen.to_on:
        found.append(row.held_on <= chosen.to_on)
    return found


def _after(after: str | None) -> list[ColumnElement[bool]]:
    day, _, number = (after or "").partition("_")
    try:
        on, last = iso_day(day), int(number)
    except ValueError:
        return []
    row = TrainingSession
    return [or_(row.held_on < on, and_(row.held_on == on, row.id < last))]


def _holders(session: Session, rows: Iterable[TrainingSession]) -> dict[int, str]:
    """Name the enterprise or the region of each session."""
    row = TrainingSession
    name = case((row.enterprise_id.is_not(None), Enterprise.name), else_=Region.name)
    query = select(row.id, name).outerjoin(Enterprise, Enterprise.id == row.enterprise_id)
    query = query.outerjoin(Region, Region.code == row.region)
    return dict(session.execute(query.where(row.id.in_([one.id for one in rows]))).all())


def _shaped(row: TrainingSession, holder: str, people: int, attended: int, awarded: int) -> SessionRow:
    return SessionRow(
        id=row.id,
        course_code=row.course_code,
        version_id=row.course_version_id,
        held_on=row.held_on,
        minutes=row.minutes,
        place=row.place,
        trainer=row.trainer,
        provider=row.provider,
        enterprise_id=row.enterprise_id,
        region=row.region,
        holder=holder,
        note=row.note,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        people=people,
        attended=attended,
        awarded=awarded,
    )

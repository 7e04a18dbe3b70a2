"""People who learn, made directly: a person, courses loaded, somebody who reads honestly."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue import service as loading
from app.catalogue.queries import CourseVersionRow
from app.catalogue.shapes import Course
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.learning import queries as learning_queries
from app.learning import service as learning
from app.learning.rows import OpenModule
from app.learning.service import Credited, Opened, Receipt
from app.organisations.models import Person

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CAP = 8 * 45 * 60_000


def at(seconds: float = 0, days: int = 0) -> datetime:
    """Give an instant so long after noon (Shanghai) of Monday, 2 March 2026."""
    return NOON + timedelta(seconds=seconds, days=days)


def a_person(session: Session, name: str = "韦大勇", number: int = 1) -> int:
    person = Person(
        name=name,
        resident_id_sealed=b"",
        resident_id_hash=f"{number:064d}",
        resident_id_masked="0000**********123X",
        created_at=at(days=-365),
    )
    session.add(person)
    session.flush()
    return person.id


def load(session: Session, *courses: Course, when: datetime = NOON) -> CourseVersionRow:
    """Load courses; give the current version of the first."""
    loading.load(session, courses, when, "系统")
    return catalogue.current(session, courses[0].code, day_of(when))


def open_module(
    session: Session, person: int, version: CourseVersionRow, module: str = "001-step", *, when: datetime = NOON
) -> Opened:
    return learning.open_session(session, OpenModule(person, version, module), when)


def report(
    session: Session, person: int, token: str, sequence: int, *spans: tuple[int, int], when: datetime, cap: int = CAP
) -> Credited:
    return learning.receive(session, Receipt(person, token, sequence, spans), cap, when)


def read_all(session: Session, person: int, version: CourseVersionRow, *, start: datetime = NOON) -> datetime:
    """Read every module from beginning to end, with one report each; give the instant of the last."""
    now = start
    for module in version.course.modules:
        opened = open_module(session, person, version, module.slug, when=now)
        now += timedelta(milliseconds=opened.needed_ms)
        assert report(session, person, opened.token, 1, (0, opened.needed_ms), when=now).complete
    return now


def progressed(
    session: Session, person: int, version: CourseVersionRow, since: datetime | None = None
) -> learning_queries.Progress:
    """Give a person's progress in a version."""
    rows = learning_queries.progress_rows(Scope(person=person), session, person, [version.course_code])
    return learning_queries.progress(rows, version, since)

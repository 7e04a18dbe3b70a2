"""Reads of courses: their versions, with content cached by its hash, because a version never changes."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from threading import Lock
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import Executable

from app.catalogue.models import CourseVersion
from app.catalogue.shapes import Course, from_json
from app.kit.errors import not_found
from app.ops.db import kept
from app.ops.prepared import Values, run

_CACHED = 100
_LIGHT = (
    CourseVersion.id,
    CourseVersion.course_code,
    CourseVersion.number,
    CourseVersion.title,
    CourseVersion.current_from,
    CourseVersion.valid_months,
    CourseVersion.hours,
    CourseVersion.change,
    CourseVersion.retake_from,
    CourseVersion.recorded_at,
    CourseVersion.content_hash,
)


@dataclass(frozen=True)
class VersionRow:
    """A course version without its content; `hours` are credit hours, `valid_months` None: no expiry."""

    id: int
    course_code: str
    number: int
    title: str
    current_from: date
    valid_months: int | None
    hours: float
    change: str
    retake_from: date | None
    recorded_at: datetime
    content_hash: str


@dataclass(frozen=True)
class CourseVersionRow(VersionRow):
    """A course version with its content."""

    course: Course = field(repr=False)


def version(session: Session, version_id: int) -> CourseVersionRow:
    """Give a version; Problem 404 when there is none."""
    return _one(session, _BY_ID, {"id": version_id})


def versions(session: Session, course_code: str) -> tuple[CourseVersionRow, ...]:
    """Give a course's versions by number; none when the course is unknown."""
    query = select(*_LIGHT).where(CourseVersion.course_code == course_code).order_by(CourseVersion.number)
    return tuple(_with_content(session, row) for row in session.execute(query))


def current(session: Session, course_code: str, on: date) -> CourseVersionRow:
    """Give the version that is current on a day; Problem 404 when the course is unknown or not yet current."""
    return _one(session, _CURRENT, {"course_code": course_code, "on": on})


def version_on(session: Session, course_code: str, on: date) -> CourseVersionRow:
    """Give the version that was current on a day, else the first; Problem 404 when the course is unknown."""
    found = run(session, _CURRENT, {"course_code": course_code, "on": on}).first()
    return _with_content(session, found) if found is not None else _one(session, _FIRST, {"course_code": course_code})


def versions_on(session: Session, wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], CourseVersionRow]:
    """Give, for many courses and days at once, the version that was current, else the first; Problem 404 likewise."""
    keys = set(wanted)
    known = {code: versions(session, code) for code in {code for code, _ in keys}}
    if not all(known.values()):
        raise not_found()
    return {
        (code, on): max(
            (row for row in known[code] if row.current_from <= on),
            key=lambda row: (row.current_from, row.number),
            default=known[code][0],
        )
        for code, on in keys
    }


def listing(session: Session, on: date | None = None) -> tuple[VersionRow, ...]:
    """Give every course's newest version, or the one current on a day (else the first), by code, without content."""
    query = select(*_LIGHT).order_by(CourseVersion.course_code, CourseVersion.number)
    chosen: dict[str, VersionRow] = {}
    for row in session.execute(query):
        if on is None or row.current_from <= on or row.course_code not in chosen:
            chosen[row.course_code] = VersionRow(*row)
    return tuple(chosen.values())


def titles(session: Session) -> dict[str, str]:
    """Give what courses are called now, by code."""
    return {row.course_code: row.title for row in listing(session)}


def retakes(session: Session) -> tuple[VersionRow, ...]:
    """Give the versions that make awards of older ones cease to be held, by course and number, without content."""
    return kept(session, _RETAKES, lambda: tuple(VersionRow(*row) for row in run(session, _RETAKES)))


def figure(session: Session, course_code: str, digest: str, name: str) -> str:
    """Give a figure's SVG by its content address, whichever version holds it; Problem 404 when none does."""
    for row in reversed(versions(session, course_code)):
        for module in row.course.modules:
            for one in module.figures:
                if one.name == name and one.digest == digest:
                    return one.svg
    raise not_found()


_CODE = CourseVersion.course_code == bindparam("course_code")
_BY_ID = select(*_LIGHT).where(CourseVersion.id == bindparam("id"))
_FIRST = select(*_LIGHT).where(_CODE, CourseVersion.number == 1)
_CURRENT = (
    select(*_LIGHT)
    .where(_CODE, CourseVersion.current_from <= bindparam("on"))
    .order_by(CourseVersion.current_from.desc(), CourseVersion.number.desc())
    .limit(1)
)
_RETAKES = (
    select(*_LIGHT)
    .where(CourseVersion.retake_from.is_not(None))
    .order_by(CourseVersion.course_code, CourseVersion.number)
)


def _one(session: Session, query: Executable, values: Values) -> CourseVersionRow:
    row = run(session, query, values).first()
    if row is None:
        raise not_found()
    return _with_content(session, row)


def _with_content(session: Session, row: Row[*tuple[Any, ...]]) -> CourseVersionRow:
    return CourseVersionRow(**row._asdict(), course=_content(session, row.id, row.content_hash))


class _Contents:
    """The contents used last, by hash, for every database of this process."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._courses: OrderedDict[str, Course] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Course | None:
        with self._lock:
            if key in self._courses:
                self._courses.move_to_end(key)
            return self._courses.get(key)

    def put(self, key: str, course: Course) -> None:
        with self._lock:
            self._courses[key] = course
            while len(self._courses) > self._size:
                self._courses.popitem(last=False)


_contents = _Contents(_CACHED)


def _content(session: Session, version_id: int, content_hash: str) -> Course:
    course = _contents.get(content_hash)
    if course is None:
        body = select(CourseVersion.body).where(CourseVersion.id == version_id)
        course = from_json(session.execute(body).scalar_one())
        _contents.put(content_hash, course)
    return course

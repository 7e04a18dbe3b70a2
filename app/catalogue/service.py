"""Loads courses: what changed becomes a new version, what did not is left alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.catalogue import queries
from app.catalogue.models import Course as CourseRow
from app.catalogue.models import CourseVersion
from app.catalogue.queries import VersionRow
from app.catalogue.review_models import CourseApproval
from app.catalogue.shapes import Course, content_hash, to_json
from app.kit.dates import day_of


@dataclass(frozen=True)
class CoursesLoaded:
    """Codes of the courses that were added, changed, unchanged; `retakes`: whose older awards cease to be held."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    retakes: tuple[str, ...]


def would_change(session: Session, courses: Sequence[Course]) -> bool:
    """Say whether loading these courses would write anything."""
    newest = {row.course_code: row.content_hash for row in queries.listing(session)}
    return any(newest.get(course.code) != content_hash(course) for course in courses)


def load(session: Session, courses: Sequence[Course], now: datetime, approved_by: str) -> CoursesLoaded:
    """Make a new version of every course whose content differs from its newest version's; recorded at `now`.

    What is loaded is taught: `approved_by` names who answers for it, a reviewer or the operator.
    """
    newest = {row.course_code: row for row in queries.listing(session)}
    spent = {(row.course_code, row.retake_from) for row in queries.retakes(session)}
    done: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": [], "retakes": []}
    for course in courses:
        before, digest = newest.get(course.code), content_hash(course)
        if before is not None and before.content_hash == digest:
            done["unchanged"].append(course.code)
            continue
        done["changed" if before else "added"].append(course.code)
        # A retake date is spent by the first version that bears it: to correct a slip in that version later on
        # must not send everybody back to the course again.
        retake = before is not None and course.change == "retake" and (course.code, course.retake_from) not in spent
        if retake:
            done["retakes"].append(course.code)
        if before is None:
            _register(session, course.code)
        version_id = _add(session, course, digest, before, now, retake=retake)
        approval = {"version_id": version_id, "approved_at": now, "approved_by": approved_by}
        session.execute(insert(CourseApproval), [approval])
    return CoursesLoaded(**{key: tuple(codes) for key, codes in done.items()})


def _register(session: Session, code: str) -> None:
    if session.execute(select(CourseRow.code).where(CourseRow.code == code)).first() is None:
        session.execute(insert(CourseRow), [{"code": code}])


def _add(
    session: Session, course: Course, digest: str, before: VersionRow | None, now: datetime, *, retake: bool
) -> int:
    row = {
        "course_code": course.code,
        "number": before.number + 1 if before else 1,
        "title": course.title,
        "content_hash": digest,
        "current_from": _current_from(course, before, now),
        "valid_months": course.valid_months,
        "hours": course.hours,
        "change": "retake" if retake else "editorial",
        "retake_from": course.retake_from if retake else None,
        "body": to_json(course),
        "recorded_at": now,
    }
    return session.execute(insert(CourseVersion).returning(CourseVersion.id), [row]).scalar_one()


def _current_from(course: Course, before: VersionRow | None, now: datetime) -> date:
    """Give the first day: the file's for a first version; later the day of loading, or the file's when it moved on."""
    if before is None or course.current_from > before.current_from:
        return course.current_from
    return max(before.current_from, day_of(now))

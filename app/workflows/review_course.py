"""Author and reviewer: courses handed in, remarked on, returned, or approved and from then on taught; all audited."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from app.catalogue import queries as catalogue
from app.catalogue import reviewing, store
from app.catalogue import service as courses
from app.catalogue.reviewing import By, Remark
from app.catalogue.shapes import Course, Fact
from app.coverage import service as coverage
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.errors import Problem
from app.ops.db import Session
from app.ops.i18n import N_


def submit_courses(
    session: Session,
    handed_in: Sequence[Course],
    facts: Mapping[str, Fact],
    by: Actor,
    now: datetime,
    files: Mapping[str, bytes] | None = None,
) -> list[tuple[str, int]]:
    """Hand courses in for review; gives (code, proposal id) of those that differ from what is taught or waits.

    `files` are the contents of films, recordings and documents, by digest; they are kept at once, to be read.
    """
    store.keep(session, store.stored_of(handed_in), files or {})
    found = []
    for course in handed_in:
        id = reviewing.submit(session, course, facts, _by(by), now)
        if id is not None:
            identity.audit(session, by, "course.submit", "course_proposal", id, now, {"course": course.code})
            found.append((course.code, id))
    return found


def remark(session: Session, proposal_id: int, said: Remark, by: Actor, now: datetime) -> None:
    """Write a remark on a proposal."""
    reviewing.remark(session, proposal_id, said, _by(by), now)
    detail: dict[str, object] = {"kind": said.kind, "place": said.place}
    identity.audit(session, by, "course.remark", "course_proposal", proposal_id, now, detail)


def settle(session: Session, proposal_id: int, comment_id: int, by: Actor, now: datetime) -> None:
    """Say that a remark is answered."""
    reviewing.settle(session, proposal_id, comment_id, _by(by), now)
    identity.audit(session, by, "course.settle", "course_proposal", proposal_id, now, {"remark": comment_id})


def send_back(session: Session, proposal_id: int, words: str, by: Actor, now: datetime) -> None:
    """Return a proposal to its author."""
    reviewing.send_back(session, proposal_id, words, _by(by), now)
    identity.audit(session, by, "course.return", "course_proposal", proposal_id, now)


def approve(session: Session, proposal_id: int, words: str, by: Actor, now: datetime) -> int:
    """Approve a proposal and load it; gives the version's id. Coverage follows when older awards cease to be held.

    Problem as of reviewing.approve; 422 when a retake's day has gone by: it would take awards away in the past.
    """
    posting = coverage.open_posting(session, now, "content")
    approved = reviewing.approve(session, proposal_id, words, _by(by), posting.recorded_at)
    _check_retake(session, approved.course, now)
    loaded = courses.load(session, [approved.course], posting.recorded_at, by.name)
    version_id = reviewing.taught(session, approved.id, approved.course.code, posting.recorded_at)
    if loaded.retakes:
        coverage.post(session, posting, everything=True)
    detail: dict[str, object] = {"course": approved.course.code, "version": version_id, "retake": bool(loaded.retakes)}
    identity.audit(session, by, "course.approve", "course_proposal", proposal_id, now, detail)
    return version_id


def _check_retake(session: Session, course: Course, now: datetime) -> None:
    spent = {(row.course_code, row.retake_from) for row in catalogue.retakes(session)}
    new = course.retake_from is not None and (course.code, course.retake_from) not in spent
    if new and course.retake_from is not None and course.retake_from < now.date():
        message = N_("The day from which the course has to be taken again has gone by. Return the text.")
        raise Problem(422, "retake_from", message)


def _by(by: Actor) -> By:
    return By(by.account_id, by.name)

"""Commands of review: hand a course in, remark on it, return it or approve it; what is approved becomes a version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.catalogue import queries
from app.catalogue.models import CourseVersion
from app.catalogue.review_models import (
    APPROVED,
    OPEN,
    REPLACED,
    RETURNED,
    CourseApproval,
    CourseComment,
    CourseProposal,
)
from app.catalogue.shapes import Course, Fact, content_hash, from_json, to_json
from app.kit.errors import Problem, not_found
from app.ops.i18n import N_

LONGEST = 2000
PLACES = ("course", "module", "item")


@dataclass(frozen=True)
class By:
    """Who acts: an account (None on the command line) and the name that is shown."""

    account_id: int | None
    name: str


@dataclass(frozen=True)
class Remark:
    """Words on a proposal: on the whole of it (kind course, place ''), on a module (slug) or on an item (id)."""

    kind: Literal["course", "module", "item"]
    place: str
    words: str


@dataclass(frozen=True)
class Approved:
    """A proposal that was approved: the course to load, and the newest version that it was held against."""

    id: int
    course: Course


def submit(session: Session, course: Course, facts: Mapping[str, Fact], by: By, now: datetime) -> int | None:
    """Hand a course in for review and give the proposal's id; None when it is what is taught or waits already.

    A proposal that waits for the same course is replaced.
    """
    digest = content_hash(course)
    newest = next((row for row in queries.listing(session) if row.course_code == course.code), None)
    waiting = session.scalar(select(CourseProposal).filter_by(course_code=course.code, state=OPEN).with_for_update())
    if (newest and newest.content_hash == digest) or (waiting and waiting.content_hash == digest):
        return None
    if waiting is not None:
        waiting.state, waiting.decided_at, waiting.decided_by = REPLACED, now, by.name
        session.flush()
    proposal = CourseProposal(
        course_code=course.code,
        title=course.title,
        content_hash=digest,
        body=to_json(course),
        facts={id: asdict(facts[id]) for id in sorted(_used(course)) if id in facts},
        base_id=newest.id if newest else None,
        state=OPEN,
        submitted_at=now,
        submitted_by=by.name,
        submitted_by_id=by.account_id,
    )
    session.add(proposal)
    session.flush()
    return proposal.id


def _used(course: Course) -> set[str]:
    return {item.fact for item in course.items} | {fact for module in course.modules for fact in module.facts}


def remark(session: Session, proposal_id: int, said: Remark, by: By, now: datetime) -> None:
    """Write a remark on a proposal that waits; Problem 404, 409 when it was decided, 422 when there is nothing said."""
    proposal = _waiting(session, proposal_id)
    words = _words(said.words)
    course = from_json(proposal.body)
    known = {"course": {""}, "module": {m.slug for m in course.modules}, "item": {i.id for i in course.items}}
    if said.place not in known[said.kind]:
        raise not_found()
    row = {"proposal_id": proposal_id, "kind": said.kind, "place": said.place, "words": words}
    session.execute(insert(CourseComment), [{**row, "written_at": now, "written_by": by.name}])


def settle(session: Session, proposal_id: int, comment_id: int, by: By, now: datetime) -> None:
    """Say that a remark is answered; again changes nothing. Problem 404, 409."""
    _waiting(session, proposal_id)
    row = session.get(CourseComment, comment_id)
    if row is None or row.proposal_id != proposal_id:
        raise not_found()
    if row.settled_at is None:
        row.settled_at, row.settled_by = now, by.name


def send_back(session: Session, proposal_id: int, words: str, by: By, now: datetime) -> None:
    """Return a proposal to its author with the reason; Problem 404, 409, 422."""
    proposal = _waiting(session, proposal_id)
    proposal.decision = _words(words)
    proposal.state, proposal.decided_at, proposal.decided_by = RETURNED, now, by.name


def approve(session: Session, proposal_id: int, words: str, by: By, now: datetime) -> Approved:
    """Approve a proposal; the workflow then loads it and notes the version (`taught`).

    Problem 404; 409 when it was decided, its course has a newer version by now, or remarks are unsettled; 403 for who
    handed it in: an author does not pass their own text.
    """
    proposal = _waiting(session, proposal_id)
    if by.account_id is not None and proposal.submitted_by_id == by.account_id:
        raise Problem(403, "own_text", N_("You handed this text in. Somebody else has to approve it."))
    newest = next((row for row in queries.listing(session) if row.course_code == proposal.course_code), None)
    if (newest.id if newest else None) != proposal.base_id:
        message = N_("The course has a newer version by now. Hand the text in again, so that it is compared with that.")
        raise Problem(409, "base", message)
    unsettled = select(CourseComment.id).filter_by(proposal_id=proposal_id, settled_at=None).limit(1)
    if session.scalar(unsettled) is not None:
        raise Problem(409, "unsettled", N_("Some remarks are not settled. Settle them, or return the text."))
    proposal.state, proposal.decided_at, proposal.decided_by = APPROVED, now, by.name
    proposal.decision = words.strip()[:LONGEST]
    return Approved(proposal.id, from_json(proposal.body))


def taught(session: Session, proposal_id: int, course_code: str, now: datetime) -> int:
    """Note the version that a proposal became; gives its id."""
    query = select(CourseVersion.id).filter_by(course_code=course_code).order_by(CourseVersion.number.desc()).limit(1)
    version_id = session.scalars(query).one()
    proposal = session.get_one(CourseProposal, proposal_id)
    proposal.version_id = version_id
    session.execute(
        update(CourseApproval)
        .where(CourseApproval.version_id == version_id)
        .values(proposal_id=proposal_id, approved_by=proposal.decided_by, approved_at=now)
    )
    return version_id


def _waiting(session: Session, proposal_id: int) -> CourseProposal:
    proposal = session.scalar(select(CourseProposal).filter_by(id=proposal_id).with_for_update())
    if proposal is None:
        raise not_found()
    if proposal.state != OPEN:
        raise Problem(409, "decided", N_("This text was decided on already, or replaced by a newer one."))
    return proposal


def _words(given: str) -> str:
    words = given.strip()
    if not words:
        raise Problem(422, "words", N_("Say in words what is to be changed, or why."))
    if len(words) > LONGEST:
        raise Problem(422, "words", N_("This is too long: at most %(n)s characters."), {"n": LONGEST})
    return words

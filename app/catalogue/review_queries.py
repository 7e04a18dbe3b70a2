"""Reads of review: proposals that wait and were decided, their content, remarks, and who approved what is taught."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer

from app.catalogue import queries
from app.catalogue.review_models import OPEN, CourseApproval, CourseComment, CourseProposal
from app.catalogue.shapes import Course, Fact, from_json
from app.kit.errors import not_found
from app.kit.paging import Page, page


@dataclass(frozen=True)
class ProposalRow:
    """A proposal without its content; `unsettled` remarks wait for an answer; `base` is the version it follows."""

    id: int
    course_code: str
    title: str
    state: str
    base_id: int | None
    submitted_at: datetime
    submitted_by: str
    submitted_by_id: int | None
    decided_at: datetime | None
    decided_by: str
    decision: str
    version_id: int | None
    unsettled: int


@dataclass(frozen=True)
class CommentRow:
    """A remark on a proposal: of kind course, module (`place` a slug) or item (`place` an id)."""

    id: int
    kind: str
    place: str
    words: str
    written_at: datetime
    written_by: str
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True)
class ApprovalRow:
    """Who let a version be taught, when, and after which review (None: loaded by the operator)."""

    version_id: int
    proposal_id: int | None
    approved_at: datetime
    approved_by: str


def waiting(session: Session) -> tuple[ProposalRow, ...]:
    """Give the proposals that wait for a reviewer, the oldest first; at most one a course."""
    return _rows(session, _query().where(CourseProposal.state == OPEN).order_by(CourseProposal.id))


def decided(session: Session, before: int | None = None, size: int = 20) -> Page[ProposalRow]:
    """Give a page of the proposals that were decided on or replaced, the newest first."""
    query = _query().where(CourseProposal.state != OPEN).order_by(CourseProposal.id.desc()).limit(size + 1)
    if before is not None:
        query = query.where(CourseProposal.id < before)
    return page(_rows(session, query), size, lambda row: str(row.id))


def proposal(session: Session, proposal_id: int) -> ProposalRow:
    """Give a proposal; Problem 404 when there is none."""
    found = _rows(session, _query().where(CourseProposal.id == proposal_id))
    if not found:
        raise not_found()
    return found[0]


def content(session: Session, proposal_id: int) -> Course:
    """Give the course that a proposal holds; Problem 404 when there is none."""
    body = session.scalar(select(CourseProposal.body).where(CourseProposal.id == proposal_id))
    if body is None:
        raise not_found()
    return from_json(body)


def facts(session: Session, proposal_id: int) -> dict[str, Fact]:
    """Give the facts that a proposal rests on, by id, as its author knew them."""
    found = session.scalar(select(CourseProposal.facts).where(CourseProposal.id == proposal_id)) or {}
    return {id: Fact(**body) for id, body in found.items()}


def figure(session: Session, course_code: str, digest: str, name: str) -> str:
    """Give a figure of a proposal that waits, by its content address; Problem 404 when there is none."""
    bodies = session.scalars(select(CourseProposal.body).filter_by(course_code=course_code, state=OPEN))
    for body in bodies:
        for module in from_json(body).modules:
            for one in module.figures:
                if one.name == name and one.digest == digest:
                    return one.svg
    raise not_found()


def base(session: Session, row: ProposalRow) -> Course | None:
    """Give the course as it was taught when the proposal was handed in; None for a new course."""
    return None if row.base_id is None else queries.version(session, row.base_id).course


def comments(session: Session, proposal_id: int) -> tuple[CommentRow, ...]:
    """Give the remarks on a proposal, the oldest first."""
    query = select(CourseComment).where(CourseComment.proposal_id == proposal_id).order_by(CourseComment.id)
    return tuple(
        CommentRow(c.id, c.kind, c.place, c.words, c.written_at, c.written_by, c.settled_at, c.settled_by)
        for c in session.scalars(query)
    )


def approvals(session: Session, version_ids: Iterable[int]) -> dict[int, ApprovalRow]:
    """Give who approved versions, by the version's id."""
    row = CourseApproval
    query = select(row.version_id, row.proposal_id, row.approved_at, row.approved_by)
    found = session.execute(query.where(row.version_id.in_(tuple(version_ids))))
    return {one.version_id: ApprovalRow(*one) for one in found}


def _query() -> Select[CourseProposal, int]:
    unsettled = (
        select(func.count())
        .where(CourseComment.proposal_id == CourseProposal.id, CourseComment.settled_at.is_(None))
        .scalar_subquery()
    )
    return select(CourseProposal, unsettled)


def _rows(session: Session, query: Select[CourseProposal, int]) -> tuple[ProposalRow, ...]:
    names = [name for name in ProposalRow.__dataclass_fields__ if name != "unsettled"]
    found = session.execute(query.options(defer(CourseProposal.body), defer(CourseProposal.facts)))
    return tuple(ProposalRow(**{name: getattr(p, name) for name in names}, unsettled=count) for p, count in found)

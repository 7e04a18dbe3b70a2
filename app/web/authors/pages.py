"""Fills the authors' pages."""

from collections.abc import Iterable

from app.awards import queries as awards
from app.catalogue import queries as catalogue
from app.catalogue import review_queries as reviews
from app.catalogue.comparing import compare
from app.kit.errors import not_found
from app.ops.db import Session
from app.web.authors.shapes import ItemsPage, ProposalPage, ReadPage, ShelfPage, VersionLine, VersionsPage


def shelf(session: Session, before: int | None, error: str = "", wrong: Iterable[str] = ()) -> ShelfPage:
    """Fill the first page."""
    taught = catalogue.listing(session)
    decided = reviews.decided(session, before)
    return ShelfPage(
        waiting=reviews.waiting(session),
        taught=taught,
        approvals=reviews.approvals(session, [row.id for row in taught]),
        decided=decided.rows,
        next=decided.after,
        first=before is None,
        error=error,
        wrong=tuple(wrong),
    )


def proposal(session: Session, proposal_id: int, error: str = "") -> ProposalPage:
    """Fill a proposal's page."""
    row = reviews.proposal(session, proposal_id)
    course, base = reviews.content(session, proposal_id), reviews.base(session, row)
    retake = course.retake_from is not None and (base is None or base.retake_from != course.retake_from)
    holders = awards.holders(session, row.course_code) if retake else 0
    return ProposalPage(
        row, course, base, compare(base, course), reviews.comments(session, proposal_id), holders, error
    )


def module(session: Session, proposal_id: int, slug: str) -> ReadPage:
    """Fill the page on which a module is read; Problem 404 when there is none."""
    whole = proposal(session, proposal_id)
    place = next((place for place, one in enumerate(whole.course.modules) if one.slug == slug), None)
    if place is None:
        raise not_found()
    known = reviews.facts(session, proposal_id)
    found = whole.course.modules[place]
    return ReadPage(whole, found, place + 1, tuple(known[id] for id in found.facts if id in known))


def items(session: Session, proposal_id: int, topic: str) -> ItemsPage:
    """Fill the page of items; an unknown topic shows all."""
    whole = proposal(session, proposal_id)
    chosen = topic if topic in whole.course.topics else ""
    found = tuple(item for item in whole.course.items if chosen in ("", item.topic))
    return ItemsPage(whole, chosen, found, reviews.facts(session, proposal_id))


def versions(session: Session, code: str) -> VersionsPage:
    """Fill the page of a course's versions; Problem 404 for an unknown course."""
    rows = catalogue.versions(session, code)
    if not rows:
        raise not_found()
    approvals = reviews.approvals(session, [row.id for row in rows])
    lines = [
        VersionLine(row, approvals.get(row.id), row.course.note, compare(before.course, row.course) if before else ())
        for before, row in zip((None, *rows), rows, strict=False)
    ]
    return VersionsPage(code, rows[-1].title, tuple(reversed(lines)))

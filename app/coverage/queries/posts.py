"""Every post that a plan requires on a day, with its standing: page by page for the screen, or all of them as a stream.

Read in the order of enterprise, post and assignment, some enterprises and a batch of posts at a time, so that the
memory it takes does not grow with the list. What is missing and why is worked out per batch from the facts as known.
"""

from collections.abc import Generator, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, case, literal, literal_column, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from app.coverage import rules
from app.coverage.models import EnterpriseStanding, Standing
from app.coverage.projections import is_postgresql
from app.coverage.queries.asking import Question, narrowing
from app.coverage.queries.beginnings import Moves, begun, moves
from app.coverage.queries.each import FEW_REGIONS
from app.coverage.queries.judging import Judge, PostStanding
from app.coverage.versions import visible
from app.kit.errors import forbidden
from app.kit.paging import Page, numbers, page
from app.kit.scope import Scope
from app.organisations.models import Enterprise, Person

Held = Literal["missing", "covered", "waived"]
HELD: tuple[Held, ...] = ("missing", "covered", "waived")
ENTERPRISES = 500
"""So many enterprises are named in one question."""
BATCH = 2000
"""So many posts are judged at a time."""
BATCHES = 20
"""So often for a page: a rare reason would have everybody of a province judged."""


@dataclass(frozen=True)
class PostFilter:
    """Which posts to list: missing, covered or waived ones; a post, an industry; those counted under a reason.

    course: of the missing those who lack it, else those who must hold it.
    """

    held: Held | None = None
    post: str | None = None
    industry: str | None = None
    reason: str | None = None
    course: str | None = None

    @property
    def judged(self) -> bool:
        """Say whether who is listed is known only once the posts are judged."""
        return self.reason is not None or self.course is not None

    def takes(self, row: PostStanding) -> bool:
        """Say whether a post that was judged is listed."""
        if self.reason is not None and row.reason != self.reason:
            return False
        if self.course is None:
            return True
        asked = (one.course for one in row.missing) if self.held == "missing" else row.courses
        return self.course in asked


def posts_page(
    scope: Scope, session: Session, question: Question, only: PostFilter, *, after: str | None = None, size: int = 50
) -> Page[PostStanding]:
    """List a page of the posts required; Problem 403 without personal data.

    Where posts must be judged to know who is listed, a page ends, perhaps short or empty, after so many of them.
    """
    positions = _positions(question)

    def key(row: PostStanding) -> str:
        return f"{row.enterprise_id}.{positions.get(row.post, 99)}.{row.assignment_id}"

    found: list[PostStanding] = []
    begins = _Key(*numbers(after, 3)) if after else None
    at_once = BATCH if only.judged else size + 1
    with closing(_batches(session, _personal(scope, question), only, begins, at_once)) as batches:
        for number, rows in enumerate(batches, 1):
            found.extend(filter(only.takes, rows))
            if len(found) > size:
                break
            if only.judged and number == BATCHES:
                return Page(tuple(found), key(rows[-1]), unfinished=True)
    return page(found, size, key)


def every_post(scope: Scope, session: Session, question: Question, only: PostFilter) -> Iterator[PostStanding]:
    """Give all posts required, streamed; Problem 403 without personal data, raised at once."""
    batches = _batches(session, _personal(scope, question), only, None, BATCH)
    return (row for rows in batches for row in rows if only.takes(row))


def _personal(scope: Scope, question: Question) -> Question:
    if not scope.personal:
        raise forbidden()
    return question


def _positions(question: Question) -> dict[str, int]:
    return {post.code: position for position, post in enumerate(question.plan.posts)}


class _Key(NamedTuple):
    """Where a page ended."""

    enterprise: int
    position: int
    assignment: int


def _batches(
    session: Session, question: Question, only: PostFilter, after: _Key | None, at_once: int
) -> Generator[Sequence[PostStanding], None, None]:
    """Judge posts, some at once; who is listed only then is not yet chosen."""
    judge = Judge(session, question)
    turned = frozenset(day.toordinal() for day in judge.plan.industry_days)
    with closing(_enterprises(session, question, only, after)) as blocks:
        for ids in blocks:
            names = {r.id: (r.uscc, r.name) for r in session.execute(_named(ids))}
            moved = moves(session, ids)
            query = _query(question, only, ids, after)
            with session.connection().execute(query, execution_options={"yield_per": at_once}) as result:
                for batch in result.partitions():
                    since = _begun(session, question, (moved, turned), batch)
                    yield list(judge.judged(batch, names, since))


def _begun(
    session: Session, question: Question, moved: tuple[Moves, AbstractSet[int]], batch: Sequence[Any]
) -> dict[int, int]:
    """Give since when those stand as they do whose span begins on a day on which their enterprise may have moved.

    moved: when enterprises did, and the days on which the plan's industries became others, for all.
    """
    own, common = moved
    cut = {
        row[0]: (row[8], (bool(row[9]), bool(row[10]))) for row in batch if (row[4], row[8]) in own or row[8] in common
    }
    return begun(session, question, cut) if cut else {}


def _named(ids: Sequence[int]) -> Select[int, str, str]:
    return select(Enterprise.id, Enterprise.uscc, Enterprise.name).where(Enterprise.id.in_(ids))


def _enterprises(
    session: Session, question: Question, only: PostFilter, after: _Key | None
) -> Generator[Sequence[int], None, None]:
    """Give the ids of the enterprises taken in, some at a time."""
    row = EnterpriseStanding
    query = select(row.enterprise_id).where(*_in_force(session, question)).order_by(row.enterprise_id)
    if only.industry is not None:
        query = query.where(row.industry == only.industry)
    if after is not None:
        query = query.where(row.enterprise_id >= after.enterprise)
    with session.execute(query, execution_options={"yield_per": ENTERPRISES}) as result:
        for block in result.partitions():
            yield [r.enterprise_id for r in block]


def _in_force(session: Session, question: Question) -> list[ColumnElement[bool]]:
    """Give the conditions of spans in force; of many regions SQLite walks them in order, rather than sort them all."""
    row = EnterpriseStanding
    few = question.regions is not None and len(question.regions) <= FEW_REGIONS
    if few or is_postgresql(session):
        return question.spans(row)
    plan = row.plan_id + literal_column("0")  # not the index that begins with the plan: it has another order
    in_force = (row.from_on <= question.on, row.until_on > question.on, visible(row, question.known_at))
    return [plan == question.plan.id, *in_force, *question.here(row, found_by_region=False)]


def _query(question: Question, only: PostFilter, ids: Sequence[int], after: _Key | None) -> Select[*tuple[Any, ...]]:
    """Ask for the posts of some enterprises; days come as numbers, which the judge turns into days."""
    row, on = Standing, question.on
    order = (row.enterprise_id, case(_positions(question), value=row.post, else_=99), row.assignment_id)
    who = (row.assignment_id, row.person_id, Person.name, Person.resident_id_masked, row.enterprise_id)
    raw = (type_coerce(column, Integer) for column in (row.from_on, row.covered, row.waived))
    what = (row.region, row.industry, row.post, *raw)
    query: Select[*tuple[Any, ...]] = select(*who, *what).join(Person, Person.id == row.person_id)
    query = query.where(row.plan_id == question.plan.id, row.enterprise_id.in_(ids), visible(row, question.known_at))
    query = query.where(row.from_on <= on, row.until_on > on).order_by(*order)
    if only.held is not None:
        query = query.where(row.covered.is_(only.held != "missing"))
    if only.held == "waived":
        query = query.where(row.waived.is_(True))
    if only.post is not None:
        query = query.where(row.post == only.post)
    if only.course is not None:
        query = query.where(row.post.in_({r.post for r in question.plan.requirements if only.course in r.courses}))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*(literal(part) for part in after)))
    return query


def missing_reasons(session: Session, question: Question, only: PostFilter) -> dict[str, int]:
    """Count who is missing by the reason they are counted under; the work grows with their number."""
    row = Standing
    query = select(row.person_id, row.post, row.industry).where(*question.spans(row), row.covered.is_(False))
    query = query.where(*narrowing(row, only.industry, only.post))
    counts = Judge(session, question).reasons([(person, post, kind) for person, post, kind in session.execute(query)])
    return {reason: counts[reason] for reason in rules.REASONS if counts[reason]}

"""One enterprise in one plan on a day: its status, its figures by post, its head-counts, and who is missing there."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.coverage import gather
from app.coverage.facts import EnterpriseTimeline
from app.coverage.ledger import Tally
from app.coverage.models import EnterpriseStanding, Entry
from app.coverage.queries.answers import Figures, Row, plus
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.queries.judging import PostStanding
from app.coverage.queries.posts import PostFilter, every_post
from app.coverage.rules import is_closed
from app.coverage.status import is_stale
from app.coverage.versions import recorded, visible
from app.kit.scope import Scope
from app.organisations.models import Declaration, PostAssignmentVersion


@dataclass(frozen=True)
class OneEnterprise:
    """An enterprise in a plan on a day; `status` is '' before the plan starts, else a status, `outside` or `closed`.

    region: where it lay that day, '' before it is known to lie anywhere. industry: the plan's industry that it counts
    under, '' where it is not taken in. posts: the plan's, in its order.
    people hold the posts of the roster; confirmed_on: its last confirmation as then known, None where there is none.
    """

    question: Question
    status: str
    stale: bool
    region: str
    industry: str
    posts: tuple[Row, ...]
    people: int
    assignments: int
    insured: int
    confirmed_on: date | None

    @property
    def figures(self) -> Figures:
        """Give the sum over the posts."""
        return plus(row.figures for row in self.posts)


def one_enterprise(scope: Scope, session: Session, ask: Ask, today: date, now: datetime) -> OneEnterprise:
    """Answer about the enterprise that `ask` names; Problem 404 or 422 when it cannot be asked."""
    question = resolve(scope, session, ask, today, now)
    (enterprise_id,) = question.enterprises
    timeline = gather.timelines(session, [enterprise_id], question.known_at)[enterprise_id]
    standing = EnterpriseStanding
    span = session.execute(select(standing.status, standing.industry).where(*question.spans(standing))).first()
    confirmed_on = _confirmed_on(session, question, enterprise_id)
    people, assignments = _head_counts(session, question, enterprise_id)
    return OneEnterprise(
        question=question,
        status=span.status if span else _not_counted(question, timeline),
        stale=is_stale(span.status, confirmed_on, question.on) if span else False,
        region=timeline.on("region", question.on) or "",
        industry=span.industry if span else "",
        posts=_posts(session, question),
        people=people,
        assignments=assignments,
        insured=int(timeline.on("insured", question.on) or 0),
        confirmed_on=confirmed_on,
    )


def _not_counted(question: Question, timeline: EnterpriseTimeline) -> str:
    if question.on < question.plan.starts_on:
        return ""
    return "closed" if is_closed(timeline, question.on) else "outside"


def _posts(session: Session, question: Question) -> tuple[Row, ...]:
    sums = (func.sum(Entry.required), func.sum(Entry.covered), func.sum(Entry.waived))
    query = select(Entry.post, *sums).where(*question.entries(Entry)).group_by(Entry.post)
    tallies = {post: Tally(*(int(n or 0) for n in counts)) for post, *counts in session.execute(query)}
    names = question.plan.post_names
    counted = [post for post, tally in tallies.items() if tally.required]
    return tuple(
        Row(code, names.get(code, code), Figures(tallies.get(code, Tally())))
        for code in dict.fromkeys([*names, *counted])
    )


def _head_counts(session: Session, question: Question, enterprise_id: int) -> tuple[int, int]:
    """Count the distinct people and the assignments in post on the day, as then known."""
    row = PostAssignmentVersion
    query = select(func.count(row.person_id.distinct()), func.count()).where(
        row.enterprise_id == enterprise_id,
        row.void.is_(False),
        row.starts_on <= question.on,
        or_(row.ends_on.is_(None), row.ends_on > question.on),
        visible(row, question.known_at),
    )
    people, assignments = session.execute(query).one()
    return int(people), int(assignments)


def _confirmed_on(session: Session, question: Question, enterprise_id: int) -> date | None:
    query = select(Declaration.confirmed_on).where(
        Declaration.enterprise_id == enterprise_id, recorded(Declaration.recorded_at, question.known_at)
    )
    return session.scalar(query.order_by(Declaration.confirmed_on.desc()).limit(1))


def missing_here(scope: Scope, session: Session, one: OneEnterprise) -> tuple[PostStanding, ...]:
    """List everybody who is missing there, by post in plan order; Problem 403 without personal data."""
    rows = every_post(scope, session, one.question, PostFilter("missing"))
    figures = one.figures
    return tuple(row for row in rows if row.missing) if figures.required > figures.covered else ()

"""What a person owes today: the courses that plans require of the posts they hold, and that they do not hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.coverage import rules, standings
from app.coverage.facts import Plan as Ruled
from app.coverage.records import records
from app.coverage.rules import Span
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.ops.db import Session
from app.organisations import roster
from app.organisations.roster import PostHeld
from app.plans import queries as plans
from app.plans.queries import Plan


@dataclass(frozen=True)
class Owed:
    """A missing course: why, by which plan, for which post where, and by when. A past deadline can be caught up."""

    course_code: str
    reason: str
    plan_name: str
    post_name: str
    enterprise_name: str
    deadline: date


@dataclass(frozen=True)
class Obligations:
    """How many courses are required of a person today, and those that are missing, most urgent first."""

    required: int
    owed: tuple[Owed, ...]

    def owes(self, course_code: str) -> bool:
        """Say whether a course is missing."""
        return any(owed.course_code == course_code for owed in self.owed)


def obligations(scope: Scope, session: Session, person_id: int, now: datetime) -> Obligations:
    """Gather what a person owes today over all plans, each course once; Problem 404 when out of reach.

    Plans that still run come before those past their deadline, the earlier deadline first; then the plan's order.
    """
    today = day_of(now)
    held = {post.assignment_id: post for post in roster.posts_of(scope, session, person_id)}
    book = standings.book(session)
    ruled = {plan.id: plan for plan in book.plans}
    spans = [span for span in standings.spans(session, book, list(held)) if span.from_on <= today < span.until_on]
    required = {course for span in spans for course in _courses(ruled[span.plan], span, today)}
    open_ones = [span for span in spans if not span.covered]
    if not open_ones:
        return Obligations(len(required), ())
    record = records(session, [person_id], book.retakes)[person_id]
    told = _Told(held, {plan.id: plan for plan in plans.plans(session)}, dict(_post_names(session)))
    found: dict[str, Owed] = {}
    for span in sorted(open_ones, key=lambda span: _urgency(ruled[span.plan], today)):
        for missing in rules.reasons(ruled[span.plan], span.post, span.industry, record, today):
            found.setdefault(missing.course, told.owed(span, missing.course, missing.reason))
    return Obligations(len(required), tuple(found.values()))


def _courses(plan: Ruled, span: Span, today: date) -> tuple[str, ...]:
    return rules.courses_on(plan, span.post, span.industry, today)


def _urgency(plan: Ruled, today: date) -> tuple[bool, date]:
    return plan.deadline < today, plan.deadline


def _post_names(session: Session) -> Iterable[tuple[str, str]]:
    return ((post.code, post.name) for post in plans.posts(session))


@dataclass(frozen=True)
class _Told:
    """The names by which a duty is told."""

    held: dict[int, PostHeld]
    plans: dict[int, Plan]
    posts: dict[str, str]

    def owed(self, span: Span, course: str, reason: str) -> Owed:
        plan, post = self.plans[span.plan], self.held[span.assignment]
        return Owed(course, reason, plan.name, self.posts.get(span.post, span.post), post.enterprise, plan.deadline)

"""What a person owes today: the courses that plans require of the posts they hold, and that they do not hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.coverage.queries import AssignmentRow, PersonStanding, PlanStanding, person_standing
from app.coverage.rules import Missing
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.ops.db import Session
from app.plans import queries as plans


@dataclass(frozen=True)
class Owed:
    """A missing course: why, by which plan, for which post where, and by when. A past deadline can be caught up.

    in_person: only training held in person meets what the plan demands; learning it here does not. counts_from: what
    was completed before this day does not count in the plan.
    """

    course_code: str
    reason: str
    plan_name: str
    post_name: str
    enterprise_name: str
    deadline: date
    counts_from: date
    in_person: bool = False


@dataclass(frozen=True)
class Obligations:
    """How many courses are required of a person today, and those that are missing, most urgent first."""

    required: int
    owed: tuple[Owed, ...]

    def of(self, course_code: str) -> Owed | None:
        """Give what is owed of a course; None when it is not missing."""
        return next((owed for owed in self.owed if owed.course_code == course_code), None)

    def owes(self, course_code: str) -> bool:
        """Say whether a course is missing that learning it here would meet."""
        owed = self.of(course_code)
        return owed is not None and not owed.in_person


def obligations(scope: Scope, session: Session, person_id: int, now: datetime) -> Obligations:
    """Gather what a person owes today over all plans, each course once; Problem 403 or 404 when out of reach.

    Plans that still run come before those past their deadline, the earlier deadline first; then the plan's order.
    A waiver settles a plan's requirement, so what it waives is neither required nor owed here. Of a course that one
    plan demands in person and another does not, the former is told: being there meets both.
    """
    today = day_of(now)
    wanted = sorted(
        _wanted(person_standing(scope, session, person_id, today, now)), key=lambda w: _urgency(w[1], today)
    )
    required = {course for _, standing in wanted for course in _courses(standing)}
    found: dict[str, Owed] = {}
    for post, standing in wanted:
        for missing in standing.missing:
            before = found.get(missing.course)
            if before is None or (missing.offline and not before.in_person):
                found[missing.course] = _owed(post, standing, missing)
    return Obligations(len(required), tuple(found.values()))


def _wanted(person: PersonStanding) -> Iterator[tuple[AssignmentRow, PlanStanding]]:
    for post in person.assignments:
        for standing in post.plans:
            if standing.required and not standing.waived:
                yield post, standing


def _urgency(standing: PlanStanding, today: date) -> tuple[bool, date]:
    return standing.plan.deadline < today, standing.plan.deadline


def _courses(standing: PlanStanding) -> Iterable[str]:
    yield from (held.course for held in standing.held)
    yield from (missing.course for missing in standing.missing)


def _owed(post: AssignmentRow, standing: PlanStanding, missing: Missing) -> Owed:
    plan = standing.plan
    name = next((named.name for named in plan.posts if named.code == post.post), post.post)
    return Owed(
        missing.course,
        missing.reason,
        plan.name,
        name,
        post.enterprise,
        plan.deadline,
        plan.counts_from,
        missing.offline,
    )


def owed_in_person(scope: Scope, session: Session, person_id: int, course_code: str, now: datetime) -> Owed | None:
    """Give what somebody owes of a course that a plan demands in person; None when it can be learned here, or is held.

    Plans are asked first: hardly any course is demanded in person, and then nobody's standing is read.
    """
    if not any(
        course_code in requirement.offline for plan in plans.plans(session) for requirement in plan.requirements
    ):
        return None
    owed = obligations(scope, session, person_id, now).of(course_code)
    return owed if owed is not None and owed.in_person else None

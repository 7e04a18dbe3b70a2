"""What a person's posts are worth in every plan on a day: the courses, held or missing, with what that rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.awards.queries import Certificate
from app.coverage.queries import AssignmentRow, PlanStanding
from app.coverage.queries.persons import WaiverRow
from app.ops.db import Session
from app.web.enterprise.evidence import Evidence, sources
from app.web.people.timeline import Names


@dataclass(frozen=True)
class CourseView:
    """A required course: held by a certificate, or missing with the evidence."""

    title: str
    award: Certificate | None
    evidence: Evidence | None
    offline: bool
    """Whether only training in person meets it."""


@dataclass(frozen=True)
class StandingView:
    """What a post is worth in a plan on the day; `waivers` are those that have not ended."""

    assignment_id: int
    plan: str
    plan_name: str
    plan_short: str
    post: str
    enterprise: str
    covered: bool
    waiver: WaiverRow | None
    waivers: tuple[WaiverRow, ...]
    courses: tuple[CourseView, ...]

    @property
    def held(self) -> int:
        """Count the courses that are held."""
        return sum(course.award is not None for course in self.courses)


class Told:
    """Turns standings into what the page shows, with names and evidence."""

    def __init__(
        self,
        session: Session,
        person_id: int,
        assignments: Sequence[AssignmentRow],
        names: Names,
        certificates: Sequence[Certificate],
        on: date,
        *,
        current: bool,
    ) -> None:
        self.person_id, self.assignments, self.names, self.on = person_id, assignments, names, on
        self.awards: Mapping[int, Certificate] = {award.id: award for award in certificates}
        missing = [(person_id, one) for a in assignments for plan in a.plans for one in plan.missing]
        self.sources = sources(session, missing, on, current=current)

    def standings(self, today: date) -> tuple[StandingView, ...]:
        """Tell what is required on the day, plans that still run before those past their deadline."""
        required = [(a, plan) for a in self.assignments for plan in a.plans if plan.required]
        required.sort(key=lambda pair: (pair[1].plan.deadline < today, pair[1].plan.deadline))
        return tuple(self._standing(a, plan, today) for a, plan in required)

    def _standing(self, assignment: AssignmentRow, standing: PlanStanding, today: date) -> StandingView:
        lasting = tuple(w for w in standing.waivers if w.until_on is None or w.until_on > today)
        in_force = [
            w for w in standing.waivers if w.from_on <= self.on and (w.until_on is None or w.until_on > self.on)
        ]
        return StandingView(
            assignment_id=assignment.id,
            plan=standing.plan.code,
            plan_name=standing.plan.name,
            plan_short=standing.plan.short_name,
            post=self.names.post(assignment.post),
            enterprise=assignment.enterprise,
            covered=standing.covered,
            waiver=in_force[0] if in_force else None,
            waivers=lasting,
            courses=self._courses(assignment, standing),
        )

    def _courses(self, assignment: AssignmentRow, standing: PlanStanding) -> tuple[CourseView, ...]:
        held = {one.course: self.awards.get(one.award_id) for one in standing.held}
        missing = {one.course: one for one in standing.missing}
        span = next(s for s in standing.spans if s.from_on <= self.on < s.until_on)
        views = []
        strict = standing.plan.offline(assignment.post, span.industry, self.on)
        for code in standing.plan.courses(assignment.post, span.industry, self.on):
            lacking = missing.get(code)
            evidence = self.sources.of(self.person_id, lacking, assignment.starts_on) if lacking else None
            views.append(CourseView(self.names.course(code), held.get(code), evidence, code in strict))
        return tuple(views)

"""A person's standing over time, told: each post in each plan with its spans and the steps that led to them.

Everything is read as known at the instant of the question, with the instant at which each thing was recorded.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment.models import Attempt
from app.awards.models import Award as AwardRow
from app.awards.models import Revocation
from app.catalogue.models import CourseVersion
from app.coverage import planned, rules
from app.coverage.facts import Award, Record
from app.coverage.models import Waiver
from app.coverage.queries.causes import facts
from app.coverage.queries.persons import AssignmentRow, PersonStanding, PlanStanding
from app.coverage.queries.stood import stood
from app.coverage.records import records
from app.coverage.rules import Missing, Span
from app.coverage.steps import Evidence, Post, Step, steps
from app.coverage.versions import recorded
from app.kit.dates import NEVER, day_of
from app.learning.models import LearningDay
from app.organisations.models import Declaration, PostAssignmentVersion
from app.plans.queries import Plan


@dataclass(frozen=True)
class Line:
    """A post in a plan that ever requires it: its spans over time, the steps in the order of their days.

    missing: what is not held on the day asked about.
    """

    assignment: AssignmentRow
    plan: Plan
    spans: tuple[Span, ...]
    steps: tuple[Step, ...]
    missing: tuple[Missing, ...]


def lines(session: Session, standing: PersonStanding) -> tuple[Line, ...]:
    """Tell how each of a person's posts came to stand as it does; `standing` has been checked against the reader."""
    facts = _Facts(session, standing)
    return tuple(
        Line(assignment, plan.plan, plan.spans, facts.told(assignment, plan), plan.missing)
        for assignment in standing.assignments
        for plan in assignment.plans
    )


class _Facts:
    """What is known of one person and their posts, read once."""

    def __init__(self, session: Session, standing: PersonStanding) -> None:
        self.session, self.known_at, self.person_id = session, standing.known_at, standing.person_id
        known = planned.retakes(session, self.known_at)
        self.record: Record = records(session, [self.person_id], known, self.known_at)[self.person_id]
        ids = [assignment.id for assignment in standing.assignments]
        self.posts = _posts(session, standing.assignments, self.known_at)
        self.facts = facts(session, {assignment.enterprise_id for assignment in standing.assignments}, self.known_at)
        self.decided = _waivers(session, ids, self.known_at)
        self.held = stood(session, ids, self.known_at)
        self.deeds = (*self._efforts(), *self._awards())

    def told(self, assignment: AssignmentRow, standing: PlanStanding) -> tuple[Step, ...]:
        """Put together what concerns one post in one plan: the courses that it ever asks of the post."""
        plan = standing.plan
        asked = {course for span in standing.spans for course in _courses(plan, span)}
        done = (step for since, step in self.deeds if step.course in asked and since >= plan.counts_from)
        decided = self.decided.get((plan.id, assignment.id), ())
        placed = self.facts.get(assignment.enterprise_id, ())
        held = self.held.get((plan.id, assignment.id), ())
        return steps(self.posts[assignment.id], standing.spans, (*done, *decided), placed, held)

    def _efforts(self) -> Iterator[tuple[date, Step]]:
        """Tell when each course was begun, and each exam that was not passed; each with its day."""
        efforts = self.record.efforts
        begun: dict[str, date] = {}
        for effort in efforts:
            if effort.kind == "in_progress":
                begun[effort.course] = min(effort.day, begun.get(effort.course, effort.day))
        row = LearningDay
        query = select(row.course_code, row.day, row.recorded_at).where(row.person_id == self.person_id)
        latest_first = self.session.execute(query.order_by(row.recorded_at.desc()))
        at = {(course, day): instant for course, day, instant in latest_first}
        for course, day in begun.items():
            yield day, Step(day, "begun", course, at.get((course, day)))
        failed = {(effort.course, effort.day) for effort in efforts if effort.kind == "failed"}
        tried = Attempt
        wanted = (tried.id, tried.course_code, tried.submitted_at, tried.score, tried.recorded_at)
        attempts = select(*wanted).where(tried.person_id == self.person_id, tried.outcome == "failed")
        for id, course, submitted_at, score, instant in self.session.execute(attempts.order_by(tried.id)):
            day = day_of(submitted_at) if submitted_at else NEVER
            if (course, day) in failed:
                yield day, Step(day, "failed", course, instant, Evidence(attempt_id=id, score=score))

    def _awards(self) -> Iterator[tuple[date, Step]]:
        """Tell each award, and how and when it ended; each with the day of its completion, by which plans count it."""
        known = {award.id: award for award in self.record.awards}
        revoked = _revocations(self.session, known, self.known_at)
        versions = _retakes(self.session) if known else {}
        for row in self.session.scalars(select(AwardRow).where(AwardRow.id.in_(known)).order_by(AwardRow.id)):
            award, certificate = known[row.id], _certificate(row)
            since = award.completed_on
            yield since, Step(since, "passed", award.course, row.recorded_at, certificate)
            end = rules.ending(award, self.record.retakes)
            if end is not None:
                yield since, _ended(award, row, end, certificate, revoked, versions)


def _courses(plan: Plan, span: Span) -> set[str]:
    """Give the courses that a plan asks of a post while a span lasts, whenever in it."""
    asked = (r for r in plan.requirements if r.post == span.post and r.industry in {None, span.industry})
    return {course for r in asked for course in r.courses if _meet(r.from_on, r.to_on, span)}


def _meet(from_on: date | None, to_on: date | None, span: Span) -> bool:
    return (from_on or date.min) < span.until_on and (to_on or NEVER) > span.from_on


def _certificate(row: AwardRow) -> Evidence:
    return Evidence(
        award_id=row.id,
        number=row.number,
        mode=row.mode,
        provider=row.provider,
        reference=row.reference,
        attempt_id=row.attempt_id,
        score=row.score,
        origin=row.origin,
    )


def _ended(
    award: Award,
    row: AwardRow,
    end: tuple[date, str],
    certificate: Evidence,
    revoked: Mapping[int, Revocation],
    versions: Mapping[tuple[str, date], datetime],
) -> Step:
    day, why = end
    if why == "revoked":
        revocation = revoked[award.id]
        decided = Evidence(
            actor=revocation.actor, reason=revocation.reason, award_id=award.id, number=certificate.number
        )
        return Step(day, why, award.course, revocation.recorded_at, decided)
    at = versions.get((award.course, day)) if why == "outdated" else row.recorded_at
    return Step(day, why, award.course, at, Evidence(award_id=award.id, number=certificate.number))


def _revocations(session: Session, awards: Collection[int], known_at: datetime | None) -> dict[int, Revocation]:
    """Give the revocation of each award that names the earliest day."""
    query = select(Revocation).where(Revocation.award_id.in_(awards), recorded(Revocation.recorded_at, known_at))
    found: dict[int, Revocation] = {}
    for row in session.scalars(query.order_by(Revocation.revoked_from.desc(), Revocation.id.desc())):
        found[row.award_id] = row
    return found


def _retakes(session: Session) -> dict[tuple[str, date], datetime]:
    """Give when each new version that has to be taken again became known."""
    row = CourseVersion
    query = select(row.course_code, row.retake_from, row.recorded_at).where(row.change == "retake")
    return {(course, day): at for course, day, at in session.execute(query) if day is not None}


def _posts(session: Session, assignments: Iterable[AssignmentRow], known_at: datetime | None) -> dict[int, Post]:
    """Give each post with the instants at which its start and its end, as they stand, became known."""
    held = {assignment.id: assignment for assignment in assignments}
    row = PostAssignmentVersion
    query = select(row.assignment_id, row.starts_on, row.ends_on, row.recorded_at)
    query = query.where(row.assignment_id.in_(held), row.void.is_(False), recorded(row.recorded_at, known_at))
    started: dict[int, datetime] = {}
    ended: dict[int, datetime] = {}
    for id, starts_on, ends_on, at in session.execute(query.order_by(row.recorded_at.desc())):
        if starts_on == held[id].starts_on:
            started[id] = at
        if ends_on is not None and ends_on == held[id].ends_on:
            ended[id] = at
    words = _words(session, {assignment.enterprise_id for assignment in held.values()}, started.values())
    return {id: _post(one, started.get(id), ended.get(id), words) for id, one in held.items()}


def _post(
    one: AssignmentRow,
    started: datetime | None,
    ended: datetime | None,
    words: Mapping[tuple[int, datetime | None], tuple[str, str]],
) -> Post:
    declared, actor = words.get((one.enterprise_id, started), ("", ""))
    return Post(one.starts_on, one.ends_on or NEVER, started, ended, declared, actor)


def _words(
    session: Session, enterprises: Collection[int], instants: Iterable[datetime]
) -> dict[tuple[int, datetime | None], tuple[str, str]]:
    """Give the word of an enterprise by which a post came in: of the same instant; its kind and who gave it."""
    row = Declaration
    query = select(row.enterprise_id, row.recorded_at, row.kind, row.actor)
    query = query.where(row.enterprise_id.in_(enterprises), row.recorded_at.in_(set(instants)))
    return {(enterprise, at): (kind, actor) for enterprise, at, kind, actor in session.execute(query)}


def _waivers(
    session: Session, ids: Collection[int], known_at: datetime | None
) -> dict[tuple[int, int], tuple[Step, ...]]:
    """Tell the waivers by (plan, assignment): granted, ended, and withdrawn by whom and why."""
    query = select(Waiver).where(Waiver.assignment_id.in_(ids), recorded(Waiver.recorded_at, known_at))
    found: dict[tuple[int, int], tuple[Step, ...]] = {}
    granted: dict[tuple[int, int, date, str], datetime] = {}
    for row in session.scalars(query.order_by(Waiver.recorded_at, Waiver.id)):
        key = row.plan_id, row.assignment_id
        at = granted.setdefault((*key, row.from_on, row.reason), row.recorded_at)
        withdrawn = row.superseded_at is not None and (known_at is None or row.superseded_at <= known_at)
        found[key] = (*found.get(key, ()), *(_withdrawn(row) if withdrawn else _granted(row, at)))
    return found


def _granted(row: Waiver, at: datetime) -> Iterator[Step]:
    """Tell a waiver and its end; one that was shortened is known since the first of its rows."""
    yield Step(row.from_on, "waived", recorded_at=at, evidence=Evidence(actor=row.actor, reason=row.reason))
    if row.until_on is not None:
        yield Step(row.until_on, "waiver_ended", recorded_at=row.recorded_at)


def _withdrawn(row: Waiver) -> Iterator[Step]:
    """Tell a withdrawal on the day it was recorded; what was left of the waiver stands on its own."""
    decided = Evidence(actor=row.withdrawn_by, reason=row.withdrawn_reason)
    if row.superseded_at is not None:
        yield Step(day_of(row.superseded_at), "withdrawn", recorded_at=row.superseded_at, evidence=decided)

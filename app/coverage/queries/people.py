"""What some post assignments are worth in a plan, on a day, as known at an instant, and what they miss and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage import planned, rules
from app.coverage.models import Standing
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.records import records
from app.coverage.rules import Missing
from app.kit.errors import forbidden
from app.kit.scope import Scope


@dataclass(frozen=True)
class AssignmentStanding:
    """What an assignment is worth in a plan on a day; `missing` is empty where it is covered."""

    covered: bool
    waived: bool
    missing: tuple[Missing, ...]


def of_assignments(
    scope: Scope, session: Session, ask: Ask, ids: Collection[int], today: date, now: datetime
) -> dict[int, AssignmentStanding]:
    """Give the standing of assignments (a page of them); those not required on the day are left out.

    Problem 403 without personal data.
    """
    if not scope.personal:
        raise forbidden()
    question = resolve(scope, session, ask, today, now)
    row = Standing
    query = select(row.assignment_id, row.person_id, row.post, row.industry, row.covered, row.waived)
    rows = session.execute(query.where(row.assignment_id.in_(ids), *question.spans(row, found_by_region=False))).all()
    reasons = _reasons(session, question, [r for r in rows if not r.covered])
    return {r.assignment_id: AssignmentStanding(r.covered, r.waived, reasons.get(r.assignment_id, ())) for r in rows}


def _reasons(session: Session, question: Question, rows: Sequence[Any]) -> dict[int, tuple[Missing, ...]]:
    """Give the missing courses of uncovered assignments by assignment, from the facts as then known."""
    retakes = planned.retakes(session, question.known_at)
    done = records(session, {row.person_id for row in rows}, retakes, question.known_at)
    plan = planned.shaped(question.plan, question.parents)
    return {
        row.assignment_id: rules.reasons(plan, row.post, row.industry, done[row.person_id], question.on) for row in rows
    }

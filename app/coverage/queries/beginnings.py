"""Since when a post has stood as it does: spans end where an enterprise moves, though nothing changed for the person.

Only of enterprises that ever moved is more read than the span in force.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Integer, literal_column, select, type_coerce
from sqlalchemy.orm import Session

from app.coverage.models import Standing
from app.coverage.queries.asking import Question
from app.coverage.versions import visible
from app.organisations.models import EnterpriseFact

PLACED_BY = ("region", "industry", "hazardous_licence", "key_industry", "key_enterprise", "closed_on")
"""The attributes by which rules.places() tells where, and as what, a plan takes an enterprise in."""
Moves = frozenset[tuple[int, int]]
"""Enterprises, with the ordinals of days on which any of these became another."""
Worth = tuple[bool, bool]
"""Covered, waived."""


def moves(session: Session, enterprises: Sequence[int]) -> Moves:
    """Give the days on which any of the enterprises may have moved, whenever that was known."""
    row = EnterpriseFact
    query = select(row.enterprise_id, type_coerce(row.effective_on, Integer))
    query = query.where(row.enterprise_id.in_(enterprises), row.attribute.in_(PLACED_BY))
    rows = session.execute(query.where(row.effective_on > date.min))
    return frozenset((enterprise, day) for enterprise, day in rows)


def begun(session: Session, question: Question, standing: Mapping[int, tuple[int, Worth]]) -> dict[int, int]:
    """Give since which day (ordinals) assignments stand as they do, from the first day of the span in force."""
    row = Standing
    days = (type_coerce(row.from_on, Integer), type_coerce(row.until_on, Integer))
    query = select(row.assignment_id, *days, row.covered, row.waived).order_by(row.from_on.desc())
    plan = row.plan_id + literal_column("0")  # not the indexes that begin with the plan: SQLite would read all of it
    query = query.where(row.assignment_id.in_(sorted(standing)), plan == question.plan.id)
    found = {id: first for id, (first, _) in standing.items()}
    for id, from_on, until_on, covered, waived in session.execute(query.where(visible(row, question.known_at))):
        if until_on == found[id] and (covered, waived) == standing[id][1]:
            found[id] = from_on
    return found

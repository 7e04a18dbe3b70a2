"""Reads of plans as known now or at an instant, and of key posts with the names that rosters use."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.kit.errors import not_found
from app.plans.models import KeyPost, PlanVersion
from app.plans.models import Plan as PlanRow
from app.plans.parse import normal
from app.plans.shapes import Indicator, KeyPostRow, Phase, Plan, PlanIndustry, PlanPost, Requirement, Target, from_json

__all__ = [
    "Indicator",
    "KeyPostRow",
    "Phase",
    "Plan",
    "PlanIndustry",
    "PlanPost",
    "Requirement",
    "Target",
    "find_post",
    "plan",
    "plans",
    "posts",
]


def plans(session: Session, known_at: datetime | None = None) -> tuple[Plan, ...]:
    """Give all plans as known at an instant (None: now), by their first day, then code."""
    query = select(PlanRow.id, PlanVersion.body).join(PlanVersion, PlanVersion.plan_id == PlanRow.id)
    found = [from_json(id, body) for id, body in session.execute(query.where(_visible(known_at)))]
    return tuple(sorted(found, key=lambda p: (p.starts_on, p.code)))


def plan(session: Session, code: str, known_at: datetime | None = None) -> Plan:
    """Give a plan as known at an instant (None: now); Problem 404 when there is none."""
    query = select(PlanRow.id, PlanVersion.body).join(PlanVersion, PlanVersion.plan_id == PlanRow.id)
    row = session.execute(query.where(PlanRow.code == code, _visible(known_at))).first()
    if row is None:
        raise not_found()
    return from_json(row.id, row.body)


def posts(session: Session) -> tuple[KeyPostRow, ...]:
    """Give the key posts in their order."""
    rows = session.execute(select(KeyPost.code, KeyPost.name, KeyPost.aliases).order_by(KeyPost.position, KeyPost.code))
    return tuple(KeyPostRow(code, name, tuple(aliases)) for code, name, aliases in rows)


def find_post(posts: Sequence[KeyPostRow], text: str) -> KeyPostRow | None:
    """Find the post that a roster means by a code, name or alias, however it is spaced, cased or widened."""
    return _by_name(tuple(posts)).get(normal(text))


@lru_cache(maxsize=8)
def _by_name(posts: tuple[KeyPostRow, ...]) -> dict[str, KeyPostRow]:
    return {normal(text): post for post in posts for text in (*post.aliases, post.name, post.code)}


def _visible(known_at: datetime | None) -> ColumnElement[bool]:
    if known_at is None:
        return PlanVersion.superseded_at.is_(None)
    later = or_(PlanVersion.superseded_at.is_(None), PlanVersion.superseded_at > known_at)
    return (PlanVersion.recorded_at <= known_at) & later

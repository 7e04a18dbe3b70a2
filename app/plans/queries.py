"""Reads of plans as known now or at an instant, and of key posts with the names that rosters use."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache

from sqlalchemy import BindParameter, ColumnElement, Select, Text, bindparam, cast, or_, select
from sqlalchemy.orm import Session

from app.kit.errors import not_found
from app.ops.db import Instant, kept
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
    "Stored",
    "Target",
    "find_post",
    "plan",
    "plans",
    "posts",
    "read",
    "stored",
    "usual",
]


def plans(session: Session, known_at: datetime | None = None) -> tuple[Plan, ...]:
    """Give all plans as known at an instant (None: now), by their first day, then code."""
    return read(stored(session, known_at))


def usual(offered: Sequence[Plan], today: date) -> Plan:
    """Choose the plan that is meant where none is named: of those that run the one that runs longest, else the last."""
    running = [plan for plan in offered if plan.starts_on <= today <= plan.deadline]
    return max(running or offered, key=lambda plan: (plan.deadline, plan.starts_on))


Stored = tuple[tuple[int, str], ...]
"""Ids of plans, each with the text of a version as the database keeps it."""


def stored(session: Session, known_at: datetime | None = None) -> Stored:
    """Give all plans as known at an instant (None: now) as they are stored: what read() makes plans of.

    Who shapes plans further can keep what came of it by this text: it is all that a plan says, whoever reads it where.
    """
    return kept(session, ("plans", known_at), lambda: _read_stored(session, known_at))


def _read_stored(session: Session, known_at: datetime | None) -> Stored:
    session.flush()
    values = {} if known_at is None else {"known_at": known_at}
    rows = session.connection().execute(_stored(then=known_at is not None), values)
    return tuple((id, text) for id, text in rows)


@cache
def _stored(*, then: bool) -> Select[int, str]:
    text = cast(PlanVersion.body, Text)
    query = select(PlanRow.id, text).join(PlanVersion, PlanVersion.plan_id == PlanRow.id).order_by(PlanRow.id)
    return query.where(_visible(bindparam("known_at", type_=Instant()) if then else None))


@lru_cache(maxsize=64)
def read(stored: Stored) -> tuple[Plan, ...]:
    """Read stored plans, by their first day, then code; those lately read are kept."""
    found = [_read(id, text) for id, text in stored]
    return tuple(sorted(found, key=lambda p: (p.starts_on, p.code)))


@lru_cache(maxsize=256)
def _read(id: int, text: str) -> Plan:
    return from_json(id, json.loads(text))


def plan(session: Session, code: str, known_at: datetime | None = None) -> Plan:
    """Give a plan as known at an instant (None: now); Problem 404 when there is none."""
    row = kept(session, ("plan", code, known_at), lambda: _stored_one(session, code, known_at))
    if row is None:
        raise not_found()
    return _read(*row)


def _stored_one(session: Session, code: str, known_at: datetime | None) -> tuple[int, str] | None:
    text = cast(PlanVersion.body, Text)
    query = select(PlanRow.id, text).join(PlanVersion, PlanVersion.plan_id == PlanRow.id)
    row = session.execute(query.where(PlanRow.code == code, _visible(known_at))).first()
    return None if row is None else (row[0], row[1])


def posts(session: Session) -> tuple[KeyPostRow, ...]:
    """Give the key posts in their order."""
    rows = session.execute(select(KeyPost.code, KeyPost.name, KeyPost.aliases).order_by(KeyPost.position, KeyPost.code))
    return tuple(KeyPostRow(code, name, tuple(aliases)) for code, name, aliases in rows)


def post_names(session: Session) -> dict[str, str]:
    """Give what the key posts are called, by code."""
    return {post.code: post.name for post in posts(session)}


def find_post(posts: Sequence[KeyPostRow], text: str) -> KeyPostRow | None:
    """Find the post that a roster means by a code, name or alias, however it is spaced, cased or widened."""
    return _by_name(tuple(posts)).get(normal(text))


@lru_cache(maxsize=8)
def _by_name(posts: tuple[KeyPostRow, ...]) -> dict[str, KeyPostRow]:
    return {normal(text): post for post in posts for text in (*post.aliases, post.name, post.code)}


def _visible(known_at: datetime | BindParameter[datetime] | None) -> ColumnElement[bool]:
    if known_at is None:
        return PlanVersion.superseded_at.is_(None)
    later = or_(PlanVersion.superseded_at.is_(None), PlanVersion.superseded_at > known_at)
    return (PlanVersion.recorded_at <= known_at) & later

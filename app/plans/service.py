"""Loads plans and key posts: what changed is recorded as a new version, what did not is left alone.

A plan whose version known now was published from a draft is no longer the files' matter: loading never replaces it.
While its file says something else it is named as kept; publishing the file replaces it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.plans import drafts, queries
from app.plans.models import KeyPost, PlanVersion
from app.plans.models import Plan as PlanRow
from app.plans.shapes import KeyPostRow, Plan, to_json


@dataclass(frozen=True)
class PlansLoaded:
    """Codes of the plans that were added, changed, unchanged; and whether the key posts' names changed.

    kept: plans published from a draft, whose file says something else and was passed over.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    posts_changed: bool
    kept: tuple[str, ...] = ()


def would_change(session: Session, plans: Sequence[Plan], posts: Sequence[KeyPostRow]) -> bool:
    """Say whether loading would write anything."""
    known = {plan.code: to_json(plan) for plan in queries.plans(session)}
    published = drafts.published_codes(session)
    differing = [plan.code for plan in plans if known.get(plan.code) != to_json(plan)]
    return _posts_differ(session, posts) or any(code not in published for code in differing)


def load(session: Session, plans: Sequence[Plan], posts: Sequence[KeyPostRow], recorded_at: datetime) -> PlansLoaded:
    """Record what the files say. A plan that is no longer among them stays; a post no longer named keeps its row."""
    posts_changed = _load_posts(session, posts)
    known = {plan.code: plan for plan in queries.plans(session)}
    published = drafts.published_codes(session)
    done: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": [], "kept": []}
    for plan in plans:
        before = known.get(plan.code)
        if before is not None and to_json(before) == to_json(plan):
            done["unchanged"].append(plan.code)
            continue
        if plan.code in published:
            done["kept"].append(plan.code)
            continue
        done["changed" if before else "added"].append(plan.code)
        _record(session, plan, before.id if before else _register(session, plan.code), recorded_at)
    added, changed, unchanged, kept = (tuple(codes) for codes in done.values())
    return PlansLoaded(added, changed, unchanged, posts_changed, kept)


def publish(session: Session, plan: Plan, recorded_at: datetime) -> int:
    """Record a plan that was drafted as what is known from now on, and give its version; it may be a new plan.

    The workflow posts what follows from it, in the same transaction.
    """
    before = next((known for known in queries.plans(session) if known.code == plan.code), None)
    return _record(session, plan, before.id if before else _register(session, plan.code), recorded_at)


def _posts_differ(session: Session, posts: Sequence[KeyPostRow]) -> bool:
    codes = {post.code for post in posts}
    return [post for post in queries.posts(session) if post.code in codes] != list(posts)


def _load_posts(session: Session, posts: Sequence[KeyPostRow]) -> bool:
    if not _posts_differ(session, posts):
        return False
    session.execute(delete(KeyPost).where(KeyPost.code.in_([post.code for post in posts])))
    rows = [{**asdict(post), "aliases": list(post.aliases), "position": n} for n, post in enumerate(posts)]
    session.execute(insert(KeyPost), rows)
    return True


def _register(session: Session, code: str) -> int:
    return session.scalars(insert(PlanRow).returning(PlanRow.id), [{"code": code}]).one()


def _record(session: Session, plan: Plan, plan_id: int, recorded_at: datetime) -> int:
    open_version = (PlanVersion.plan_id == plan_id) & PlanVersion.superseded_at.is_(None)
    session.execute(update(PlanVersion).where(open_version).values(superseded_at=recorded_at))
    row = {"plan_id": plan_id, "body": to_json(plan), "recorded_at": recorded_at, "superseded_at": None}
    return session.scalars(insert(PlanVersion).returning(PlanVersion.id), [row]).one()

"""Checks what an enterprise's pages are asked, and fills in what is left open: the plan, the day."""

from collections.abc import Sequence
from datetime import date, datetime

from app.access.scope import Viewer
from app.coverage import queries as coverage
from app.coverage.queries.single import one_enterprise
from app.kit.errors import Problem
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.organisations import regions
from app.organisations.regions import RegionTree
from app.plans import queries as plans
from app.plans.queries import Plan
from app.web.enterprise.asked import Ask, Subject, read_day


def understood(
    viewer: Viewer, session: Session, ask: Ask, today: date, now: datetime, *, default_on: date | None = None
) -> Subject:
    """Check what was asked, and fill in what was not: the running plan, today or the plan's deadline once past.

    Problem 404 for an enterprise out of reach or an unknown plan, 422 for a day that cannot be read.
    """
    enterprise = organisations.enterprise(viewer.scope, session, ask.enterprise_id)
    tree = regions.tree(session)
    offered = _offered(plans.plans(session), tree, enterprise.region)
    question = coverage.Ask(
        ask.plan or _default(offered, today),
        read_day(ask.on) or default_on,
        coverage.parse_known_at(ask.known_at) if ask.known_at else None,
        enterprise=enterprise.uscc,
    )
    one = one_enterprise(viewer.scope, session, question, today, now)
    reached = viewer.scope.reaches_region(one.region or enterprise.region)
    return Subject(ask, enterprise, tree, offered, one, today, reached)


def _offered(known: Sequence[Plan], tree: RegionTree, region: str) -> tuple[Plan, ...]:
    """Give the plans that apply where the enterprise lies; all of them when none does."""
    above = {row.code for row in tree.ancestors(region)}
    return tuple(plan for plan in known if above & set(plan.regions)) or tuple(known)


def _default(offered: Sequence[Plan], today: date) -> str:
    """Choose the usual plan; Problem 404 when none has been loaded."""
    if not offered:
        raise Problem(404, "no_plan", N_("No plan has been loaded yet. Plans come with `coverall content load`."))
    return plans.usual(offered, today).code

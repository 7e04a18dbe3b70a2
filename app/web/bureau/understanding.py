"""Checks what the bureau's pages are asked, and fills in what is left open."""

from collections.abc import Sequence
from datetime import date, datetime

from app.access.scope import Viewer
from app.coverage.queries import day_asked, instant_of, parse_known_at
from app.kit.dates import day_or_none
from app.kit.errors import Problem, not_found
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import regions
from app.organisations.regions import RegionRow, RegionTree
from app.plans import queries as plans
from app.plans.queries import Plan
from app.web.bureau.asking import INDENT, LEVELS, ORDERS, VIEWS, Asked, Choice, Params
from app.web.instants import field_text

MOST_SAID = 40
"""Characters that are repeated of what was not understood."""


class NoBureau(Exception):  # noqa: N818 - a redirect, not an error
    """The reader looks after enterprises, not a region: their figures stand on the enterprise's page."""

    def __init__(self, enterprise_id: int | None) -> None:
        """Remember where to go instead."""
        self.location = "/" if enterprise_id is None else f"/enterprises/{enterprise_id}"
        super().__init__(self.location)


def understood(viewer: Viewer, session: Session, given: Params, today: date, now: datetime) -> Asked:
    """Check what was asked, and fill in what was not: the running plan, the reader's region, today or the deadline.

    NoBureau for a reader without a region; Problem 404 for a plan or region that is unknown or out of reach, 422 for
    a day that cannot be read.
    """
    if viewer.home_region is None:
        raise NoBureau(viewer.home_enterprise)
    tree = regions.tree(session)
    top = viewer.home_region
    offered = tuple(p for p in plans.plans(session) if tree.meets(p.regions, top))
    plan = _plan(offered, given.plan, today)
    region = given.region or _first_place(tree, plan, top)
    if region not in tree.rows or not viewer.scope.reaches_region(region):
        raise not_found()
    wanted = day_or_none(given.on)
    on = day_asked(wanted) if wanted else min(today, plan.deadline)
    known_at = instant_of(parse_known_at(given.known_at) if given.known_at else None, today, now)
    path = tuple(r for r in tree.ancestors(region) if viewer.scope.reaches_region(r.code))
    kept = {"on": given.on, "known_at": given.known_at, "key": "1" if given.key == "1" else ""}
    industry = given.industry if given.industry in {i.code for i in plan.industries} else ""
    post = given.post if given.post in {p.code for p in plan.posts} else ""
    view = given.view if given.view in VIEWS else ""
    order = given.order if given.order in ORDERS else ""
    level = given.level if given.level in LEVELS else ""
    shown = {"industry": industry, "post": post, "view": view, "order": order, "level": level}
    shown |= {"own": "1" if given.own == "1" else ""}
    fields = {"plan": plan.code, "region": region, **kept, **shown}
    return Asked(
        plan=plan,
        plans=offered,
        tree=tree,
        region=region,
        places=tuple(_places(tree, path, path[0].code, 0)),
        path=path,
        on=on,
        known_at=known_at,
        known_text=field_text(given.known_at, known_at),
        key=given.key == "1",
        industry=industry or None,
        post=post or None,
        unknown=tuple(
            text[:MOST_SAID] for text, known in ((given.industry, industry), (given.post, post)) if text != known
        ),
        today=today,
        reached=tree.meets(plan.regions, region),
        view=view,
        order=order,
        level=level,
        own=given.own == "1",
        personal=viewer.sees_people,
        made_at=now,
        given=tuple((name, value) for name, value in fields.items() if value),
    )


def _plan(offered: Sequence[Plan], code: str, today: date) -> Plan:
    """Find the plan, the usual one where none is named; Problem 404 for one that is not offered."""
    if code:
        return next((plan for plan in offered if plan.code == code), None) or _unknown()
    if not offered:
        message = N_("No plan applies in your region yet. Plans come with `coverall content load`.")
        raise Problem(404, "no_plan", message)
    return plans.usual(offered, today)


def _unknown() -> Plan:
    raise not_found()


def _first_place(tree: RegionTree, plan: Plan, top: str) -> str:
    """Give where to start: the reader's region, or the plan's when that is one smaller place inside it."""
    above = {row.code for row in tree.ancestors(top)}
    below = [code for code in plan.regions if code not in above]
    return below[0] if len(plan.regions) == len(below) == 1 else top


def _places(tree: RegionTree, path: Sequence[RegionRow], code: str, depth: int) -> list[Choice]:
    """List a region and, on the way to the one asked about and just below it, what lies inside."""
    found = [Choice(code, INDENT * depth + tree.name(code))]
    if any(row.code == code for row in path):
        for child in tree.children(code):
            found += _places(tree, path, child.code, depth + 1)
    return found

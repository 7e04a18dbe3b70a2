"""What the bureau's pages are asked: plan, region, day, known-at and scope, all of it in the URL, checked here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends

from app.access.roles import PEOPLE_READ
from app.access.scope import Viewer
from app.coverage.queries import Ask, instant_of, parse_known_at
from app.kit.dates import SHANGHAI
from app.kit.errors import Problem, not_found
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import regions
from app.organisations.regions import RegionRow, RegionTree
from app.plans import queries as plans
from app.plans.queries import Plan

INDENT = "\u3000"
VIEWS = ("grid", "list")
ORDERS = ("code", "ratio", "missing", "undeclared", "stale")
"""How regions may be laid out, and sorted."""
LEVELS = ("next", "deeper")
"""Which regions are shown: those just below the one asked about, or those below these."""


class NoBureau(Exception):  # noqa: N818 - a redirect, not an error
    """The reader looks after enterprises, not a region: their figures stand on the enterprise's page."""

    def __init__(self, enterprise_id: int | None) -> None:
        """Remember where to go instead."""
        self.location = "/" if enterprise_id is None else f"/enterprises/{enterprise_id}"
        super().__init__(self.location)


@dataclass(frozen=True)
class Params:
    """The query string as it came; '' where a field was left empty."""

    plan: str = ""
    region: str = ""
    on: str = ""
    known_at: str = ""
    key: str = ""
    industry: str = ""
    post: str = ""
    view: str = ""
    order: str = ""
    level: str = ""


def params(
    plan: str = "",
    region: str = "",
    on: str = "",
    known_at: str = "",
    key: str = "",
    industry: str = "",
    post: str = "",
    view: str = "",
    order: str = "",
    level: str = "",
) -> Params:
    """Collect the parameters that all of these pages share."""
    return Params(plan, region, on, known_at, key, industry, post, view, order, level)


Asks = Annotated[Params, Depends(params)]


@dataclass(frozen=True)
class Choice:
    """An option of the ask bar."""

    code: str
    name: str


@dataclass(frozen=True)
class Asked:
    """A question that was understood, and what else could be asked. `given` is what links repeat.

    path: the regions from the reader's own down to the one asked about. reached: whether the plan applies in it.
    view, order and level: how the regions below are shown. personal: whether the reader may see names. made_at: now.
    """

    plan: Plan
    plans: tuple[Plan, ...]
    tree: RegionTree
    region: str
    places: tuple[Choice, ...]
    path: tuple[RegionRow, ...]
    on: date
    known_at: datetime | None
    known_text: str
    key: bool
    industry: str | None
    post: str | None
    today: date
    reached: bool
    view: str
    order: str
    level: str
    personal: bool
    made_at: datetime
    given: tuple[tuple[str, str], ...]

    @property
    def forecast(self) -> bool:
        """Say whether the day is still to come."""
        return self.on > self.today

    @property
    def begun(self) -> bool:
        """Say whether the plan has started by the day."""
        return self.on >= self.plan.starts_on

    @property
    def region_name(self) -> str:
        """Give the name of the region asked about."""
        return self.tree.name(self.region)

    @property
    def industries(self) -> dict[str, str]:
        """Give the names of the plan's industries by code."""
        return {industry.code: industry.name for industry in self.plan.industries}

    @property
    def posts(self) -> dict[str, str]:
        """Give the names of the plan's posts by code."""
        return {post.code: post.name for post in self.plan.posts}

    @property
    def ask(self) -> Ask:
        """Give the question as coverage understands it; industry and post apart."""
        return Ask(self.plan.code, self.on, self.known_at, self.region, key_enterprises=self.key)

    def link(self, path: str, **changes: str | int | bool | None) -> str:
        """Give the address of a page with the same question, but for the changes; None, False and '' take one away."""
        fields = dict(self.given) | {name: _plain(value) for name, value in changes.items()}
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{path}?{query}" if query else path

    def people(self, held: str, **changes: str | int | bool | None) -> str:
        """Give the address of the rows behind a number of posts: "missing", "covered" or "" for all required.

        For a reader who may see no names these are the enterprises.
        """
        if not self.personal:
            return self.link("/coverage/enterprises", **{**changes, "post": None})
        if held == "missing":
            return self.link("/coverage/missing", **changes)
        return self.link("/coverage/people", **{**changes, "held": held})

    def enterprise(self, id: int) -> str:
        """Give the address of an enterprise's page that answers for the same plan, day and instant."""
        return f"/enterprises/{id}?{self._carried}"

    def person(self, enterprise_id: int, person_id: int) -> str:
        """Give the address of a person's page that answers for the same day and instant: it has no plan's deadline."""
        asked = {"on": self.on.isoformat()} if self.on != self.today else {}
        carried = asked | {name: value for name, value in self.given if name == "known_at"}
        return f"/enterprises/{enterprise_id}/people/{person_id}" + (f"?{urlencode(carried)}" if carried else "")

    @property
    def _carried(self) -> str:
        return urlencode({name: value for name, value in self.given if name in {"plan", "on", "known_at"}})


def _plain(value: str | int | bool | None) -> str:  # noqa: FBT001 - a field's value
    return "" if value is None or value is False else "1" if value is True else str(value)


def understood(viewer: Viewer, session: Session, given: Params, today: date, now: datetime) -> Asked:
    """Check what was asked, and fill in what was not: the running plan, the reader's region, today or the deadline.

    NoBureau for a reader without a region; Problem 404 for a plan or region that is unknown or out of reach, 422 for
    a day that cannot be read.
    """
    if viewer.home_region is None:
        raise NoBureau(viewer.home_enterprise)
    tree = regions.tree(session)
    top = viewer.home_region
    offered = tuple(p for p in plans.plans(session) if _meets(tree, p, top))
    plan = _plan(offered, given.plan, today)
    region = given.region or _first_place(tree, plan, top)
    if region not in tree.rows or not viewer.scope.reaches_region(region):
        raise not_found()
    on = _day(given.on) or min(today, plan.deadline)
    known_at = instant_of(parse_known_at(given.known_at) if given.known_at else None, today, now)
    path = tuple(r for r in tree.ancestors(region) if viewer.scope.reaches_region(r.code))
    kept = {"on": given.on, "known_at": given.known_at, "key": "1" if given.key == "1" else ""}
    industry = given.industry if given.industry in {i.code for i in plan.industries} else ""
    post = given.post if given.post in {p.code for p in plan.posts} else ""
    view = given.view if given.view in VIEWS else ""
    order = given.order if given.order in ORDERS else ""
    level = given.level if given.level in LEVELS else ""
    shown = {"industry": industry, "post": post, "view": view, "order": order, "level": level}
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
        known_text=_known_text(given.known_at, known_at),
        key=given.key == "1",
        industry=industry or None,
        post=post or None,
        today=today,
        reached=_meets(tree, plan, region),
        view=view,
        order=order,
        level=level,
        personal=viewer.scope.personal and viewer.may(PEOPLE_READ),
        made_at=now,
        given=tuple((name, value) for name, value in fields.items() if value),
    )


def _meets(tree: RegionTree, plan: Plan, region: str) -> bool:
    """Say whether a plan applies in, or somewhere below, a region."""
    above = {row.code for row in tree.ancestors(region)}
    return any(code in above or region in {r.code for r in tree.ancestors(code)} for code in plan.regions)


def _plan(offered: Sequence[Plan], code: str, today: date) -> Plan:
    """Find the plan; by default the one that runs today and began last, else the one that ended last."""
    if code:
        return next((plan for plan in offered if plan.code == code), None) or _unknown()
    if not offered:
        message = N_("No plan applies in your region yet. Plans come with `coverall content load`.")
        raise Problem(404, "no_plan", message)
    running = [plan for plan in offered if plan.starts_on <= today <= plan.deadline]
    return max(running, key=lambda p: p.starts_on) if running else max(offered, key=lambda p: p.deadline)


def _unknown() -> Plan:
    raise not_found()


def _first_place(tree: RegionTree, plan: Plan, top: str) -> str:
    """Give where to start: the reader's region, or the plan's when that is one smaller place inside it."""
    above = {row.code for row in tree.ancestors(top)}
    below = [code for code in plan.regions if code not in above]
    return below[0] if len(plan.regions) == len(below) == 1 else top


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(422, "on", N_("Write the day as 2025-12-31.")) from None


def _known_text(text: str, known_at: datetime | None) -> str:
    """Give what the field of the ask bar holds: the day as given, or Shanghai's clock to the second."""
    if known_at is None or "T" not in text:
        return text
    return known_at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")


def _places(tree: RegionTree, path: Sequence[RegionRow], code: str, depth: int) -> list[Choice]:
    """List a region and, on the way to the one asked about and just below it, what lies inside."""
    found = [Choice(code, INDENT * depth + tree.name(code))]
    if any(row.code == code for row in path):
        for child in tree.children(code):
            found += _places(tree, path, child.code, depth + 1)
    return found

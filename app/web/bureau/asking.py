"""What the bureau's pages are asked: plan, region, day, known-at and scope, all of it in the URL."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends

from app.coverage.queries import Ask
from app.kit.errors import Problem
from app.ops.i18n import N_
from app.organisations.regions import RegionRow, RegionTree
from app.plans.queries import Plan

INDENT = "\u3000"
VIEWS = ("grid", "list")
ORDERS = ("code", "ratio", "missing", "undeclared", "stale")
"""How regions may be laid out, and sorted."""
LEVELS = ("next", "deeper")
"""Which regions are shown: those just below the one asked about, or those below these."""


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
    own: str = ""


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


def list_params(given: Asks, own: str = "") -> Params:
    """Collect what a list is asked: it alone may be of what lies directly under a region (own), for it has no parts."""
    return replace(given, own=own)


ListAsks = Annotated[Params, Depends(list_params)]


@dataclass(frozen=True)
class Choice:
    """An option of the ask bar."""

    code: str
    name: str


@dataclass(frozen=True)
class Asked:
    """A question that was understood, and what else could be asked. `given` is what links repeat.

    path: the regions from the reader's own down to the one asked about. reached: whether the plan applies in it.
    own: only what lies directly under the region is counted. unknown: industry or post asked for that the plan does
    not name, and that is left out. view, order and level: how the regions below are shown. personal: whether the reader
    may see names. made_at: now.
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
    unknown: tuple[str, ...]
    today: date
    reached: bool
    view: str
    order: str
    level: str
    own: bool
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
        return self.plan.industry_names

    @property
    def posts(self) -> dict[str, str]:
        """Give the names of the plan's posts by code."""
        return self.plan.post_names

    @property
    def ask(self) -> Ask:
        """Give the question as coverage understands it; industry and post apart."""
        return Ask(self.plan.code, self.on, self.known_at, self.region, key_enterprises=self.key, own=self.own)

    def exact(self) -> "Asked":
        """Give itself where all of it was understood; Problem 422 else: a file does not show what it left out."""
        if self.unknown:
            message = N_("This plan has no industry or post “%(code)s”.")
            raise Problem(422, "not_in_plan", message, {"code": self.unknown[0]})
        return self

    def by_today(self) -> "Asked":
        """Ask the same as of today where the day is still to come."""
        if not self.forecast:
            return self
        return replace(self, on=self.today, given=tuple(field for field in self.given if field[0] != "on"))

    def link(self, path: str, **changes: str | int | bool | None) -> str:
        """Give the address of a page with the same question, but for the changes; None, False and '' take one away."""
        fields = dict(self.given) | {name: _plain(value) for name, value in changes.items()}
        query = "&".join(_field(name, value) for name, value in fields.items() if value)
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

    def enterprise(self, id: int, tail: str = "", **fields: str) -> str:
        """Give the address of one of an enterprise's pages that answers for the same plan, day and instant."""
        carried = {name: value for name, value in self.given if name in {"plan", "on", "known_at"}}
        return f"/enterprises/{id}{tail}?{urlencode(carried | fields)}"

    def person(self, enterprise_id: int, person_id: int) -> str:
        """Give the address of a person's page that answers for the same day and instant: it has no plan's deadline."""
        asked = {"on": self.on.isoformat()} if self.on != self.today else {}
        carried = asked | {name: value for name, value in self.given if name == "known_at"}
        return f"/enterprises/{enterprise_id}/people/{person_id}" + (f"?{urlencode(carried)}" if carried else "")


def _plain(value: str | int | bool | None) -> str:  # noqa: FBT001 - a field's value
    return "" if value is None or value is False else "1" if value is True else str(value)


@lru_cache(maxsize=1024)
def _field(name: str, value: str) -> str:
    """Write a field of an address: a page has two hundred links with the same few."""
    return urlencode({name: value})

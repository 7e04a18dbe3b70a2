"""What a plan is made of: frozen values, with their JSON form as stored in a plan version."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal


@dataclass(frozen=True)
class KeyPostRow:
    """A key post and what rosters call it, besides its name and code."""

    code: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class PlanPost:
    """A post that the plan names; `expected`: every enterprise declares somebody in it, or that it does not apply.

    It is one of the plan's on [from_on, to_on), open where None.
    """

    code: str
    name: str
    expected: bool
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class PlanIndustry:
    """A key industry: by GB/T 4754-2017 divisions (two digits), by hazardous licence, or by designation only.

    It is one of the plan's on [from_on, to_on), open where None.
    """

    code: str
    name: str
    divisions: tuple[str, ...]
    licence: bool
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class Requirement:
    """A post (in one industry, or in any) must hold these courses on [from_on, to_on), open where None.

    offline: those of them that only an award of training held in person meets.
    """

    post: str
    industry: str | None
    from_on: date | None
    to_on: date | None
    courses: tuple[str, ...]
    offline: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phase:
    """A named stretch of the plan, both days included."""

    name: str
    from_on: date
    to_on: date


@dataclass(frozen=True)
class Target:
    """A range in per cent; an open end is None. `year` None: the plan's overall target."""

    year: int | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Indicator:
    """A figure that the plan sets for each year: a decrease against `base_year`, or a share."""

    code: str
    name: str
    formula: str
    kind: Literal["decrease", "share"]
    base_year: int | None
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Plan:
    """Who must be trained, in what, from when, by when, where. `id` is 0 until the plan is stored."""

    id: int
    code: str
    name: str
    short_name: str
    provisional: bool
    starts_on: date
    counts_from: date
    deadline: date
    regions: tuple[str, ...]
    posts: tuple[PlanPost, ...]
    industries: tuple[PlanIndustry, ...]
    requirements: tuple[Requirement, ...]
    phases: tuple[Phase, ...] = ()
    report_on: str | None = None
    """The day of each year, MM-DD, by which the plan's execution is reported."""
    daily_cap_hours: float = 8.0
    """Credit hours that a person can earn in a day."""
    credit_hour_minutes: int = 45
    retention_years: int = 6
    indicators: tuple[Indicator, ...] = ()
    source: str = ""
    note: str = ""

    @property
    def post_names(self) -> dict[str, str]:
        """Give what its posts are called, by code, in its order."""
        return {post.code: post.name for post in self.posts}

    @property
    def industry_names(self) -> dict[str, str]:
        """Give what its industries are called, by code, in its order."""
        return {industry.code: industry.name for industry in self.industries}

    def courses(self, post: str, industry: str, on: date) -> tuple[str, ...]:
        """Give what a post in an industry, while it is one, must hold on a day: the union, any industry's first."""
        return tuple(dict.fromkeys(code for r in self._of(post, industry, on) for code in r.courses))

    def offline(self, post: str, industry: str, on: date) -> frozenset[str]:
        """Give those of courses() that must be held by training in person."""
        return frozenset(code for r in self._of(post, industry, on) for code in r.offline)

    def _of(self, post: str, industry: str, on: date) -> list[Requirement]:
        if any(p.code == post and not counts(p, on) for p in self.posts):
            return []
        held = [r for r in self.requirements if r.post == post and counts(r, on)]
        return [r for r in held if r.industry is None] + [r for r in held if r.industry == industry]


def counts(dated: Requirement | PlanPost | PlanIndustry, day: date) -> bool:
    """Say whether a requirement, a post or an industry holds on a day."""
    after_start = dated.from_on is None or dated.from_on <= day
    return after_start and (dated.to_on is None or day < dated.to_on)


def to_json(plan: Plan) -> dict[str, Any]:
    """Give a plan, without its id, as a JSON value; `from_json` undoes it."""
    body: dict[str, Any] = _plain(asdict(plan))
    del body["id"]
    for requirement in body["requirements"]:
        if not requirement["offline"]:
            del requirement["offline"]
    for row in (*body["posts"], *body["industries"]):
        for key in [key for key in ("from_on", "to_on") if row[key] is None]:
            del row[key]
    return body


def from_json(id: int, body: dict[str, Any]) -> Plan:
    """Rebuild a plan from `to_json`'s value, also after a round trip through text."""
    rows = {
        "regions": tuple(body["regions"]),
        "posts": tuple(PlanPost(**_days(p)) for p in body["posts"]),
        "industries": tuple(
            PlanIndustry(**{**_days(i), "divisions": tuple(i["divisions"])}) for i in body["industries"]
        ),
        "requirements": tuple(_requirement(r) for r in body["requirements"]),
        "phases": tuple(Phase(**_days(p)) for p in body["phases"]),
        "indicators": tuple(_indicator(i) for i in body["indicators"]),
    }
    return Plan(**{"id": id, **_days(body), **rows})


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def _days(body: dict[str, Any]) -> dict[str, Any]:
    keys = ("starts_on", "counts_from", "deadline", "from_on", "to_on")
    days = {key: date.fromisoformat(body[key]) for key in keys if body.get(key)}
    return {**body, **days}


def _requirement(body: dict[str, Any]) -> Requirement:
    return Requirement(**{**_days(body), "courses": tuple(body["courses"]), "offline": tuple(body.get("offline", ()))})


def _indicator(body: dict[str, Any]) -> Indicator:
    return Indicator(**{**body, "targets": tuple(Target(**t) for t in body["targets"])})

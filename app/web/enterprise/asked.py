"""What an enterprise's pages are asked, all of it in the URL: plan, day, known-at, filters, where the page starts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from app.access import roles
from app.access.scope import Viewer
from app.coverage import queries as coverage
from app.coverage.queries.single import OneEnterprise, one_enterprise
from app.kit.dates import day_or_none
from app.kit.errors import Problem
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.organisations import regions
from app.organisations.queries import EnterpriseRow
from app.organisations.regions import RegionTree
from app.plans import queries as plans
from app.plans.queries import Plan


@dataclass(frozen=True)
class Ask:
    """The query string as it came; '' where a field was left empty. Links repeat only what was given."""

    enterprise_id: int
    plan: str = ""
    on: str = ""
    known_at: str = ""
    post: str = ""
    reason: str = ""
    state: str = ""
    account: str = ""
    entered: str = ""
    after: str = ""

    def query(self, **changes: str) -> str:
        """Give the query string, but for the changes."""
        fields: dict[str, str] = asdict(self) | changes
        return urlencode({name: value for name, value in fields.items() if value and name != "enterprise_id"})

    def address(self, tail: str = "", **changes: str) -> str:
        """Give the address of one of the enterprise's pages with the same question, but for the changes."""
        query = self.query(**changes)
        return f"/enterprises/{self.enterprise_id}{tail}" + (f"?{query}" if query else "")

    def person(self, person_id: int, on: date, today: date) -> str:
        """Give the address of somebody's page that answers for the same day and instant."""
        carried = {"on": on.isoformat() if on != today else "", "known_at": self.known_at}
        query = urlencode({name: value for name, value in carried.items() if value})
        return f"/enterprises/{self.enterprise_id}/people/{person_id}" + (f"?{query}" if query else "")

    def kept(self, *names: str) -> tuple[tuple[str, str], ...]:
        """Give the named fields that were given, for a form that asks for others."""
        fields = asdict(self)
        return tuple((name, fields[name]) for name in names if fields[name])


def asked(
    enterprise_id: int,
    plan: str = "",
    on: str = "",
    known_at: str = "",
    post: str = "",
    reason: str = "",
    state: str = "",
    account: str = "",
    entered: str = "",
    after: str = "",
) -> Ask:
    """Collect the parameters that these pages share."""
    return Ask(enterprise_id, plan, on, known_at, post, reason, state, account, entered, after)


@dataclass(frozen=True)
class Head:
    """What stands above every page of an enterprise: who it is, where, in which industry of the plan ('': in none)."""

    enterprise: EnterpriseRow
    region: str
    industry: str


@dataclass(frozen=True)
class Freshness:
    """How far the roster can be trusted: its last confirmation and its age in days, and its people beside the insured.

    `days` is None without a confirmation, negative when the roster was confirmed after the day asked about.
    """

    confirmed_on: date | None
    days: int | None
    stale: bool
    roster: int
    insured: int


@dataclass(frozen=True)
class Subject:
    """A question that was understood: the enterprise, its figures on the day, the plans that could be asked about."""

    ask: Ask
    enterprise: EnterpriseRow
    tree: RegionTree
    plans: tuple[Plan, ...]
    one: OneEnterprise
    today: date

    @property
    def plan(self) -> Plan:
        """Give the plan asked about."""
        return self.one.question.plan

    @property
    def on(self) -> date:
        """Give the day asked about."""
        return self.one.question.on

    @property
    def posts(self) -> dict[str, str]:
        """Give the names of the plan's posts by code."""
        return self.plan.post_names

    @property
    def head(self) -> Head:
        """Give what stands above the page."""
        industries = self.plan.industry_names
        above = [row.name for row in self.tree.ancestors(self.enterprise.region)[2:]]
        place = "".join(above) or self.tree.name(self.enterprise.region)
        return Head(self.enterprise, place, industries.get(self.one.industry, ""))

    @property
    def freshness(self) -> Freshness:
        """Give how far the roster can be trusted."""
        confirmed_on = self.one.confirmed_on
        days = (self.on - confirmed_on).days if confirmed_on else None
        return Freshness(confirmed_on, days, self.one.stale, self.one.people, self.one.insured)

    def coverage_ask(self) -> coverage.Ask:
        """Give the question as coverage understands it."""
        question = self.one.question
        return coverage.Ask(self.plan.code, self.on, question.known_at, enterprise=self.enterprise.uscc)


@dataclass(frozen=True)
class SubjectPage:
    """What every page about an enterprise shows besides its own: the head, the ask bar, how fresh the roster is."""

    viewer: Viewer
    subject: Subject

    @property
    def head(self) -> Head:
        """Give what stands above the page."""
        return self.subject.head

    @property
    def ask(self) -> Ask:
        """Give the query string as it came."""
        return self.subject.ask

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Give the plans that can be asked about."""
        return self.subject.plans

    @property
    def plan(self) -> Plan:
        """Give the plan asked about."""
        return self.subject.plan

    @property
    def on(self) -> date:
        """Give the day asked about."""
        return self.subject.on

    @property
    def today(self) -> date:
        """Give the day on which it is asked."""
        return self.subject.today

    @property
    def forecast(self) -> bool:
        """Say whether the day is still to come."""
        return self.subject.one.question.forecast

    @property
    def status(self) -> str:
        """Give the enterprise's status on the day, '' before the plan."""
        return self.subject.one.status

    @property
    def freshness(self) -> Freshness:
        """Give how far the roster can be trusted."""
        return self.subject.freshness

    @property
    def may_confirm(self) -> bool:
        """Say whether the reader may confirm the roster."""
        return self.viewer.may(roles.ROSTER_WRITE) and self.status != "closed"


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
    return Subject(ask, enterprise, tree, offered, one, today)


def _offered(known: Sequence[Plan], tree: RegionTree, region: str) -> tuple[Plan, ...]:
    """Give the plans that apply where the enterprise lies; all of them when none does."""
    above = {row.code for row in tree.ancestors(region)}
    return tuple(plan for plan in known if above & set(plan.regions)) or tuple(known)


def _default(offered: Sequence[Plan], today: date) -> str:
    """Choose of the plans that run today the one that runs longest, else the one that ended last."""
    if not offered:
        raise Problem(404, "no_plan", N_("No plan has been loaded yet. Plans come with `coverall content load`."))
    running = [plan for plan in offered if plan.starts_on <= today <= plan.deadline]
    return max(running or offered, key=lambda p: (p.deadline, p.starts_on)).code


def read_day(text: str) -> date | None:
    """Read a day of the URL or of a form; '' is none, Problem 422 for anything else than a date."""
    return day_or_none(text.strip(), "day")

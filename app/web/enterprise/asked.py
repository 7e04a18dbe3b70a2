"""What an enterprise's pages are asked, all of it in the URL: plan, day, known-at, filters, where the page starts."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from app.access import roles
from app.access.scope import Viewer
from app.coverage import queries as coverage
from app.coverage.queries.single import OneEnterprise
from app.kit.dates import day_or_none
from app.organisations.queries import EnterpriseRow
from app.organisations.regions import RegionTree
from app.plans.queries import Plan
from app.web.instants import field_text


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

    def listed(self, path: str, **fields: str) -> str:
        """Give the address of one of the bureau's pages that answers for the same plan, day and instant."""
        query = urlencode({**dict(self.kept("plan", "on", "known_at")), **fields})
        return f"{path}?{query}" if query else path

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
    """What stands above every page of an enterprise: who it is, where and in which industry of the plan ('': in none).

    The latter two are of the day asked about, as known then. code: the region's, '' where the reader has no list of it.
    """

    enterprise: EnterpriseRow
    region: str
    code: str
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
    reached: bool
    """Whether the reader looks after the region that the enterprise lay in that day."""

    @property
    def region(self) -> str:
        """Give the region in which it lay that day, as known then; today's where none was known yet."""
        return self.one.region or self.enterprise.region

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
        above = [row.name for row in self.tree.ancestors(self.region)[2:]]
        place = "".join(above) or self.tree.name(self.region)
        code = self.region if self.reached else ""
        return Head(self.enterprise, place, code, industries.get(self.one.industry, ""))

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
    def known_at(self) -> datetime | None:
        """Give the instant of knowledge, None for now."""
        return self.subject.one.question.known_at

    @property
    def known_text(self) -> str:
        """Give what the field of the ask bar holds."""
        return field_text(self.ask.known_at, self.known_at)

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


def read_day(text: str) -> date | None:
    """Read a day of the URL or of a form; '' is none, Problem 422 for anything else than a date."""
    return day_or_none(text.strip(), "day")

"""What the pages about settlements show: frozen values, filled by settlement_pages, read by the templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.coverage.ledger import MILLION, Tally
from app.coverage.queries.answers import Figures
from app.coverage.queries.comparing import Change, Comparison, Difference
from app.coverage.queries.settlements import PublicKey, Settled
from app.coverage.settlement_content import SettledRow
from app.kit.dates import day_of
from app.plans.queries import Plan
from app.web.bureau.asking import Asked
from app.web.bureau.settled_links import Field, Rows, part_of
from app.web.paged import Shown


@dataclass(frozen=True)
class ListPage:
    """The settlements of regions in reach, newest first; `chosen` is the plan that they are narrowed to.

    behind: where the rows behind each one's figures are, by its id.
    """

    lines: tuple[Settled, ...]
    behind: Mapping[int, Rows]
    shown: Shown
    plans: tuple[Plan, ...]
    chosen: str
    next: str
    may_settle: bool


@dataclass(frozen=True)
class NewPage:
    """What would be frozen; `refusal` is the code of why it cannot be, `standing` the settlement there is."""

    asked: Asked
    figures: Figures
    standing: int | None
    refusal: str

    @property
    def running(self) -> bool:
        """Say whether the plan still runs, so that these are not its last figures."""
        return self.asked.today <= self.asked.plan.deadline

    @property
    def early(self) -> bool:
        """Say whether the day lies before the deadline."""
        return self.asked.on < self.asked.plan.deadline


@dataclass(frozen=True)
class SettlementPage:
    """A settlement with its sums; `parts` are all rows but the enterprises. then: where the rows behind them are."""

    settled: Settled
    then: Rows
    parts: tuple[SettledRow, ...]
    may_settle: bool
    today: date

    @property
    def whole(self) -> SettledRow:
        """Give the whole."""
        return self.parts[0]

    @property
    def keys(self) -> SettledRow:
        """Give the key enterprises alone."""
        return self.parts[1]

    @property
    def early(self) -> bool:
        """Say whether the plan was still running when it was settled."""
        return day_of(self.settled.head.known_at) <= self.settled.head.plan_deadline

    def part(self, row: SettledRow) -> dict[str, Field]:
        """Give what narrows a list to what a row sums up."""
        return part_of(row)

    def of(self, kind: str) -> tuple[SettledRow, ...]:
        """Give the rows of a kind."""
        return tuple(row for row in self.parts if row.kind == kind)

    @property
    def places(self) -> tuple[SettledRow, ...]:
        """Give the regions directly below, where enterprises are, and last what lies in none of them."""
        top = self.settled.head.region
        below = [row for row in self.of("region") if row.parent == top and row.enterprises]
        return (*below, *(row for row in self.of("own") if row.region == top)) if below else ()


@dataclass(frozen=True)
class DifferenceLine:
    """An enterprise that differs; `more` postings are not listed, and together changed `rest`."""

    difference: Difference
    reached: bool
    """Whether the reader looks after it, and may see its people."""
    changes: tuple[Change, ...]
    more: int
    rest: Tally

    @property
    def change(self) -> Tally:
        """Give current less settled."""
        return self.difference.current.tally.plus(self.difference.settled.tally, -1)


@dataclass(frozen=True)
class ComparisonPage:
    """Settled figures against what is known now, and the enterprises that differ; where the rows behind both are."""

    settled: Settled
    then: Rows
    today: Rows
    comparison: Comparison
    lines: tuple[DifferenceLine, ...]
    shown: Shown
    next: str
    now: datetime
    statuses: tuple[str, ...]
    differs: str
    """In what the enterprises listed differ: a figure, "enterprises" or a status; '' in anything."""

    def differing(self, differs: str) -> str:
        """Give the address of the enterprises that differ in one thing."""
        return f"/settlements/{self.settled.id}/comparison?differs={differs}#changed"

    def who(self, line: DifferenceLine, posting: int | None = None) -> str:
        """Give the address of the people behind an enterprise's difference, or one posting's; '' where none is."""
        if not line.reached or posting == 0:
            return ""
        address = f"/settlements/{self.settled.id}/comparison/{line.difference.enterprise_id}/people"
        return address if posting is None else f"{address}?posting={posting}"

    @property
    def points(self) -> str:
        """Give the change of the ratio in percentage points, signed, truncated to 2 digits; '' where there is none."""
        then, now = self.comparison.settled_figures.ratio, self.comparison.current.ratio
        if then is None or now is None:
            return ""
        millionths = round(now * MILLION) - round(then * MILLION)
        whole, rest = divmod(abs(millionths) // 100, 100)
        sign = "+" if millionths > 0 else "−" if millionths < 0 else ""
        return f"{sign}{whole}.{rest:02d}"


@dataclass(frozen=True)
class WhoLine:
    """Somebody whose post counts otherwise: covered, waived, a reason, or '' where it does not count."""

    person_id: int
    name: str
    post: str
    before: str
    after: str
    change: Tally


@dataclass(frozen=True)
class WhoPage:
    """The people behind the difference at an enterprise, all of it (posting None) or what one posting changed."""

    settled: Settled
    enterprise_id: int
    enterprise: str
    posting: int | None
    before: Rows
    after: Rows
    change: Tally
    lines: tuple[WhoLine, ...]
    now: datetime


@dataclass(frozen=True)
class VerifiedPage:
    """What anybody may see of a settlement whose hash they have; `fits`: the signature does."""

    settled: Settled
    whole: SettledRow
    keys: SettledRow
    fits: bool
    latest: str
    """The hash of the settlement that took its place; '' while it stands."""


@dataclass(frozen=True)
class KeysPage:
    """The public keys, and the form in which openssl reads them."""

    keys: tuple[tuple[PublicKey, str], ...]
    current: str

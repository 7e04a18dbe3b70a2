"""What the pages about settlements show: frozen values, filled here, read by the templates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.access import roles
from app.access.scope import Viewer
from app.coverage import settling
from app.coverage.ledger import MILLION, NOTHING, Tally
from app.coverage.queries import comparing, coverage, settlements
from app.coverage.queries.answers import Figures
from app.coverage.queries.comparing import TREE, Change, Comparison, Difference
from app.coverage.queries.settlements import PublicKey, Settled
from app.coverage.queries.since import since
from app.coverage.settlement_content import SettledRow
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.ops import signing
from app.ops.db import Session
from app.ops.i18n import N_
from app.plans import queries as plans
from app.plans.queries import Plan
from app.web.bureau.asking import Asked

CHANGES_SHOWN = 8
"""Postings that are listed of one enterprise; the rest are told in one line."""
KINDS: Mapping[str, str] = {
    "import_roster": N_("Imported a roster"),
    "import_records": N_("Imported training records"),
    "import_enterprises": N_("Imported enterprises"),
    "import_regions": N_("Imported regions"),
    "exam": N_("An exam was handed in"),
    "learning": N_("Learning online"),
    "regrade": N_("Exams were graded anew"),
    "revocation": N_("Revoked a certificate"),
    "merge": N_("Merged two people"),
    "correction": N_("Corrected a person"),
    "waiver": N_("A waiver was granted or withdrawn"),
    "closure": N_("Closed an enterprise"),
    "confirmation": N_("Confirmed a roster"),
    "content": N_("Loaded courses and plans"),
    "repair": N_("The ledger was repaired"),
    TREE: N_("Regions were put under others"),
}


@dataclass(frozen=True)
class ListPage:
    """The settlements of regions in reach, newest first; `chosen` is the plan that they are narrowed to."""

    lines: tuple[Settled, ...]
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
    """A settlement with its sums; `parts` are all rows but the enterprises."""

    settled: Settled
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
class ChangeLine:
    """What one posting changed: when, what kind of act, by how much, and from which status to which."""

    recorded_at: datetime | None
    kind: str
    tally: Tally
    before: str
    after: str


@dataclass(frozen=True)
class DifferenceLine:
    """An enterprise that differs; `more` postings are not listed, and together changed `rest`."""

    difference: Difference
    changes: tuple[ChangeLine, ...]
    more: int
    rest: Tally

    @property
    def change(self) -> Tally:
        """Give current less settled."""
        return self.difference.current.tally.plus(self.difference.settled.tally, -1)


@dataclass(frozen=True)
class ComparisonPage:
    """Settled figures against what is known now, and the enterprises that differ."""

    settled: Settled
    comparison: Comparison
    lines: tuple[DifferenceLine, ...]
    next: str
    now: datetime
    statuses: tuple[str, ...]

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


def list_page(viewer: Viewer, session: Session, plan: str, after: str) -> ListPage:
    """Fill the list."""
    listed = settlements.settlements(viewer.scope, session, plan, after=after or None)
    link = f"/settlements?{f'plan={plan}&' if plan else ''}after={listed.after}" if listed.after else ""
    offered = plans.plans(session)
    known = plan if plan in {one.code for one in offered} else ""
    return ListPage(listed.rows, offered, known, link, viewer.may(roles.SETTLEMENTS_WRITE))


def new_page(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> NewPage:
    """Fill the form with what would be frozen."""
    refusal = ""
    try:
        settling.check(viewer.scope, session, asked.ask, asked.today)
    except Problem as problem:
        refusal = problem.code
    figures = coverage(viewer.scope, session, asked.ask, asked.today, now).figures
    standing = settlements.in_force(session, asked.plan.code, asked.region, asked.on)
    return NewPage(asked, figures, standing, refusal)


def settlement_page(viewer: Viewer, session: Session, number: int, today: date) -> SettlementPage:
    """Fill a settlement's page; Problem 404."""
    settled = settlements.settlement(viewer.scope, session, number)
    return SettlementPage(settled, settlements.parts(session, number), viewer.may(roles.SETTLEMENTS_WRITE), today)


def comparison_page(viewer: Viewer, session: Session, number: int, after: str, now: datetime) -> ComparisonPage:
    """Fill the comparison with what is known now."""
    settled, today = settlements.settlement(viewer.scope, session, number), day_of(now)
    asked = since(viewer.scope, session, settled, today, now)
    comparison = comparing.compare(viewer.scope, session, asked, today, now, after=after or None)
    listed = comparison.differences
    link = f"/settlements/{number}/comparison?after={listed.after}" if listed.after else ""
    present = {*comparison.settled_figures.statuses, *comparison.current.statuses}
    statuses = tuple(status for status in STATUS_ORDER if status in present)
    lines = tuple(_line(difference) for difference in listed.rows)
    return ComparisonPage(settled, comparison, lines, link, now, statuses)


STATUS_ORDER = ("full", "partial", "none", "not_applicable", "incomplete", "undeclared")


def _line(difference: Difference) -> DifferenceLine:
    changes = difference.changes
    shown = len(changes) if len(changes) <= CHANGES_SHOWN else CHANGES_SHOWN - 1
    listed, rest = changes[len(changes) - shown :], changes[: len(changes) - shown]
    return DifferenceLine(difference, tuple(change_line(one) for one in listed), len(rest), _sum(rest))


def change_line(change: Change) -> ChangeLine:
    """Shape what a posting changed."""
    before = next((status for status, delta in change.statuses.items() if delta < 0), "")
    after = next((status for status, delta in change.statuses.items() if delta > 0), "")
    return ChangeLine(change.recorded_at, change.kind, change.tally, before, after)


def _sum(changes: Iterable[Change]) -> Tally:
    whole = NOTHING
    for change in changes:
        whole = whole.plus(change.tally)
    return whole


def every_difference(viewer: Viewer, session: Session, settled: Settled, now: datetime) -> Iterator[Difference]:
    """Give all enterprises that differ, a good many at a time."""
    asked = since(viewer.scope, session, settled, day_of(now), now)
    after: str | None = None
    while True:
        listed = comparing.differences(session, asked, after=after, size=2000)
        yield from listed.rows
        after = listed.after
        if after is None:
            return


def verified_page(session: Session, content: str) -> VerifiedPage:
    """Fill the public page of a settlement's hash; Problem 404."""
    settled = settlements.by_hash(session, content)
    whole, keys, *_ = settlements.parts(session, settled.id)
    latest = settlements.hash_of(session, settled.superseded_by) if settled.superseded_by else ""
    public, signature = bytes.fromhex(settled.seal.public_key), bytes.fromhex(settled.seal.signature)
    fits = signing.verifies(public, signature, settlements.signed(settled))
    return VerifiedPage(settled, whole, keys, fits, latest)


def keys_page(session: Session) -> KeysPage:
    """Fill the public page of the keys; the one in use is there before it has signed anything."""
    current = signing.public_key()
    used = settlements.keys(session)
    ready = PublicKey(signing.key_id(current), current.hex(), None)
    keys = used if ready.id in {key.id for key in used} else (ready, *used)
    return KeysPage(tuple((key, signing.pem(bytes.fromhex(key.public_key))) for key in keys), ready.id)

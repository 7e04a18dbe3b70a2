"""What the pages of draft plans show: frozen values, filled by draft_pages, read by the templates."""

from dataclasses import dataclass
from datetime import date, datetime

from app.coverage.queries.drafts import CourseLine, EnterpriseLine, Pair
from app.coverage.queries.runs import RunRow
from app.plans.drafts import DraftRow, VersionRow
from app.plans.queries import Plan
from app.web.bureau.asking import Asked, Choice


@dataclass(frozen=True)
class DraftLine:
    """A draft in the list; `run` and `pair` are of its newest finished comparison.

    overtaken: the plan that it was compared with was changed since.
    """

    draft: DraftRow
    new: bool
    region: str
    run: RunRow | None
    pair: Pair
    overtaken: bool


@dataclass(frozen=True)
class DraftsPage:
    """Drafts, the newest first; `state` is what the list is narrowed to."""

    lines: tuple[DraftLine, ...]
    state: str
    states: tuple[str, ...]
    next: str


@dataclass(frozen=True)
class Wrong:
    """What is wrong in an uploaded file: the line (0: the whole file), the kind, what to write instead."""

    line: int
    kind: str
    detail: str


@dataclass(frozen=True)
class UploadPage:
    """The upload form, as it was sent; `error` is in the reader's language, `wrong` lists the file's faults."""

    plans: tuple[Choice, ...]
    places: tuple[Choice, ...]
    code: str
    base: str
    region: str
    on: str
    file_name: str
    kilobytes: int
    error: str = ""
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True)
class ChangeLine:
    """A difference in the reader's words; `past`: the days already over whose figures it can alter."""

    kind: str
    subject: str
    industry: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    from_on: date | None
    until_on: date | None
    past: tuple[date, date] | None


@dataclass(frozen=True)
class PairLine:
    """A row of a comparison: a region, post or industry; `own` is the region itself (本级)."""

    code: str
    name: str
    pair: Pair
    own: bool = False


@dataclass(frozen=True)
class Found:
    """What a finished comparison says of a region: the whole, its key enterprises, and the parts."""

    whole: Pair
    key: Pair
    places: tuple[PairLine, ...]
    posts: tuple[PairLine, ...]
    industries: tuple[PairLine, ...]
    courses: tuple[CourseLine, ...]
    enterprises: tuple[EnterpriseLine, ...]

    @property
    def same(self) -> bool:
        """Say whether nothing changes here: every enterprise with any change is kept by the comparison."""
        return not self.enterprises


@dataclass(frozen=True)
class Publishing:
    """Whether and how the draft can be published. `reached`: the reader reaches all its regions, `regions` by name.

    compared: its newest comparison is with the plan known now.
    """

    reached: bool
    compared: bool
    regions: tuple[str, ...]
    past: tuple[date, date] | None
    version_id: int | None


@dataclass(frozen=True)
class DraftPage:
    """A draft beside the plan known now.

    base: what it is compared with, None: nothing; `new`: it would be a plan of its own. run: the comparison shown;
    against: the version that this was made with; working: the run under way; failed: the latest run, if it failed.
    region and path: where the figures are of. facts_changed: since the comparison; plan_changed: since it and before
    the draft was published or put away. asked: the question whose lists are behind the figures so far, None: none.
    """

    draft: DraftRow
    base: Plan | None
    against: VersionRow | None
    new: bool
    changes: tuple[ChangeLine, ...]
    run: RunRow | None
    working: RunRow | None
    failed: RunRow | None
    region: str
    region_name: str
    path: tuple[Choice, ...]
    found: Found | None
    facts_changed: bool
    plan_changed: bool
    asked: Asked | None
    publishing: Publishing
    places: tuple[Choice, ...]
    usual_on: date
    today: date
    now: datetime


@dataclass(frozen=True)
class DraftEnterprisesPage:
    """The enterprises of which something changes, the largest changes first; `asked` as on the draft's page."""

    draft: DraftRow
    run: RunRow
    asked: Asked | None
    region: str
    region_name: str
    path: tuple[Choice, ...]
    places: tuple[Choice, ...]
    lines: tuple[EnterpriseLine, ...]
    changed: int
    next: str

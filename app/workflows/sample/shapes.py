"""What the sample's story is made of: frozen values without ids, for nothing is stored yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Place:
    """A region that gets so many enterprises; `slack` weighs how much it lags (0: everybody is trained in time)."""

    code: str
    name: str
    enterprises: int
    slack: float
    rural: bool = False


@dataclass(frozen=True)
class Change:
    """An enterprise's attribute from a day on, entered on `known_on`."""

    attribute: str
    value: str
    effective_on: date
    known_on: date


@dataclass(frozen=True)
class Firm:
    """An enterprise; `sector` is its key industry as the plans will work it out ('' when outside all).

    `reports` are the days on which it hands in or confirms its roster; none: it never declared.
    """

    number: int
    uscc: str
    name: str
    place: Place
    sector: str
    division: str
    licence: bool
    key_enterprise: bool
    size: str
    insured: int
    posts: int
    not_applicable: tuple[str, ...]
    reports: tuple[date, ...]
    changes: tuple[Change, ...] = ()
    closed_on: date | None = None


@dataclass(frozen=True)
class Human:
    """A person: an invented name, an ID with the region prefix 000000, a number that no one can have."""

    number: int
    name: str
    resident_id: str
    phone: str


@dataclass(frozen=True)
class Tenure:
    """A post held by a person at a firm on [starts_on, ends_on), and when the roster said so.

    `reported_start` is what the first report said; another than `starts_on` was corrected on `corrected_on`.
    """

    human: int
    firm: int
    post: str
    trade: str
    starts_on: date
    ends_on: date | None
    known_on: date
    end_known_on: date | None
    reported_start: date
    corrected_on: date | None = None


@dataclass(frozen=True)
class Training:
    """A course completed on a day and entered on `known_on`; online ones are sat here, offline ones are recorded."""

    human: int
    course: str
    completed_on: date
    known_on: date
    online: bool
    provider: str = ""
    reference: str = ""
    score: float | None = None


@dataclass(frozen=True)
class Struggle:
    """Learning that has not ended in an award: `share` of a course read on a day, and its exam failed when `failed`."""

    human: int
    course: str
    on: date
    share: float
    failed: bool = False


@dataclass(frozen=True)
class Revoked:
    """A training whose award was revoked from `revoked_from` (None: throughout), entered on `known_on`."""

    training: Training
    revoked_from: date | None
    known_on: date
    reason: str


@dataclass(frozen=True)
class Waived:
    """A tenure waived in a plan on [from_on, until_on)."""

    tenure: Tenure
    plan: str
    from_on: date
    until_on: date | None
    known_on: date
    reason: str


@dataclass(frozen=True)
class Merged:
    """`source` turned out to be `target`, on `known_on`."""

    source: int
    target: int
    known_on: date
    reason: str


@dataclass(frozen=True)
class Corrected:
    """A person was entered with `wrong_id`, which was put right on `known_on`."""

    human: int
    wrong_id: str
    known_on: date
    reason: str


@dataclass(frozen=True)
class Gathering:
    """A course held in person, for the people of a firm or of a region, opened by `by`.

    `humans` are on its list; who came has a score. `closed_on` None: still to be marked, or to come.
    """

    course: str
    held_on: date
    minutes: int
    place: str
    trainer: str
    provider: str
    note: str
    by: str
    firm: int | None
    region: str | None
    humans: tuple[int, ...]
    scores: Mapping[int, float]
    closed_on: date | None


@dataclass(frozen=True)
class Story:
    """Everything that happens, up to and including `today`."""

    today: date
    firms: tuple[Firm, ...]
    humans: tuple[Human, ...]
    tenures: tuple[Tenure, ...]
    trainings: tuple[Training, ...]
    struggles: tuple[Struggle, ...]
    revocations: tuple[Revoked, ...]
    waivers: tuple[Waived, ...]
    merges: tuple[Merged, ...]
    corrections: tuple[Corrected, ...]
    gatherings: tuple[Gathering, ...] = ()
    practising: tuple[int, ...] = ()
    """Those who practise daily."""

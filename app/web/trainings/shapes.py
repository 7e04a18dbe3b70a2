"""What the pages of training held in person show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from app.awards import session_rules as rules
from app.awards.attendance import Attendee, PostThere
from app.awards.session_queries import SessionRow
from app.ops.i18n import N_
from app.organisations.queries import EnterpriseRow
from app.organisations.roster import RosterRow

OUTCOME_WORDS = {
    rules.AWARDED: N_("Certificate"),
    rules.ABSENT: N_("Not there"),
    rules.SHORT: N_("Session too short"),
    rules.FAILED: N_("Score below the pass mark"),
    rules.REPEATED: N_("Already holds one of this day"),
}
OUTCOME_SIGNS = {
    rules.AWARDED: "held",
    rules.ABSENT: "never_started",
    rules.SHORT: "failed",
    rules.FAILED: "failed",
    rules.REPEATED: "not_applicable",
}
"""The shape of an outcome's chip."""


@dataclass(frozen=True)
class ListAsk:
    """The filters of the list of sessions as they came."""

    course: str = ""
    state: str = ""
    from_on: str = ""
    to_on: str = ""
    after: str = ""

    def address(self, path: str, **changes: str) -> str:
        """Give an address with the same filters, but for the changes."""
        fields = {"course": self.course, "state": self.state, "from": self.from_on, "to": self.to_on} | changes
        query = urlencode({name: value for name, value in fields.items() if value})
        return path + (f"?{query}" if query else "")

    @property
    def narrowed(self) -> bool:
        """Say whether only some sessions were asked for."""
        return bool(self.course or self.state or self.from_on or self.to_on)


@dataclass(frozen=True)
class ListPage:
    """A page of sessions; `titles` are the courses' by code."""

    ask: ListAsk
    titles: Mapping[str, str]
    rows: tuple[SessionRow, ...]
    next: str | None


@dataclass(frozen=True)
class Holder:
    """For whose people a session can be opened: `e` and an enterprise's id, or `r` and a region's code."""

    key: str
    name: str


@dataclass(frozen=True)
class CourseChoice:
    """A course with the minutes that it takes."""

    code: str
    title: str
    minutes: int


@dataclass(frozen=True)
class NewPage:
    """The form of a new session, with what was typed when it was refused."""

    holders: tuple[Holder, ...]
    courses: tuple[CourseChoice, ...]
    today: date
    typed: Mapping[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True)
class Line:
    """Somebody on a list, with their posts on the day, and what the session comes to for them."""

    who: Attendee
    posts: tuple[PostThere, ...]
    outcome: str
    words: str
    sign: str


@dataclass(frozen=True)
class Refusal:
    """Why a row of an uploaded list comes back."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class SessionPage:
    """A session with its list. `counts` are people by outcome: what closing it would come to, or came to."""

    found: SessionRow
    title: str
    version: int
    needed: int
    pass_mark: float
    lines: tuple[Line, ...]
    counts: Mapping[str, int]
    post_names: Mapping[str, str]
    today: date
    error: str = ""
    done: str = ""
    refusals: tuple[Refusal, ...] = ()
    added: int = 0

    @property
    def closed(self) -> bool:
        """Say whether nothing changes any more."""
        return self.found.closed_at is not None

    @property
    def ahead(self) -> bool:
        """Say whether the day is still to come."""
        return self.found.held_on > self.today

    @property
    def enough(self) -> bool:
        """Say whether the session is as long as the course."""
        return self.found.minutes >= self.needed

    @property
    def unmarked(self) -> int:
        """Count those of whom nobody has said yet whether they were there."""
        return sum(line.who.attended is None for line in self.lines)

    @property
    def awarded(self) -> int:
        """Count the certificates that closing would make, or made."""
        return self.counts.get(rules.AWARDED, 0)

    @property
    def told(self) -> tuple[tuple[str, str, int], ...]:
        """Give the outcomes that somebody meets: sign, words, how many; of whom nothing is marked has none yet."""
        waiting = 0 if self.closed else self.unmarked
        found = [(OUTCOME_SIGNS[one], OUTCOME_WORDS[one], self._met(one, waiting)) for one in rules.OUTCOMES]
        return tuple(row for row in (*found, ("", N_("not marked"), waiting)) if row[2])

    def _met(self, outcome: str, waiting: int) -> int:
        return self.counts.get(outcome, 0) - (waiting if outcome == rules.ABSENT else 0)


@dataclass(frozen=True)
class PickAsk:
    """Whom to choose from, as it came: of which enterprise, in which post, from which key on."""

    enterprise: int | None = None
    post: str = ""
    after: str = ""


@dataclass(frozen=True)
class PickPage:
    """People of an enterprise to put on a list, or (`enterprise` None) enterprises to choose from.

    `listed` are those on it already; `text` is what was searched for, a name of either; `more` are not shown.
    """

    found: SessionRow
    title: str
    ask: PickAsk
    enterprise: EnterpriseRow | None
    enterprises: tuple[EnterpriseRow, ...]
    rows: tuple[RosterRow, ...]
    listed: frozenset[int]
    posts: Mapping[str, str]
    after: str | None
    text: str
    more: bool

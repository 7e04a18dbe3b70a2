"""What the pages about a path to full coverage show, of a region or of an enterprise; and the list of people behind it.

Both skins fill the same frozen values; what differs is where links lead.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.catalogue import queries as catalogue
from app.coverage.forecast import AHEAD_DAYS, Outlook, Stretch
from app.coverage.ledger import Tally, ratio
from app.coverage.queries import Ask
from app.coverage.queries.paths import Path
from app.coverage.queries.turns import Kind, Turn, Turning, turns
from app.kit import paging
from app.kit.dates import add_days, day_or_none
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.ops.db import Session
from app.ops.i18n import N_
from app.reports.exports import Cell
from app.reports.paths import CAUSE_WORDS
from app.web import charts
from app.web.path_chart import PathChart, path_chart

Link = Callable[..., str]
AT_ONCE = 2000
"""Rows that an export reads at a time."""
KINDS: Mapping[str, Kind] = {"gained": "gained", "lost": "lost"}


@dataclass(frozen=True)
class PathView:
    """A path with its pictures and its links.

    people: (kind, first day, last day, known at) -> the list of who turned; coverage: day -> the figures of a day;
    missing: day -> who is missing. They are '' for readers who see no people, and where there is no such page.
    """

    path: Path
    today: date
    wide: PathChart | None
    narrow: PathChart | None
    people: Link
    coverage: Link
    missing: Link

    @property
    def outlook(self) -> Outlook | None:
        """Give what lies ahead, None once the deadline has passed."""
        return self.path.outlook

    @property
    def deadline(self) -> date:
        """Give the plan's deadline."""
        return self.path.question.plan.deadline

    @property
    def tomorrow(self) -> date:
        """Give the first day that the outlook is about."""
        return add_days(self.path.on, 1)

    @property
    def after_deadline(self) -> date:
        """Give the first day after the deadline."""
        return add_days(self.deadline, 1)

    @property
    def then(self) -> Tally:
        """Give what stood at the deadline, as known."""
        assert self.path.aftermath is not None  # noqa: S101 - only the pages of plans past their deadline ask
        return self.path.aftermath.then

    def share(self, tally: Tally) -> float | None:
        """Give the share that is covered."""
        return ratio(tally.required, tally.covered)

    def behind(self, kind: Kind, stretch: Stretch) -> str:
        """Give the list of who turned in a stretch of days that is past."""
        return self.people(kind, stretch.from_on, stretch.to_on)

    def ahead(self, first: date, last: date) -> str:
        """Give the list of who will lapse, as known; of a day that is past, as known at its end."""
        return self.people("lost", first, last, self.path.on.isoformat() if self.hindsight else "")

    @property
    def hindsight(self) -> bool:
        """Say whether more is known now than on the day that the page is about."""
        return self.path.on < self.path.seen_on

    @property
    def lapses(self) -> tuple[Stretch, ...]:
        """Give the weeks ahead in which anybody lapses."""
        return tuple(one for one in self.outlook.ahead if one.lost) if self.outlook else ()


def path_view(path: Path, today: date, *, people: Link, coverage: Link, missing: Link) -> PathView:
    """Draw a path and give it its links."""
    wide, narrow = path_chart(path, charts.WIDE), path_chart(path, charts.NARROW)
    return PathView(path, today, wide, narrow, people, coverage, missing)


@dataclass(frozen=True)
class TurnLine:
    """Somebody who became covered, or ceased or will cease to be: where, in which post, by which course, and why."""

    on: date
    person_id: int
    name: str
    masked_id: str
    enterprise_id: int
    enterprise: str
    region: str
    post: str
    course: str
    cause: str


def turn_line(
    turn: Turn, regions: Callable[[str], str], posts: Mapping[str, str], titles: Mapping[str, str]
) -> TurnLine:
    """Put names for codes."""
    return TurnLine(
        on=turn.on,
        person_id=turn.person_id,
        name=turn.name,
        masked_id=turn.masked_id,
        enterprise_id=turn.enterprise_id,
        enterprise=turn.enterprise,
        region=regions(turn.region),
        post=posts.get(turn.post, turn.post),
        course=titles.get(turn.course, turn.course),
        cause=turn.cause,
    )


def wanted(kind: str, first: str, last: str, on: date, industry: str | None, post: str | None) -> Turning:
    """Read which turns are asked for, by default those of the days told ahead of a day.

    Problem 422 for a kind that does not exist or a day that cannot be read.
    """
    if kind not in KINDS:
        raise Problem(422, "kind", N_("Ask for who became covered (gained) or who ceased to be (lost)."))
    from_on = day_or_none(first) or add_days(on, 1)
    to_on = day_or_none(last) or add_days(on, AHEAD_DAYS)
    return Turning(KINDS[kind], from_on, to_on, industry, post)


def turn_lines(
    session: Session, found: Iterable[Turn], regions: Callable[[str], str], posts: Mapping[str, str]
) -> Iterator[TurnLine]:
    """Put names for the codes of many."""
    titles = catalogue.titles(session)
    return (turn_line(turn, regions, posts, titles) for turn in found)


def fields(turning: Turning) -> dict[str, str]:
    """Give the parameters by which a link asks for the same turns."""
    return {"kind": turning.kind, "first": turning.from_on.isoformat(), "last": turning.to_on.isoformat()}


@dataclass(frozen=True)
class Turns:
    """All turns that are asked for, read a few at a time."""

    scope: Scope
    session: Session
    ask: Ask
    turning: Turning
    today: date
    now: datetime

    def __iter__(self) -> Iterator[Turn]:
        """Give one after the other."""
        asked = (self.scope, self.session, self.ask, self.turning, self.today, self.now)
        return paging.every(lambda after: turns(*asked, after=after, size=AT_ONCE))


def cells(line: TurnLine, _: Callable[..., str]) -> tuple[Cell, ...]:
    """Give a line as a row of the export."""
    who = (line.on, line.name, line.masked_id, line.enterprise, line.region)
    return (*who, line.post, line.course, _(CAUSE_WORDS[line.cause]))

"""The way of a region or an enterprise to full coverage: what stood and what changed by day, what is known to come.

Learning is told from coming and going. Who became covered in post, or ceased to be, is counted from the spans of their
standing, as the lists behind the figures name them. In a region of more than LARGE assignments the entries tell it,
without a look at anybody: those that change covered and not required, netted by day, county, industry and post; there
somebody who lapsed offsets somebody who learned in the same place on the same day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.coverage import forecast
from app.coverage.forecast import AHEAD_DAYS, PACE_DAYS, Aftermath, Change, Outlook, Stretch
from app.coverage.ledger import NOTHING, Tally, balances
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry
from app.coverage.partial import is_status
from app.coverage.queries.asking import Ask, Question, narrowing
from app.coverage.queries.changing import changes
from app.coverage.queries.dashboard import Dashboard, dashboard
from app.coverage.queries.milestones import Milestone, Points, led, milestones_of, reached
from app.coverage.queries.sources import Only, Part
from app.coverage.queries.turns import turn_counts
from app.coverage.status import STATUSES
from app.coverage.versions import visible
from app.kit.dates import add_days, day_of, end_of
from app.kit.scope import Scope

SETTLED = frozenset({"full", "not_applicable"})
LARGE = 20_000


@dataclass(frozen=True)
class Path:
    """The way to full coverage as of a day: before the deadline an outlook, after it what became of the gap.

    seen_on: the last day of which anything is known. now: what stood on now_on, the day asked about, or for the
    deadline itself, once past, the last day known. weeks: those behind, with what stood at each one's end. points: what
    a chart draws. then_known: the deadline's figure as known at the end of that day, None where none can be told.
    full_since: the first day on which coverage was full, None when it has not been by then. led: what the pace makes of
    what is known, at the ends of phases to come and on the deadline; none without a pace.
    """

    question: Question
    seen_on: date
    now: Tally
    now_on: date
    weeks: tuple[tuple[Stretch, Tally], ...]
    points: Points
    milestones: tuple[Milestone, ...]
    outlook: Outlook | None
    aftermath: Aftermath | None
    then_known: Tally | None
    full_since: date | None
    led: Points

    @property
    def on(self) -> date:
        """Give the day that the page is about."""
        return self.question.on


def region_path(
    scope: Scope,
    session: Session,
    ask: Ask,
    today: date,
    now: datetime,
    *,
    industry: str | None = None,
    post: str | None = None,
) -> tuple[Dashboard, Path]:
    """Give a region's figures on the day asked for, and its way; Problem 404 or 422 when it cannot be asked."""
    board = dashboard(scope, session, ask, today, now, industry=industry, post=post)
    return board, _Reader(session, board.question, board, today).path()


def enterprise_path(session: Session, question: Question, today: date) -> Path:
    """Give the way of the enterprise that a resolved question is about."""
    return _Reader(session, question, None, today).path()


class _Reader:
    """Reads the sums of one question; `board` narrows it by industry and post, None for an enterprise."""

    def __init__(self, session: Session, question: Question, board: Dashboard | None, today: date) -> None:
        self.session, self.question, self.board, self.plan = session, question, board, question.plan
        known_on = min(today, day_of(question.known_at)) if question.known_at else today
        on, deadline = question.on, self.plan.deadline
        self.passed = on > deadline or (on == deadline and known_on > deadline)
        self.last = known_on if self.passed and on == deadline else on
        self.seen_on = known_on
        self.only = Only(board.industry, board.post) if board else Only()
        self.large = board is not None and board.figures().required > LARGE

    def path(self) -> Path:
        """Read everything, the sums at all days in one go."""
        on = self.question.on
        daily = _daily(self.plan.starts_on, min(self.last, max(self.seen_on, self.plan.deadline)))
        days = sorted({*daily, on, self.last})
        tallies = dict(zip(days, self._sums(self.question, days), strict=True))
        ahead = () if self.passed or on < self.plan.starts_on else self._ahead()
        outlook = None if self.passed else self._outlook(tallies[on], ahead)
        milestones = tuple(reached(one, on, tallies, ahead, outlook) for one in milestones_of(self.question.plan))
        return Path(
            question=self.question,
            seen_on=self.seen_on,
            now=tallies[self.last],
            now_on=self.last,
            weeks=tuple((week, tallies.get(week.to_on, NOTHING)) for week in outlook.weeks) if outlook else (),
            points=tuple((day, tallies[day]) for day in _shown(daily, on, self.plan.deadline)),
            milestones=milestones,
            outlook=outlook,
            aftermath=self._aftermath(tallies) if self.passed else None,
            then_known=self._then_known() if self.passed else None,
            full_since=self._full_since([(day, tallies[day]) for day in daily]),
            led=led(outlook, milestones, tallies[on], ahead) if outlook else (),
        )

    def _outlook(self, tally: Tally, ahead: tuple[Change, ...]) -> Outlook:
        on = self.question.on
        behind = self._changes(self.question, add_days(on, -PACE_DAYS), on)
        return forecast.outlook(on, self.plan.deadline, tally.required - tally.covered, (*behind, *ahead))

    def _ahead(self) -> tuple[Change, ...]:
        """Give what is known to come; of a day that is past, only what was known at its end: the rest is hindsight."""
        on, known_at = self.question.on, self.question.known_at
        if on < self.seen_on:
            known_at = end_of(on)
        until = max(self.plan.deadline, add_days(on, AHEAD_DAYS))
        return self._changes(replace(self.question, known_at=known_at), on, until)

    def _aftermath(self, tallies: dict[date, Tally]) -> Aftermath:
        deadline = self.plan.deadline
        return forecast.aftermath(
            tallies[deadline], tallies[self.last], self._changes(self.question, deadline, self.last)
        )

    def _then_known(self) -> Tally | None:
        """Give the deadline's figure as known at its end; None when less than that is asked for."""
        deadline, instant = self.plan.deadline, end_of(self.plan.deadline)
        early = self.question.known_at is not None and self.question.known_at < instant
        if early or self.seen_on <= deadline:
            return None
        return self._sums(replace(self.question, on=deadline, known_at=instant), [deadline])[0]

    def _sums(self, question: Question, days: Sequence[date]) -> tuple[Tally, ...]:
        return balances(changes(self.session, question, days, self.only, daily=True), days)

    def _changes(self, question: Question, after: date, until: date) -> tuple[Change, ...]:
        """Give what changed by day after a day, up to another, as known."""
        days = select(Entry.effective_on, func.sum(Entry.required), func.sum(Entry.covered))
        days = self._narrowed(days, question, after, until).group_by(Entry.effective_on)
        sums = {day: (int(required), int(covered)) for day, required, covered in self.session.execute(days)}
        if self.large:
            turned = self._netted(question, after, until)
        else:
            turned = turn_counts(self.session, question, after, until, self.only.industry, self.only.post)
        found = []
        for day in sorted(sums.keys() | turned.keys()):
            (required, covered), (gained, lost) = sums.get(day, (0, 0)), turned.get(day, (0, 0))
            found.append(Change(day, gained, lost, required, covered - gained + lost))
        return tuple(found)

    def _netted(self, question: Question, after: date, until: date) -> dict[date, tuple[int, int]]:
        """Tell learning from coming and going by the entries that change covered alone, from the index alone."""
        place = (Entry.effective_on, Entry.region, Entry.industry, Entry.post, Entry.key_enterprise)
        query = select(Entry.effective_on, func.sum(Entry.covered).label("learned")).where(Entry.required == 0)
        cells = self._narrowed(query, question, after, until).group_by(*place).subquery()
        learned = cells.c.learned
        gained, lost = case((learned > 0, learned), else_=0), case((learned < 0, -learned), else_=0)
        days = select(cells.c.effective_on, func.sum(gained), func.sum(lost)).group_by(cells.c.effective_on)
        return {day: (int(more), int(fewer)) for day, more, fewer in self.session.execute(days)}

    def _narrowed(self, query: Part, question: Question, after: date, until: date) -> Part:
        """Narrow a query of entries to the question and to the days after a day, up to another."""
        query = query.where(*question.entries(Entry, until=False))
        query = query.where(Entry.effective_on > after, Entry.effective_on <= until)
        return query.where(*narrowing(Entry, self.only.industry, self.only.post))

    def _full_since(self, daily: Sequence[tuple[date, Tally]]) -> date | None:
        """Give the first day of full coverage: the enterprise's status, or a region's sums and all its enterprises."""
        if self.board is None:
            return self._full_status()
        full = forecast.full_days(daily)
        if not full or self.board.post is not None:
            return full[0] if full else None
        row = EnterpriseEntry
        unsettled = [status for status in STATUSES if status not in SETTLED]
        query = select(row.effective_on, func.sum(row.delta)).where(
            *replace(self.question, on=full[-1]).entries(row), is_status(row), row.kind.in_(unsettled)
        )
        if self.board.industry is not None:
            query = query.where(row.industry == self.board.industry)
        rows = self.session.execute(query.group_by(row.effective_on))
        counts = balances([(day, Tally(int(delta))) for day, delta in rows], full)
        return next((day for day, count in zip(full, counts, strict=True) if not count.required), None)

    def _full_status(self) -> date | None:
        row = EnterpriseStanding
        query = select(func.min(row.from_on, type_=row.from_on.type)).where(
            row.plan_id == self.plan.id,
            row.enterprise_id.in_(self.question.enterprises),
            row.status == "full",
            row.from_on <= self.last,
            visible(row, self.question.known_at),
        )
        return self.session.scalar(query)


def _daily(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _shown(daily: Sequence[date], on: date, deadline: date) -> list[date]:
    """Choose the days that a chart draws: the ends of months, and the days that are spoken of."""
    marks = {on, deadline, daily[-1]} if daily else set()
    return [day for day in daily if day in marks or (day + timedelta(days=1)).day == 1]

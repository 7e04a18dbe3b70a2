"""The first screen: a region's coverage on a day, what limits it, how it came about, and where it is missing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.access.scope import Viewer
from app.coverage.ledger import Tally, ratio
from app.coverage.queries import EnterpriseFilter, settlements
from app.coverage.queries.asking import Question
from app.coverage.queries.dashboard import Dashboard, dashboard, history
from app.coverage.queries.enterprises import first_enterprises
from app.coverage.queries.posts import PostFilter, missing_reasons
from app.coverage.queries.settlements import Settled
from app.kit.dates import day_of
from app.ops.db import Session
from app.web import charts
from app.web.bureau.asking import Asked
from app.web.bureau.matrix import by_industry, by_post, gaps, matrix
from app.web.bureau.regions import below, deeper, level_of, order_of, places, standing, view_of
from app.web.bureau.shapes import EnterpriseLine, OverviewPage, enterprise_line, figure

SHOWN = 8
"""How many enterprises most in need the first screen names; of the undeclared at most the first few."""
UNDECLARED_SHOWN = 3
COUNTED = 3000
"""Up to so many missing posts are counted by reason for the screen."""
SETTLED = frozenset({"full", "not_applicable"})


def board_of(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> Dashboard:
    """Read the figures of the question."""
    return dashboard(viewer.scope, session, asked.ask, asked.today, now, industry=asked.industry, post=asked.post)


def overview(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> OverviewPage:
    """Fill the page."""
    board = board_of(viewer, session, asked, now)
    whole, told = board.figures(), matrix(board)
    drawn = asked.begun and whole.enterprises > 0
    story = _story(session, asked, board) if drawn else None
    reasons = reasons_of(session, asked, board.question, whole.tally) if drawn else {}
    return OverviewPage(
        asked=asked,
        figure=figure(whole.tally),
        standing=standing(whole, board),
        other=figure(board.figures(key_enterprises=not asked.key).tally),
        wide=charts.line_chart(story, charts.WIDE) if story else None,
        narrow=charts.line_chart(story, charts.NARROW) if story else None,
        samples=_told(story) if story else (),
        below=below(asked),
        deeper=deeper(asked),
        level=level_of(asked),
        view=view_of(asked),
        order=order_of(asked),
        places=places(session, board, asked),
        matrix=told,
        industries=by_industry(told),
        posts=by_post(told),
        gaps=gaps(told),
        statuses=charts.stacked(whole.statuses.items()),
        reasons=charts.stacked(reversed(reasons.items())),
        neediest=_neediest(viewer, session, asked, standing(whole).undeclared, now) if drawn else (),
        settled=_settled(viewer, session, asked),
    )


def reasons_of(session: Session, asked: Asked, question: Question, whole: Tally) -> dict[str, int]:
    """Count who is missing by reason; nothing where they are too many to be counted for a screen."""
    if not 0 < whole.required - whole.covered <= COUNTED:
        return {}
    return missing_reasons(session, question, PostFilter("missing", asked.post, asked.industry))


def _settled(viewer: Viewer, session: Session, asked: Asked) -> Settled | None:
    """Give the settlement that says what was reported of this day: whoever quotes a figure has to know it."""
    found = settlements.in_force(session, asked.plan.code, asked.region, asked.on)
    return None if found is None else settlements.settlement(viewer.scope, session, found)


def _neediest(
    viewer: Viewer, session: Session, asked: Asked, undeclared: int, now: datetime
) -> tuple[EnterpriseLine, ...]:
    """Give some of the undeclared, which nobody can count, and the largest gaps."""
    wanted = [(EnterpriseFilter(industry=asked.industry), SHOWN)]
    if undeclared > UNDECLARED_SHOWN:
        declared = EnterpriseFilter(industry=asked.industry, declared=True)
        wanted = [
            (EnterpriseFilter("undeclared", asked.industry), UNDECLARED_SHOWN),
            (declared, SHOWN - UNDECLARED_SHOWN),
        ]
    found = first_enterprises(viewer.scope, session, asked.ask, wanted, asked.today, now)
    return tuple(enterprise_line(row, asked) for rows in found for row in rows if row.status not in SETTLED)


def _story(session: Session, asked: Asked, board: Dashboard) -> charts.Story:
    """Tell how it came about: month by month until the day asked about, or after the deadline until what is known."""
    plan = board.question.plan
    known_on = min(asked.today, day_of(asked.known_at)) if asked.known_at else asked.today
    last = asked.on if asked.on < plan.deadline else max(asked.on, known_on)
    marks = {day for day in (asked.on, plan.deadline, known_on, last) if plan.starts_on <= day <= last}
    days = sorted({*_month_ends(plan.starts_on, last), *marks})
    sums = history(session, board, days)
    return charts.Story(
        starts_on=plan.starts_on,
        deadline=plan.deadline,
        on=asked.on,
        today=known_on,
        samples=_samples(days, sums),
        phases=tuple((phase.name, phase.from_on, phase.to_on) for phase in plan.phases),
    )


def _told(story: charts.Story) -> tuple[charts.Sample, ...]:
    """Give the ends of years, and the days that the chart tells apart, the latest first."""
    marks = {story.on, story.deadline, story.today}
    return tuple(s for s in reversed(story.samples) if s.on in marks or (s.on.month, s.on.day) == (12, 31))


def _samples(days: Sequence[date], sums: Sequence[Tally]) -> tuple[charts.Sample, ...]:
    pairs = zip(days, sums, strict=True)
    return tuple(charts.Sample(day, t.required, t.covered, ratio(t.required, t.covered)) for day, t in pairs)


def _month_ends(start: date, end: date) -> list[date]:
    found = []
    day = start
    while day <= end:
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        found.append(day - timedelta(days=1))
    return [day for day in found if day <= end]

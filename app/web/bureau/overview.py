"""The first screen: a region's coverage on a day, what limits it, how it came about, and where it is missing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from app.access.scope import Viewer
from app.coverage.ledger import Tally, ratio
from app.coverage.queries import EnterpriseFilter, Figures, enterprises
from app.coverage.queries.dashboard import Dashboard, dashboard, history
from app.kit.dates import day_of
from app.ops.db import Session
from app.web import charts
from app.web.bureau.asking import Asked
from app.web.bureau.shapes import (
    Cell,
    EnterpriseLine,
    Figure,
    Matrix,
    MatrixRow,
    OverviewPage,
    PlaceLine,
    Standing,
    enterprise_line,
)

SHOWN = 8
"""How many enterprises most in need the first screen names; of the undeclared at most the first few."""
UNDECLARED_SHOWN = 3
HIGH, WHOLE = (75, 80, 85, 90), (20, 40, 60, 80)
"""From each of these per cents on, a cell is one step deeper; the high scale when the total has reached its start."""
SETTLED = frozenset({"full", "not_applicable"})


def board_of(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> Dashboard:
    """Read the figures of the question."""
    return dashboard(viewer.scope, session, asked.ask, asked.today, now, industry=asked.industry, post=asked.post)


def overview(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> OverviewPage:
    """Fill the page."""
    board = board_of(viewer, session, asked, now)
    whole = board.figures()
    drawn = asked.begun and whole.enterprises > 0
    story = _story(session, asked, board) if drawn else None
    return OverviewPage(
        asked=asked,
        figure=figure(whole.tally),
        standing=standing(whole, board),
        other=figure(board.figures(key_enterprises=not asked.key).tally),
        wide=charts.line_chart(story, charts.WIDE) if story else None,
        narrow=charts.line_chart(story, charts.NARROW) if story else None,
        below=below(asked),
        places=places(board, asked),
        matrix=matrix(board),
        statuses=charts.stacked(whole.statuses.items()),
        neediest=_neediest(viewer, session, asked, standing(whole).undeclared, now) if drawn else (),
    )


def figure(tally: Tally) -> Figure:
    """Shape a tally for the page."""
    return Figure(tally.required, tally.covered, ratio(tally.required, tally.covered), tally.waived)


def standing(figures: Figures, board: Dashboard | None = None) -> Standing:
    """Shape what limits a figure; head-counts are those of the whole board."""
    counts = (board.amount("roster"), board.amount("insured")) if board else (0, 0)
    return Standing(figures.enterprises, figures.declared, figures.stale, *counts)


def below(asked: Asked) -> str:
    """Say what lies directly below the region: province, city, county, part or nothing."""
    row = asked.tree.rows[asked.region]
    if not asked.tree.children(row.code):
        return "nothing"
    if row.parent is None:
        return "province"
    if row.code.endswith("0000"):
        return "city"
    return "county" if row.code.endswith("00") else "part"


def places(board: Dashboard, asked: Asked) -> tuple[PlaceLine, ...]:
    """Give a line per region below, best first, those with nobody to train last; its own enterprises at the end."""
    found = []
    for code, figures in board.by_region(asked.region).items():
        own = code == asked.region
        if not own or figures.enterprises or figures.required:
            name = "" if own else asked.tree.name(code)
            found.append(PlaceLine(code, name, figure(figures.tally), standing(figures), figures.full, own))
    return tuple(sorted(found, key=_rank))


def _rank(line: PlaceLine) -> tuple[bool, bool, float, str]:
    return line.own, line.figure.ratio is None, -(line.figure.ratio or 0.0), line.code


def matrix(board: Dashboard) -> Matrix:
    """Give the posts and industries of the plan, with sums both ways; the lowest cell is pointed out."""
    plan = board.question.plan
    industries = tuple((i.code, i.name) for i in plan.industries if board.industry in {None, i.code})
    posts = [(p.code, p.name) for p in plan.posts if board.post in {None, p.code}]
    cells, by_post, by_industry = board.by_post_and_industry(), board.by_post(), board.by_industry()
    whole, none = figure(board.figures().tally), Tally()
    steps = HIGH if (whole.ratio or 0) * 100 >= HIGH[0] else WHOLE
    rows = []
    for post, name in posts:
        line = tuple(_cell(post, code, title, cells.get((post, code), none), steps) for code, title in industries)
        rows.append(MatrixRow(post, name, line, figure(by_post.get(post, none))))
    lowest = min(
        ((row, cell) for row in rows for cell in row.cells if cell.figure.missing),
        key=lambda pair: (pair[1].figure.ratio, -pair[1].figure.missing),
        default=None,
    )
    totals = tuple(figure(by_industry.get(code, none)) for code, _ in industries)
    return Matrix(industries, tuple(rows), totals, whole, lowest, steps)


def _cell(post: str, industry: str, name: str, tally: Tally, steps: tuple[int, ...]) -> Cell:
    found = figure(tally)
    heat = 0 if found.ratio is None else 1 + sum(found.covered * 100 >= found.required * step for step in steps)
    return Cell(post, industry, name, found, heat)


def _neediest(
    viewer: Viewer, session: Session, asked: Asked, undeclared: int, now: datetime
) -> tuple[EnterpriseLine, ...]:
    """Give some of the undeclared, which nobody can count, and the largest gaps."""
    few = min(undeclared, UNDECLARED_SHOWN)
    wanted = [(EnterpriseFilter("undeclared", asked.industry), few)] if few else []
    wanted.append((EnterpriseFilter(industry=asked.industry, declared=True), SHOWN - few))
    found: list[EnterpriseLine] = []
    for only, size in wanted:
        listed = enterprises(viewer.scope, session, asked.ask, only, asked.today, now, size=size)
        found += [enterprise_line(row, asked) for row in listed.rows if row.status not in SETTLED]
    return tuple(found)


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

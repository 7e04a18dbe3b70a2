"""Posts against industries: each cell with its fraction and its depth of colour; ranked bars and the largest gaps."""

from app.coverage.ledger import Tally
from app.coverage.queries.dashboard import Dashboard
from app.web.bureau.shapes import Cell, Figure, Matrix, MatrixRow, RankLine, figure

HIGH, WHOLE = (75, 80, 85, 90), (20, 40, 60, 80)
"""From each of these per cents on, a cell is one step deeper; the high scale when the total has reached its start."""
GAPS = 6
"""So many of the largest gaps are named."""


def scale(whole: Figure) -> tuple[int, ...]:
    """Give the per cents at which the colour deepens, for figures whose whole this is."""
    return HIGH if (whole.ratio or 0) * 100 >= HIGH[0] else WHOLE


def heat(found: Figure, steps: tuple[int, ...]) -> int:
    """Give the depth of colour of a figure, 1 to 5; 0 where nothing is required."""
    return 0 if found.ratio is None else 1 + sum(found.covered * 100 >= found.required * step for step in steps)


def matrix(board: Dashboard) -> Matrix:
    """Give the posts and industries of the plan, with sums both ways; the lowest cell is pointed out."""
    plan = board.question.plan
    industries = tuple((i.code, i.name) for i in plan.industries if board.industry in {None, i.code})
    posts = [(p.code, p.name) for p in plan.posts if board.post in {None, p.code}]
    cells, by_post, by_industry = board.by_post_and_industry(), board.by_post(), board.by_industry()
    whole, none = figure(board.figures().tally), Tally()
    steps = scale(whole)
    rows = []
    for post, name in posts:
        line = tuple(
            _cell((post, name), (code, title), cells.get((post, code), none), steps) for code, title in industries
        )
        rows.append(MatrixRow(post, name, line, figure(by_post.get(post, none))))
    lowest = min(
        ((row, cell) for row in rows for cell in row.cells if cell.figure.missing),
        key=lambda pair: (pair[1].figure.ratio, -pair[1].figure.missing),
        default=None,
    )
    totals = tuple(figure(by_industry.get(code, none)) for code, _ in industries)
    return Matrix(industries, tuple(rows), totals, whole, lowest, steps)


def _cell(post: tuple[str, str], industry: tuple[str, str], tally: Tally, steps: tuple[int, ...]) -> Cell:
    found = figure(tally)
    return Cell(post[0], industry[0], industry[1], found, heat(found, steps), post[1])


def by_industry(told: Matrix) -> tuple[RankLine, ...]:
    """Rank the industries, best first, those with nobody to train last."""
    pairs = zip(told.industries, told.totals, strict=True)
    return _ranked([RankLine(code, name, sums) for (code, name), sums in pairs])


def by_post(told: Matrix) -> tuple[RankLine, ...]:
    """Rank the posts, best first, those with nobody to train last."""
    return _ranked([RankLine(row.post, row.name, row.total) for row in told.rows])


def _ranked(lines: list[RankLine]) -> tuple[RankLine, ...]:
    return tuple(sorted(lines, key=lambda line: (line.figure.ratio is None, -(line.figure.ratio or 0.0))))


def gaps(told: Matrix) -> tuple[Cell, ...]:
    """Give the cells in which most are missing, the largest gap first."""
    cells = [cell for row in told.rows for cell in row.cells if cell.figure.missing]
    return tuple(sorted(cells, key=lambda cell: -cell.figure.missing)[:GAPS])

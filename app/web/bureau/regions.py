"""The regions below the one asked about: as tiles in the order of their codes, or as a list with the best first."""

from collections.abc import Callable
from typing import Final

from app.coverage.queries.answers import Figures
from app.coverage.queries.dashboard import Dashboard
from app.web.bureau.asking import Asked
from app.web.bureau.matrix import heat, scale
from app.web.bureau.shapes import PlaceLine, Standing, figure

Rank = tuple[float, ...]


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


def view_of(asked: Asked) -> str:
    """Give how regions are laid out: tiles, unless a list is asked for."""
    return asked.view or "grid"


def order_of(asked: Asked) -> str:
    """Give how regions are sorted: tiles keep their place on any day, a list begins with the best."""
    return asked.order or ("code" if view_of(asked) == "grid" else "ratio")


def places(board: Dashboard, asked: Asked) -> tuple[PlaceLine, ...]:
    """Give a line per region below in the order asked for; its own enterprises (本级) at the end."""
    steps = scale(figure(board.figures().tally))
    found = []
    for code, figures in board.by_region(asked.region).items():
        own = code == asked.region
        if not own or figures.enterprises or figures.required:
            name = "" if own else asked.tree.name(code)
            sums = figure(figures.tally)
            found.append(PlaceLine(code, name, sums, standing(figures), figures.full, heat(sums, steps), own))
    rank = RANKS[order_of(asked)]
    return tuple(sorted(found, key=lambda line: (line.own, rank(line), line.code)))


def standing(figures: Figures, board: Dashboard | None = None) -> Standing:
    """Shape what limits a figure; head-counts are those of the whole board."""
    counts = (board.amount("roster"), board.amount("insured")) if board else (0, 0)
    return Standing(figures.enterprises, figures.declared, figures.stale, *counts)


RANKS: Final[dict[str, Callable[[PlaceLine], Rank]]] = {
    "code": lambda _: (),
    "ratio": lambda line: (line.figure.ratio is None, -(line.figure.ratio or 0.0)),
    "missing": lambda line: (-line.figure.missing,),
    "undeclared": lambda line: (-line.standing.undeclared,),
    "stale": lambda line: (-line.standing.stale,),
}
"""By what a line is ranked, the first place lowest; those with nobody to train have no ratio and come last."""

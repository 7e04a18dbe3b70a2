"""The regions below the one asked about: as tiles in the order of their codes, or as a list with the best first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.coverage.queries.answers import Figures, minus, plus
from app.coverage.queries.dashboard import Dashboard
from app.coverage.queries.nodes import figures_at
from app.coverage.queries.sums import Only
from app.ops.db import Session
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


def deeper(asked: Asked) -> bool:
    """Say whether there are regions below those just below the one asked about."""
    return any(asked.tree.children(child.code) for child in asked.tree.children(asked.region))


def level_of(asked: Asked) -> str:
    """Give which regions are shown: "next" ones, or those "deeper" where there are any."""
    return "deeper" if asked.level == "deeper" and deeper(asked) else "next"


def places(session: Session, board: Dashboard, asked: Asked) -> tuple[PlaceLine, ...]:
    """Give a line per region below in the order asked for; its own enterprises (本级) at the end."""
    steps = scale(figure(board.figures().tally))
    parts = _deeper(session, board, asked) if level_of(asked) == "deeper" else _next(board, asked)
    found = [_line(asked, part, steps) for part in parts if part.shown]
    rank = RANKS[order_of(asked)]
    return tuple(sorted(found, key=lambda line: (line.code == asked.region, rank(line), line.code)))


@dataclass(frozen=True)
class _Part:
    """A region, or what lies directly under one, with its figures."""

    code: str
    figures: Figures
    own: bool = False
    within: str = ""

    @property
    def shown(self) -> bool:
        """Leave out what lies directly under a region when nothing does."""
        return not self.own or bool(self.figures.enterprises or self.figures.required)


def _next(board: Dashboard, asked: Asked) -> list[_Part]:
    return [_Part(code, found, code == asked.region) for code, found in board.by_region(asked.region).items()]


def _deeper(session: Session, board: Dashboard, asked: Asked) -> list[_Part]:
    """Give the regions below those below, and of each of these what lies directly under it: all add up to the whole."""
    children = {part.code: [row.code for row in asked.tree.children(part.code)] for part in _next(board, asked)}
    children[asked.region] = []
    wanted = [code for codes in children.values() for code in codes]
    found = figures_at(session, board.question, wanted, Only(asked.industry, asked.post))
    parts = []
    for part in _next(board, asked):
        codes = children[part.code]
        parts += [_Part(code, found[code], within=asked.tree.name(part.code)) for code in codes]
        own = minus(part.figures, plus(found[code] for code in codes)) if codes else part.figures
        parts.append(_Part(part.code, own, part.own or bool(codes)))
    return parts


def _line(asked: Asked, part: _Part, steps: tuple[int, ...]) -> PlaceLine:
    sums = figure(part.figures.tally)
    return PlaceLine(
        code=part.code,
        name=asked.tree.name(part.code),
        figure=sums,
        standing=standing(part.figures),
        full=part.figures.full,
        heat=heat(sums, steps),
        own=part.own,
        within=part.within,
    )


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

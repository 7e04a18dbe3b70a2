"""The tree of regions: who lies under whom."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ops.db import kept
from app.ops.prepared import run
from app.organisations.models import Region

ROOT_CODE = "100000"
UNNAMED = "未命名"


@dataclass(frozen=True)
class RegionRow:
    """A region and the one it lies in (None: the whole country)."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class RegionTree:
    """All regions, with their children in the order of codes."""

    rows: dict[str, RegionRow]
    below: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def children(self, code: str) -> tuple[RegionRow, ...]:
        """Give the regions directly below."""
        return tuple(self.rows[child] for child in self.below.get(code, ()))

    def ancestors(self, code: str) -> tuple[RegionRow, ...]:
        """Give the regions above, the whole country first, the region itself last."""
        chain: list[RegionRow] = []
        current = self.rows.get(code)
        while current is not None and current not in chain:
            chain.append(current)
            current = self.rows.get(current.parent or "")
        return tuple(reversed(chain))

    def within(self, code: str) -> frozenset[str]:
        """Give the codes of a region and of everything below it."""
        found: set[str] = set()
        queue = [code]
        while queue:
            top = queue.pop()
            if top not in found:
                found.add(top)
                queue.extend(self.below.get(top, ()))
        return frozenset(found)

    def meets(self, tops: Iterable[str], code: str) -> bool:
        """Say whether a region lies in one of the tops, or one of them in it."""
        above = {row.code for row in self.ancestors(code)}
        return any(top in above or code in {row.code for row in self.ancestors(top)} for top in tops)

    @property
    def names(self) -> dict[str, str]:
        """Give what all regions are called, by code."""
        return {code: row.name for code, row in self.rows.items()}

    def name(self, code: str) -> str:
        """Give a region's name, its code when it is not known."""
        return self.rows[code].name if code in self.rows else code


def grow(rows: Iterable[RegionRow]) -> RegionTree:
    """Make a tree of rows."""
    listed = {row.code: row for row in sorted(rows, key=lambda row: row.code)}
    below: dict[str, list[str]] = {}
    for row in listed.values():
        if row.parent is not None:
            below.setdefault(row.parent, []).append(row.code)
    return RegionTree(listed, {code: tuple(children) for code, children in below.items()})


def tree(session: Session) -> RegionTree:
    """Read the whole tree; it is small (the country has about 3,200 regions)."""
    return kept(session, "regions", lambda: _grown(tuple(tuple(row) for row in run(session, TREE).all())))


TREE = select(Region.code, Region.name, Region.parent)


@lru_cache(maxsize=8)
def _grown(rows: tuple[tuple[str, str, str | None], ...]) -> RegionTree:
    """Grow a tree; one that was lately grown of the same rows is kept."""
    return grow(RegionRow(*row) for row in rows)

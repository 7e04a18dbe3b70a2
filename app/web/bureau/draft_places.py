"""Where the figures of a draft are of: the regions to choose from, the one that is shown, the way down to it."""

from collections.abc import Iterator

from app.access.scope import Viewer
from app.coverage.queries.runs import RunRow
from app.kit.errors import not_found
from app.organisations.regions import RegionTree
from app.web.bureau.asking import INDENT, Choice


def home(viewer: Viewer) -> str:
    """Give the region that a manager's drafts start from; Problem 404 for somebody without one."""
    if viewer.home_region is None:
        raise not_found()
    return viewer.home_region


def choices(tree: RegionTree, top: str, depth: int = 0) -> Iterator[Choice]:
    """List a region and what lies below it, two levels deep."""
    yield Choice(top, INDENT * depth + tree.name(top))
    if depth < 2:  # noqa: PLR2004 - a province, its cities, their counties
        for child in tree.children(top):
            yield from choices(tree, child.code, depth + 1)


def place_shown(viewer: Viewer, tree: RegionTree, run: RunRow | None, region: str) -> str:
    """Give the region whose figures are shown; Problem 404 for one outside what was compared, or out of reach."""
    top = run.region if run else home(viewer)
    if not region:
        return top
    if region not in tree.within(top) or not viewer.scope.reaches_region(region):
        raise not_found()
    return region


def way_to(viewer: Viewer, tree: RegionTree, run: RunRow | None, place: str) -> tuple[Choice, ...]:
    """Give the way from the region that was compared down to the one shown."""
    inside = tree.within(run.region) if run else frozenset()
    steps = [row for row in tree.ancestors(place) if row.code in inside and viewer.scope.reaches_region(row.code)]
    return tuple(Choice(row.code, row.name) for row in steps)

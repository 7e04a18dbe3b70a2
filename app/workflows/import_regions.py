"""Imports regions: new ones, new names, and new places in the tree."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.identity.service import Actor
from app.kit.scope import Scope
from app.ops.sheets import Row, Sheet
from app.organisations import regions, service
from app.organisations.regions import ROOT_CODE, RegionRow, RegionTree
from app.workflows import import_changes
from app.workflows import import_fields as fields
from app.workflows.enterprise_rows import region_code
from app.workflows.import_fields import Reading
from app.workflows.import_results import Affected, ImportResult, Options, RowError, Tally


@dataclass(frozen=True)
class RegionsPlan:
    """A checked file of regions."""

    result: ImportResult
    added: tuple[RegionRow, ...]
    changed: tuple[RegionRow, ...]
    moved: bool
    """Whether a known region came to lie elsewhere, with all its enterprises."""


def plan(session: Session, scope: Scope, sheet: Sheet, options: Options, today: date) -> RegionsPlan:  # noqa: ARG001
    """Check a file of regions whole and decide what it changes; nothing is written."""
    tree = regions.tree(session)
    rows, errors = _read(sheet.rows)
    errors += _repeated(rows)
    errors += _out_of_reach(rows, scope, tree)
    while strays := _strays(rows, tree, {error.row for error in errors}):
        errors += strays
    refused = {error.row for error in errors}
    good = [row for number, row in rows.items() if number not in refused]
    added = tuple(row for row in good if row.code not in tree.rows)
    changed = tuple(row for row in good if row.code in tree.rows and row != tree.rows[row.code])
    unchanged = len(good) - len(added) - len(changed)
    tally = Tally(len(sheet.rows), added=len(added), changed=len(changed), unchanged=unchanged)
    moved = any(row.parent != tree.rows[row.code].parent for row in changed)
    altered = import_changes.of_regions(
        {number: row for number, row in rows.items() if number not in refused}, tree.rows
    )
    return RegionsPlan(replace(tally.result(errors), changes=altered), added, changed, moved)


def apply(session: Session, planned: RegionsPlan, actor: Actor, recorded_at: datetime) -> Affected:  # noqa: ARG001
    """Write a checked file of regions; a region that moved takes its enterprises into other plans' reach."""
    service.add_regions(session, planned.added)
    service.change_regions(session, planned.changed, recorded_at)
    return Affected(everything=planned.moved)


def _read(rows: Iterable[Row]) -> tuple[dict[int, RegionRow], list[RowError]]:
    """Read rows by their numbers; only the whole country has no region above."""
    good: dict[int, RegionRow] = {}
    errors: list[RowError] = []
    for row in rows:
        reading = Reading(row)
        code = reading.take("code", region_code, required=True) or ""
        name = reading.take("name", fields.plain(60), required=True) or ""
        parent = reading.take("parent", region_code, required=code != ROOT_CODE)
        if reading.errors:
            errors += reading.errors
        else:
            good[row.number] = RegionRow(code, name, parent)
    return good, errors


def _repeated(rows: dict[int, RegionRow]) -> list[RowError]:
    first: dict[str, int] = {}
    return [
        RowError(number, "code", "row_repeated", {"other": first[row.code]})
        for number, row in rows.items()
        if first.setdefault(row.code, number) != number
    ]


def _out_of_reach(rows: dict[int, RegionRow], scope: Scope, tree: RegionTree) -> list[RowError]:
    """Refuse regions that are, or would come to lie, under what the caller does not reach."""
    inside = {row.code for row in rows.values()} - tree.rows.keys()
    return [
        RowError(number, "code", "region_reach")
        for number, row in rows.items()
        if not scope.everywhere
        and (
            (row.code in tree.rows and not scope.reaches_region(row.code))
            or not (row.parent in inside or scope.reaches_region(row.parent or ""))
        )
    ]


def _strays(rows: dict[int, RegionRow], tree: RegionTree, refused: set[int]) -> list[RowError]:
    """Refuse rows whose region above is unknown, or that would lie within themselves."""
    good = {number: row for number, row in rows.items() if number not in refused}
    after = tree.rows | {row.code: row for row in good.values()}
    errors = []
    for number, row in good.items():
        if row.parent is not None and row.parent not in after:
            errors.append(RowError(number, "parent", "region_parent"))
        elif _circles(row, after):
            errors.append(RowError(number, "parent", "region_circle"))
    return errors


def _circles(row: RegionRow, after: dict[str, RegionRow]) -> bool:
    """Say whether a region would lie within itself; one that lies within others' circle is not to blame."""
    seen: set[str] = set()
    above = row.parent
    while above is not None and above in after and above not in seen:
        seen.add(above)
        above = after[above].parent
    return row.code in seen

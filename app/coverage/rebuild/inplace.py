"""SQLite: the ledger's tables emptied and made again in one transaction of the one writer; readers see the old.

Other processes make rows in files of their own (shares.py, parts.py), which are taken over; a thread stores the
sums of nodes in another file meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.coverage import ahead, projections
from app.coverage.projection_models import AheadMonth, FigureSlot, RegionNode
from app.coverage.rebuild import bulk, nodes, parts
from app.coverage.rebuild.shares import BothSums, merge
from app.ops.db import Base

SORTING = ("threads=2",)
"""SQLite's setting: what sorts for an index is helped by other threads."""
INDEXED = (*parts.LEDGER.tables, *parts.FIGURES.tables)


def empty(session: Session, slots: Mapping[int, date]) -> None:
    """Empty the tables and what follows from them, and drop the indexes of those that are indexed here."""
    for name in INDEXED:
        for index in Base.metadata.tables[name].indexes:
            index.drop(session.connection())
    parts.empty(session)
    projections.follow_tree(session, whole=True)
    for gone in (*(pending for pending, _ in projections.PENDING), AheadMonth, FigureSlot):
        session.execute(delete(gone))
    session.execute(insert(FigureSlot), [{"slot": slot, "as_of": as_of} for slot, as_of in slots.items()])


@dataclass(frozen=True)
class Made:
    """What processes made: this one's sums and the file of its figures, and the others' files."""

    sums: BothSums
    figures: Path
    others: Sequence[Path]


def finish(session: Session, made: Made, file: Path) -> None:
    """Take the others' rows over and index all; store the sums of nodes beside, in a file of their own."""
    months = ahead.due(session)
    if months:
        session.execute(insert(AheadMonth), [{"month": month} for month in months])
    tree, made_by = _tree(session), parts.made_by(session, parts.SUMS)
    with ThreadPoolExecutor(1) as beside:  # SQLite does not hold it up
        stored = beside.submit(
            lambda: _make(file, made_by, nodes.tables(*merge(made.sums, map(parts.sums_of, made.others)), tree, months))
        )
        others = {f"rows{number}": other for number, other in enumerate(made.others)}
        parts.attach(session, {parts.FIGURES.name: made.figures, **others})
        for schema in others:
            parts.take_over(session, schema, parts.LEDGER)
        parts.merge(session, [parts.FIGURES.name, *others], parts.FIGURES)
        _index(session)
        stored.result()
    parts.attach(session, {parts.SUMS.name: file})
    parts.take_over(session, parts.SUMS.name, parts.SUMS)


def _index(session: Session) -> None:
    for name in INDEXED:
        for index in sorted(Base.metadata.tables[name].indexes, key=lambda index: str(index.name)):
            index.create(session.connection())


def _make(file: Path, made_by: Iterable[str], tables: nodes.Tables) -> None:
    """Do what statements say in a part, and fill tables there."""
    with parts.opened(file, made_by) as session:
        for name, (columns, rows) in tables.items():
            bulk.insert(session, name, columns, rows)


def _tree(session: Session) -> dict[str, list[str]]:
    tree: dict[str, list[str]] = {}
    for node, region in session.execute(select(RegionNode.node, RegionNode.region)):
        tree.setdefault(node, []).append(region)
    return tree

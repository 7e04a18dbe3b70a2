"""SQLite: the ledger's tables emptied and made again in one transaction of the one writer; readers see the old.

Most tables are filled and indexed in place. Others are made in parts (parts.py) meanwhile, and taken over: as many as
keep a second processor busy.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from app.coverage import ahead, enterprise_figures, projections
from app.coverage.models import EnterpriseStanding, Entry, Standing
from app.coverage.projection_models import AheadMonth, EnterpriseFigure, FigureSlot, RegionNode
from app.coverage.rebuild import bulk, nodes, parts
from app.coverage.rebuild.rows import COLUMNS
from app.coverage.rebuild.sums import Sums
from app.coverage.rebuild.work import unpack
from app.ops.db import Base

HERE = (Standing, Entry, EnterpriseStanding, EnterpriseFigure)
"""What is filled and indexed in place."""
Files = Mapping[str, Path]


class Filled(NamedTuple):
    """How many rows each of the ledger's tables has, and what entries of both kinds come to."""

    counts: dict[str, int]
    sums: tuple[Sums, Sums]


def empty(session: Session, slots: Mapping[int, date]) -> None:
    """Empty the tables and what follows from them, and drop the indexes of those that are filled in place."""
    for table in _here():
        for index in table.indexes:
            index.drop(session.connection())
        session.execute(table.delete())
    parts.empty(session)
    projections.follow_tree(session, whole=True)
    for gone in (*(pending for pending, _ in projections.PENDING), AheadMonth, FigureSlot):
        session.execute(delete(gone))
    session.execute(insert(FigureSlot), [{"slot": slot, "as_of": as_of} for slot, as_of in slots.items()])


def fill(session: Session, files: Files, packs: Iterable[bytes]) -> Filled:
    """Fill the tables, here and beside, with the rows that workers packed."""
    counts, sums = dict.fromkeys(COLUMNS, 0), (Sums(), Sums())
    with parts.opened(files[parts.KINDS.name], parts.made_by(session, parts.KINDS, "table")) as beside:
        for packed in packs:
            made = unpack(packed)
            for (name, columns), values in zip(COLUMNS.items(), made.rows, strict=True):
                bulk.insert(beside if name in parts.KINDS.tables else session, name, columns, values)
                counts[name] += len(values[0]) if values else 0
            bulk.insert(session, EnterpriseFigure.__tablename__, enterprise_figures.COLUMNS, made.figures)
            for mine, more in zip(sums, made.sums, strict=True):
                mine.merge(*more)
    return Filled(counts, sums)


def finish(session: Session, files: Files, sums: tuple[Sums, Sums]) -> None:
    """Index everything, and store the sums of nodes: one after the other in a thread, which SQLite does not hold up."""
    kinds, summed = parts.KINDS, parts.SUMS
    months = ahead.due(session)
    if months:
        session.execute(insert(AheadMonth), [{"month": month} for month in months])
    tables = nodes.tables(*sums, _tree(session), months)
    with ThreadPoolExecutor(1) as beside:
        indexed = beside.submit(_make, files[kinds.name], parts.made_by(session, kinds, "index"), {})
        stored = beside.submit(_make, files[summed.name], parts.made_by(session, summed, "table"), tables)
        for table in _here():
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                index.create(session.connection())
        for doing, part in ((indexed, kinds), (stored, summed)):
            doing.result()
            parts.take_over(session, part, files[part.name])


def _make(file: Path, made_by: Iterable[str], tables: nodes.Tables) -> None:
    """Do what statements say in a part, and fill tables there."""
    with parts.opened(file, made_by) as session:
        for name, (columns, rows) in tables.items():
            bulk.insert_keyed(session, name, columns, rows)


def _tree(session: Session) -> dict[str, list[str]]:
    tree: dict[str, list[str]] = {}
    for node, region in session.execute(select(RegionNode.node, RegionNode.region)):
        tree.setdefault(node, []).append(region)
    return tree


def _here() -> list[Table]:
    return [Base.metadata.tables[row.__tablename__] for row in HERE]

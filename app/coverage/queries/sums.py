"""Sums for a question, by node of the region tree, whatever the day and the instant of knowledge.

A question about single enterprises reads their entries; the parts of the others are those of parts.py. Statements are
kept by what they look like; the values come from the question.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_
from sqlalchemy.orm import Session

from app.coverage.models import EnterpriseEntry
from app.coverage.partial import of_any_class
from app.coverage.projection_models import RegionNode
from app.coverage.queries.asking import Question
from app.coverage.queries.parts import Far, Parts, far_months, far_parts, kept_parts, loose_parts, parts_of, values_of
from app.coverage.queries.sources import KINDS, TALLIES, Only, Part, Shape, Source, Value, Wanted, added, adding

__all__ = [
    "KINDS",
    "TALLIES",
    "Only",
    "Wanted",
    "divided",
    "far_months",
    "grouped",
    "kept_apart",
    "lifted",
    "loose",
]
Rows = list[tuple[Any, ...]]
Statement = Select[*tuple[Any, ...]]
TOP: Value = bindparam("top")
NODES: Value = bindparam("nodes", expanding=True)
CHILDREN: Value = bindparam("children", expanding=True)


def grouped(
    session: Session,
    question: Question,
    source: Source,
    by: Sequence[str],
    nodes: Iterable[str] | None = None,
    only: Only | None = None,
) -> Rows:
    """Give (node, *by, *sums) for nodes of the region tree (default: the regions asked about), zeros left out.

    `by` names columns: industry, post or kind, key_enterprise. For a question about single enterprises the node is the
    region that each lies in.
    """
    wanted = Wanted(question, source, by, only or Only())
    keys, shape = len(by) + 1, wanted.shape
    if not question.by_nodes:
        part = _one_by_one(question, source, shape)
        return added(session, adding([part], keys), keys, wanted.values)
    far = far_months(session, question)
    statement = _grouped(shape, parts_of(session, question, source, far))
    places = sorted(nodes) if nodes is not None else sorted(question.tops)
    return added(session, statement, keys, wanted.values | values_of(question, far) | {"nodes": places})


def _one_by_one(question: Question, source: Source, shape: Shape) -> Part:
    """Select the entries; those of enterprises that are found by region are so by their class as well."""
    entry = source.entry
    part = shape.of(entry, entry.region).where(*question.entries(entry))
    by_region = bool(question.regions) and not question.enterprises
    return part.where(of_any_class(entry)) if entry is EnterpriseEntry and by_region else part


@cache
def _grouped(shape: Shape, parts: Parts) -> Statement:
    loose = loose_parts(shape, parts, RegionNode.node.in_(NODES), "node")
    return adding([*kept_parts(shape, NODES), *far_parts(shape, parts, NODES, "node"), *loose], len(shape.by) + 1)


def divided(session: Session, wanted: Wanted, children: Sequence[str]) -> Rows:
    """Give the same for the one region asked about and the regions just below it; a key may come more than once."""
    far = far_months(session, wanted.question)
    (top,) = wanted.question.tops
    return [*kept(session, wanted, [*children, top], far), *lifted(top, loose(session, wanted, children, far))]


def kept(session: Session, wanted: Wanted, nodes: Sequence[str], far: Far) -> Rows:
    """Give the same of what is summed up already; what `loose` gives is to be added."""
    statement = _kept(wanted.shape, parts_of(session, wanted.question, wanted.source, far))
    values = wanted.values | values_of(wanted.question, far) | {"nodes": nodes}
    return added(session, statement, len(wanted.by) + 1, values)


@cache
def _kept(shape: Shape, parts: Parts) -> Statement:
    return adding([*kept_parts(shape, NODES), *far_parts(shape, parts, NODES, "node")], len(shape.by) + 1)


def kept_apart(session: Session, wanted: Wanted, children: Sequence[str], far: Far) -> Rows:
    """Give the same of the one region asked about and, under industry and post '' if these may be, of its children."""
    together, parts = replace(wanted, together=True), parts_of(session, wanted.question, wanted.source, far)
    statement = _kept_apart(wanted.shape, together.shape if children else None, parts)
    places = {"nodes": wanted.question.tops, "children": children}
    return added(session, statement, len(wanted.by) + 1, wanted.values | values_of(wanted.question, far) | places)


@cache
def _kept_apart(shape: Shape, together: Shape | None, parts: Parts) -> Statement:
    found = [*kept_parts(shape, NODES), *far_parts(shape, parts, NODES, "node")]
    if together is not None:
        found += [*kept_parts(together, CHILDREN), *far_parts(together, parts, CHILDREN, "node")]
    return adding(found, len(shape.by) + 1)


def loose(session: Session, wanted: Wanted, children: Sequence[str], far: Far) -> Rows:
    """Give the same of the entries that are looked at one by one: each once, under the child it lies in.

    Those of the region's own enterprises stand under the region.
    """
    statement = _loose(wanted.shape, parts_of(session, wanted.question, wanted.source, far))
    if statement is None:
        return []
    (top,) = wanted.question.tops
    places = {"top": top, "children": children}
    return added(session, statement, len(wanted.by) + 1, wanted.values | values_of(wanted.question, far) | places)


@cache
def _loose(shape: Shape, parts: Parts) -> Statement | None:
    below = or_(RegionNode.node.in_(CHILDREN), and_(RegionNode.node == TOP, RegionNode.region == TOP))
    found = loose_parts(shape, parts, below, "node")
    return adding(found, len(shape.by) + 1) if found else None


def lifted(top: str, rows: Rows) -> Rows:
    """Count what lies under the children of a region for the region too."""
    return [*rows, *((top, *row[1:]) for row in rows if row[0] != top)]

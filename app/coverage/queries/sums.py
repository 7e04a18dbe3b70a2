"""Sums for a question, by node of the region tree, whatever the day and the instant of knowledge.

A question about single enterprises reads their entries; the parts of the others are those of parts.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from app.coverage.projection_models import RegionNode
from app.coverage.queries.asking import Question
from app.coverage.queries.parts import Far, far_months, far_parts, far_values, kept_parts, loose_parts, span_values
from app.coverage.queries.sources import KINDS, TALLIES, Only, Source, Wanted, summed

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
    if not question.by_nodes:
        entry = source.entry
        return summed(session, [wanted.of(entry, entry.region).where(*question.entries(entry))], len(by) + 1)
    places = sorted(nodes) if nodes is not None else sorted(question.tops)
    far = far_months(session, question)
    parts = [*kept_parts(wanted, places), *far_parts(wanted, far, places, "node")]
    parts += loose_parts(session, wanted, far, RegionNode.node.in_(places), "node")
    return summed(session, parts, len(by) + 1, _values(question, far))


def divided(session: Session, wanted: Wanted, children: Sequence[str]) -> Rows:
    """Give the same for the one region asked about and the regions just below it; a key may come more than once."""
    far = far_months(session, wanted.question)
    (top,) = wanted.question.tops
    return [*kept(session, wanted, [*children, top], far), *lifted(top, loose(session, wanted, children, far))]


def kept(session: Session, wanted: Wanted, nodes: Sequence[str], far: Far | None) -> Rows:
    """Give the same of what is summed up already; what `loose` gives is to be added."""
    parts = [*kept_parts(wanted, nodes), *far_parts(wanted, far, nodes, "node")]
    return summed(session, parts, len(wanted.by) + 1, _values(wanted.question, far))


def kept_apart(session: Session, wanted: Wanted, children: Sequence[str], far: Far | None) -> Rows:
    """Give the same of the one region asked about and, under industry and post '' if these may be, of its children."""
    together = replace(wanted, together=True)
    parts = []
    for one, nodes in ((wanted, wanted.question.tops), (together, children)):
        if nodes:
            parts += [*kept_parts(one, nodes), *far_parts(one, far, nodes, "node")]
    return summed(session, parts, len(wanted.by) + 1, _values(wanted.question, far))


def _values(question: Question, far: Far | None) -> dict[str, int]:
    return span_values(question) | far_values(question, far)


def loose(session: Session, wanted: Wanted, children: Sequence[str], far: Far | None) -> Rows:
    """Give the same of the entries that are looked at one by one: each once, under the child it lies in.

    Those of the region's own enterprises stand under the region.
    """
    (top,) = wanted.question.tops
    below = or_(RegionNode.node.in_(children), and_(RegionNode.node == top, RegionNode.region == top))
    return summed(session, loose_parts(session, wanted, far, below, "node"), len(wanted.by) + 1)


def lifted(top: str, rows: Rows) -> Rows:
    """Count what lies under the children of a region for the region too."""
    return [*rows, *((top, *row[1:]) for row in rows if row[0] != top)]

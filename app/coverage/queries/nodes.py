"""The figures of regions of the tree at once, each with everything below it: a region's parts, a map of a province."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, Tally
from app.coverage.queries.answers import Figures, figures_of, minus, plus
from app.coverage.queries.asking import Question
from app.coverage.queries.sums import KINDS, TALLIES, Only, Wanted, divided, grouped


def figures_at(session: Session, question: Question, nodes: Collection[str], only: Only) -> dict[str, Figures]:
    """Give the figures of regions that lie in those asked about, by code; two sums, however many regions."""
    inside = [node for node in nodes if question.regions is None or node in question.regions]
    tallies = grouped(session, question, TALLIES, (), inside, only)
    kinds = grouped(session, question, KINDS, ("kind",), inside, only)
    found = by_node(tallies, kinds)
    return {node: found.get(node, Figures()) for node in inside}


def split(session: Session, question: Question) -> dict[str, Figures]:
    """Give the figures of the regions below the one asked about, by code; under itself its own enterprises' (本级)."""
    only, children = Only(), children_of(question)
    tallies = divided(session, Wanted(question, TALLIES, (), only), children)
    kinds = divided(session, Wanted(question, KINDS, ("kind",), only), children)
    return own_apart(question, children, by_node(tallies, kinds))


def children_of(question: Question) -> list[str]:
    """Give the regions just below the one asked about."""
    (top,) = question.tops
    return [code for code, parent in sorted(question.parents.items()) if parent == top]


def by_node(tallies: Iterable[tuple[Any, ...]], kinds: Iterable[tuple[Any, ...]]) -> dict[str, Figures]:
    """Make figures of (node, *counts) and (node, kind, amount); a node or a kind may come more than once.

    Kinds that figures do not show are passed over here: to read them costs less than to leave them out.
    """
    sums: dict[str, Tally] = {}
    for node, *counts in tallies:
        sums[node] = sums.get(node, NOTHING).plus(Tally(*counts))
    amounts: dict[str, dict[str, int]] = {}
    for node, kind, amount in kinds:
        mine = amounts.setdefault(node, {})
        mine[kind] = mine.get(kind, 0) + amount
    return {node: figures_of(sums.get(node, NOTHING), amounts.get(node, {})) for node in sums.keys() | amounts.keys()}


def own_apart(question: Question, children: Iterable[str], figures: Mapping[str, Figures]) -> dict[str, Figures]:
    """Leave under the region asked about what none of its children has."""
    (top,) = question.tops
    found = {code: figures.get(code, Figures()) for code in (*children, top)}
    return found | {top: minus(found[top], plus(found[child] for child in children))}

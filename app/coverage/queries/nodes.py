"""The figures of any regions of the tree at once, each with everything below it: a map of the whole province."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, Tally
from app.coverage.queries.answers import STALE, Figures, figures_of
from app.coverage.queries.asking import Question
from app.coverage.queries.sums import KINDS, TALLIES, Only, grouped
from app.coverage.status import STATUSES


def figures_at(session: Session, question: Question, nodes: Collection[str], only: Only) -> dict[str, Figures]:
    """Give the figures of regions that lie in those asked about, by code; two sums, however many regions."""
    inside = [node for node in nodes if question.regions is None or node in question.regions]
    tallies: dict[str, Tally] = {}
    for node, required, covered, waived in grouped(session, question, TALLIES, (), inside, only):
        tallies[node] = tallies.get(node, NOTHING).plus(Tally(required, covered, waived))
    kinds: dict[str, dict[str, int]] = {}
    narrowed = replace(only, post=None, kinds=(*STATUSES, STALE))
    for node, kind, amount in grouped(session, question, KINDS, ("kind",), inside, narrowed):
        counts = kinds.setdefault(node, {})
        counts[kind] = counts.get(kind, 0) + amount
    return {node: figures_of(tallies.get(node, NOTHING), kinds.get(node, {})) for node in inside}

"""Questions as a page shows them: asked, without a key to leak, and explained once the answer is final. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.assessment.answers import Choice, Chosen, answered
from app.assessment.grading import RIGHT, part_right
from app.assessment.papers import PartQuestion, Question
from app.catalogue.answers import plain
from app.catalogue.item import WRITTEN


@dataclass(frozen=True)
class AskedPart:
    """A part of a case as shown, with what was saved for it."""

    kind: str
    stem: str
    options: tuple[str, ...]
    chosen: Choice


@dataclass(frozen=True)
class Asked:
    """A question as shown, with what was saved for it. It has no key to leak.

    `chosen` as answers.Chosen says; `lefts` and `unit` as catalogue.item.Item says; `complete`: the answer is whole.
    """

    position: int
    kind: str
    stem: str
    options: tuple[str, ...]
    chosen: Chosen
    flagged: bool
    sequence: int
    lefts: tuple[str, ...]
    unit: str
    parts: tuple[AskedPart, ...]
    complete: bool


@dataclass(frozen=True)
class ExplainedPart:
    """A part of a case afterwards."""

    kind: str
    stem: str
    options: tuple[str, ...]
    chosen: Choice
    right: Choice
    correct: bool
    explanation: str


@dataclass(frozen=True)
class Explained:
    """A question after the submission: what was chosen, what is right, why, and where it is written.

    `right_text` is the right answer of a fill or numeric item; `earned` the share of its points; `adjusted`: the item
    was corrected afterwards, and this is what the answer is worth since.
    """

    position: int
    kind: str
    stem: str
    options: tuple[str, ...]
    chosen: Chosen
    right: Choice
    correct: bool
    explanation: str
    source: str
    lefts: tuple[str, ...]
    unit: str
    right_text: str
    parts: tuple[ExplainedPart, ...]
    earned: Fraction
    adjusted: bool


def asked(position: int, question: Question, chosen: Chosen, *, flagged: bool = False, sequence: int = 0) -> Asked:
    """Show a question with what was saved for it."""
    item = question.item
    choices = _choices(question, chosen)
    return Asked(
        position,
        item.kind,
        item.stem,
        question.shown,
        chosen,
        flagged,
        sequence,
        item.lefts,
        item.unit,
        tuple(
            AskedPart(part.part.kind, part.part.stem, part.shown, choices.get(place, ()))
            for place, part in enumerate(question.parts)
        ),
        answered(item.kind, chosen),
    )


def explained(
    position: int, question: Question, chosen: Chosen, earned: Fraction, *, adjusted: bool = False
) -> Explained:
    """Explain a question whose answer is final."""
    item = question.item
    choices = _choices(question, chosen)
    return Explained(
        position,
        item.kind,
        item.stem,
        question.shown,
        chosen,
        question.right,
        earned == RIGHT,
        item.explanation,
        item.source,
        item.lefts,
        item.unit,
        _right_text(question),
        tuple(_explained_part(part, choices.get(place, ())) for place, part in enumerate(question.parts)),
        earned,
        adjusted,
    )


def _choices(question: Question, chosen: Chosen) -> Mapping[int, Choice]:
    """Give the choices of a case's parts, as far as there are any."""
    if not question.parts or isinstance(chosen, str):
        return {}
    return {place: one for place, one in enumerate(chosen) if isinstance(one, tuple)}


def _explained_part(part: PartQuestion, chosen: Choice) -> ExplainedPart:
    right = part_right(part, chosen)
    return ExplainedPart(part.part.kind, part.part.stem, part.shown, chosen, part.right, right, part.part.explanation)


def _right_text(question: Question) -> str:
    item = question.item
    if item.kind not in WRITTEN:
        return ""
    if item.value is None:
        return " / ".join(item.accept)
    spread = f" ± {plain(item.tolerance)}" if item.tolerance else ""
    return f"{plain(item.value)}{spread}{f' {item.unit}' if item.unit else ''}"

"""A question as another format says it, and the bank file that it becomes."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.catalogue.answers import plain
from app.catalogue.item import Item, ItemKind
from app.catalogue.shapes import Fact, FileError

WORDS_TRUE = frozenset({"t", "true", "正确", "对", "是"})
WORDS_FALSE = frozenset({"f", "false", "错误", "错", "否", "不正确"})
BLANK = "____"


@dataclass(frozen=True)
class Draft:
    """One question; `line` is where it begins in its file, and only what its kind needs is there."""

    line: int
    kind: ItemKind
    stem: str
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    answer: bool | None = None
    accept: tuple[str, ...] = ()
    value: float | None = None
    tolerance: float = 0.0
    pairs: tuple[tuple[str, str], ...] = ()
    sequence: tuple[str, ...] = ()
    explanation: str = ""


Drafts = tuple[tuple[Draft, ...], list[FileError]]
"""What a parser gives: the questions that could be read, and every error with its line."""


class Unreadable(ValueError):  # noqa: N818 - it is a question, not an error of ours
    """A question that cannot be taken; says why."""

    def __init__(self, code: str, message: str) -> None:
        """Say why, with a code."""
        super().__init__(message)
        self.code = code


def choice(line: int, stem: str, right: Sequence[str], wrong: Sequence[str], explanation: str = "") -> Draft:
    """Make a choice of its options: true and false, one right option, or several."""
    if len(right) == len(wrong) == 1 and {right[0].lower(), wrong[0].lower()} & WORDS_TRUE:
        said = right[0].lower()
        if {said, wrong[0].lower()} & WORDS_FALSE:
            return Draft(line, "true_false", stem, answer=said in WORDS_TRUE, explanation=explanation)
    if not right:
        raise Unreadable("options", "no option is marked as right")
    kind: ItemKind = "single" if len(right) == 1 else "multiple"
    return Draft(line, kind, stem, tuple(right), tuple(wrong), explanation=explanation)


def one_line(text: str) -> str:
    """Give a text without line breaks and without blanks around it."""
    return re.sub(r"\s*[\n\r\t]\s*", " ", text).strip()


def of_item(item: Item) -> Draft:
    """Give an item as another format could say it. Unreadable: a case, which no other format knows."""
    if item.kind == "case":
        raise Unreadable("kind", "a case has no form in this format")
    by_place = tuple(item.options[index] for index in item.right)
    stem = f"{item.stem}（单位：{item.unit}）" if item.unit else item.stem
    bare = Draft(0, item.kind, stem, explanation=item.explanation)
    if item.kind == "order":
        return replace(bare, sequence=by_place)
    if item.kind == "match":
        return replace(bare, pairs=tuple(zip(item.lefts, by_place, strict=True)))
    if item.kind == "true_false":
        return replace(bare, answer=item.right == (0,))
    if item.kind in {"fill", "numeric"}:
        return replace(bare, accept=item.accept, value=item.value, tolerance=item.tolerance)
    wrong = tuple(option for place, option in enumerate(item.options) if place not in item.right)
    return replace(bare, right=by_place, wrong=wrong)


def bank_text(drafts: Sequence[Draft], ids: Sequence[str], topic: str, difficulty: int, fact: Fact) -> str:
    """Write the bank file; what a format does not say - explanation, source - is what the fact says."""
    tables = [
        "\n".join(["[[item]]", *_lines(draft, id, topic, difficulty, fact)])
        for draft, id in zip(drafts, ids, strict=True)
    ]
    return "\n\n".join(tables) + "\n"


def _lines(draft: Draft, id: str, topic: str, difficulty: int, fact: Fact) -> list[str]:
    return [
        f"id = {_quoted(id)}",
        f"kind = {_quoted(draft.kind)}",
        f"topic = {_quoted(topic)}",
        f"difficulty = {difficulty}",
        f"fact = {_quoted(fact.id)}",
        f"stem = {_quoted(draft.stem)}",
        *_answer(draft),
        f"explanation = {_quoted(draft.explanation or fact.text)}",
        f"source = {_quoted(fact.source)}",
    ]


def _answer(draft: Draft) -> list[str]:
    if draft.kind == "true_false":
        return [f"answer = {str(draft.answer).lower()}"]
    if draft.kind == "numeric":
        return [f"value = {plain(draft.value or 0)}", f"tolerance = {plain(draft.tolerance)}"]
    if draft.kind == "match":
        return ["pairs = [" + ", ".join(_array(pair) for pair in draft.pairs) + "]"]
    if draft.kind == "order":
        return [f"sequence = {_array(draft.sequence)}"]
    if draft.kind == "fill":
        return [f"accept = {_array(draft.accept)}"]
    return [f"right = {_array(draft.right)}", f"wrong = {_array(draft.wrong)}"]


def _array(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _quoted(text: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

"""Reads and writes GIFT, Moodle's text format for questions (docs.moodle.org, "GIFT format").

An order, which GIFT does not know, is written as a match of 1, 2, 3 ... with its steps, and read back as an order.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from app.catalogue.answers import plain
from app.catalogue.formats.drafts import BLANK, Draft, Drafts, Unreadable, choice, one_line
from app.catalogue.shapes import FileError

SPECIAL = "~=#{}:"
_ESCAPED = {f"\\{sign}": chr(0xE000 + place) for place, sign in enumerate(SPECIAL + "\\")} | {"\\n": " "}
_RESTORED = {mark: pair[1] for pair, mark in _ESCAPED.items() if pair != "\\n"}
_ESCAPE = re.compile(r"\\[~=#{}:\\n]")
_TITLE = re.compile(r"\A\s*::.*?::", re.DOTALL)
_FORMAT = re.compile(r"\A\s*\[(?:html|moodle|plain|markdown)\]")
_ANSWER = re.compile(r"([=~])\s*(?:%(-?[\d.]+)%)?([^=~]*)")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#.*)?", re.IGNORECASE | re.DOTALL)
_ALL = Decimal(100)


def parse_gift(file: str, text: str) -> Drafts:
    """Read a GIFT file: its questions, and what is wrong, by the line where the question begins."""
    drafts: list[Draft] = []
    errors: list[FileError] = []
    for line, block in _blocks(text):
        try:
            drafts.append(_question(line, block))
        except Unreadable as fault:
            errors.append(FileError(file, line, fault.code, str(fault)))
    if not drafts and not errors:
        errors.append(FileError(file, 1, "empty", "there is no question in this file"))
    return tuple(drafts), errors


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Give the questions: what stands between blank lines, without comments and categories."""
    block: list[str] = []
    begin = 0
    for number, line in enumerate([*text.removeprefix("\ufeff").splitlines(), ""], 1):
        if line.lstrip().startswith(("//", "$CATEGORY:")):
            continue
        if line.strip():
            begin = begin if block else number
            block.append(line)
        elif block:
            yield begin, "\n".join(block)
            block = []


def _question(line: int, block: str) -> Draft:
    marked = _ESCAPE.sub(lambda found: _ESCAPED[found[0]], block)
    marked = _FORMAT.sub("", _TITLE.sub("", marked))
    before, opened, rest = marked.partition("{")
    answers, closed, after = rest.partition("}")
    if not opened or not closed or "{" in after or "}" in after or "}" in before:
        raise Unreadable("gift", "a question has one pair of braces, { and }, around its answers")
    body, _, general = answers.partition("####")
    return _answered(line, before, _bare(after), body, _bare(general))


def _answered(line: int, before: str, after: str, body: str, why: str) -> Draft:
    stem = _bare(before) if not after else one_line(_restored(f"{before}{BLANK}{after}"))
    truth = _TRUTH.fullmatch(body)
    if not body.strip():
        raise Unreadable("kind", "an essay has no right answer to grade by")
    if truth:
        return Draft(line, "true_false", stem, answer=truth[1].upper().startswith("T"), explanation=why)
    if body.lstrip().startswith("#"):
        value, tolerance = _number(body.lstrip()[1:])
        return Draft(line, "numeric", stem, value=value, tolerance=tolerance, explanation=why)
    found = _ANSWER.findall(body)
    if not found or _ANSWER.sub("", body).strip():
        raise Unreadable("gift", "every answer begins with = (right) or ~ (wrong)")
    if any(sign == "~" for sign, _, _ in found):
        right, wrong = _options(found)
        return choice(line, stem, right, wrong, why)
    texts = [text.partition("#")[0] for _, _, text in found]
    if all("->" in text for text in texts):
        return _matched(line, stem, texts, why)
    if any(weight not in {"", "100"} for _, weight, _ in found):
        raise Unreadable("weight", "an answer that earns part of the points is not taken")
    gapped = stem if BLANK in stem else f"{stem}{BLANK}"
    return Draft(line, "fill", gapped, accept=tuple(map(_bare, texts)), explanation=why)


def _options(found: Sequence[tuple[str, str, str]]) -> tuple[list[str], list[str]]:
    """Tell right options from wrong ones; several right ones have weights that add up to all points."""
    right: list[str] = []
    wrong: list[str] = []
    earned = Decimal()
    equals = sum(sign == "=" for sign, _, _ in found)
    for sign, weight, text in found:
        points = _ALL if sign == "=" else _decimal(weight or "0")
        (right if points > 0 else wrong).append(_bare(text.partition("#")[0]))
        earned += max(points, Decimal())
    if equals > 1 or (right and abs(earned - _ALL) > 1):
        raise Unreadable("weight", "right options together earn 100 %, and one marked = is the only one")
    return right, wrong


def _matched(line: int, stem: str, texts: Sequence[str], why: str) -> Draft:
    pairs = tuple((_bare(left), _bare(right)) for left, _, right in (text.partition("->") for text in texts))
    if [left for left, _ in pairs] == [str(n) for n in range(1, len(pairs) + 1)]:
        return Draft(line, "order", stem, sequence=tuple(right for _, right in pairs), explanation=why)
    return Draft(line, "match", stem, pairs=pairs, explanation=why)


def _number(text: str) -> tuple[float, float]:
    """Read value and tolerance: 1.5, 1.5:0.1, or 1.4..1.6."""
    bare = _restored(text.strip().removeprefix("=").partition("#")[0]).strip()
    low, dots, high = bare.partition("..")
    if dots:
        ends = _decimal(low), _decimal(high)
        return float(sum(ends) / 2), float(abs(ends[1] - ends[0]) / 2)
    value, _, tolerance = bare.partition(":")
    return float(_decimal(value)), float(abs(_decimal(tolerance or "0")))


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Unreadable("number", f"“{text.strip()}” is not a number")
    return number


def _bare(text: str) -> str:
    return one_line(_restored(text))


def _restored(text: str) -> str:
    return "".join(_RESTORED.get(sign, sign) for sign in text)


def write_gift(drafts: Sequence[tuple[str, Draft]]) -> str:
    """Write questions with their names, in the order given."""
    return "\n\n".join(f"::{_safe(name)}::[plain]{_written(draft)}" for name, draft in drafts) + "\n"


def _written(draft: Draft) -> str:
    why = f"####{_safe(draft.explanation)}" if draft.explanation else ""
    stem = _safe(draft.stem)
    if draft.kind == "fill":
        before, _, after = stem.partition(BLANK)
        return f"{before}{{{_each('=', draft.accept)}{why}}}{after}"
    return f"{stem} {{{_answers(draft)}{why}}}"


def _answers(draft: Draft) -> str:
    if draft.kind == "true_false":
        return "TRUE" if draft.answer else "FALSE"
    if draft.kind == "numeric":
        return f"#{plain(draft.value or 0)}:{plain(draft.tolerance)}"
    if draft.kind == "order":
        return "".join(f"={place} -> {_safe(step)} " for place, step in enumerate(draft.sequence, 1))
    if draft.kind == "match":
        return "".join(f"={_safe(left)} -> {_safe(right)} " for left, right in draft.pairs)
    if draft.kind == "single":
        return _each("=", draft.right) + _each("~", draft.wrong)
    share = f"~%{plain(round(100 / len(draft.right), 5))}%"
    return _each(share, draft.right) + _each("~%-100%", draft.wrong)


def _each(sign: str, texts: Sequence[str]) -> str:
    return "".join(f"{sign}{_safe(text)} " for text in texts)


def _safe(text: str) -> str:
    return re.sub(r"[~=#{}:\\]", r"\\\g<0>", text)

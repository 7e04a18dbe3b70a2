"""Reads Moodle XML: choices, true and false, short answers, numbers, matches. A document type or entity is refused."""

import math
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.parsers import expat

from app.catalogue.formats.drafts import BLANK, Draft, Drafts, Unreadable, choice, one_line
from app.catalogue.shapes import FileError

_PICTURES = frozenset({"img", "video", "audio", "object", "iframe"})
_ROUNDING = 1.0
"""Percent that the shares of right options may miss 100 by: a third is written 33.33333."""


@dataclass
class Node:
    """An element: its name, where it begins, its text and what is in it."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, name: str) -> list["Node"]:
        """Give the elements of a name right in this one."""
        return [child for child in self.children if child.name == name]

    def words(self, name: str) -> str:
        """Give the plain text of <name><text>…</text></name>, or of <name>…</name>; "" when there is none."""
        found = next(iter(self.all(name)), None)
        if found is None:
            return ""
        inner = next(iter(found.all("text")), found)
        kind = found.attributes.get("format", self.attributes.get("format", "html"))
        return one_line(_plain(inner.text) if kind in {"html", "moodle_auto_format"} else inner.text)


def parse_moodle(file: str, text: str) -> Drafts:
    """Read a Moodle XML file: its questions, and what is wrong, by the line where the question begins."""
    drafts: list[Draft] = []
    errors: list[FileError] = []
    try:
        quiz = _tree(text)
    except expat.ExpatError as fault:
        return (), [FileError(file, fault.lineno, "xml", f"not well-formed: {expat.ErrorString(fault.code)}")]
    except Unreadable as fault:
        return (), [FileError(file, 1, fault.code, str(fault))]
    for question in quiz.all("question"):
        if question.attributes.get("type") == "category":
            continue
        try:
            drafts.append(_question(question))
        except Unreadable as fault:
            errors.append(FileError(file, question.line, fault.code, str(fault)))
    if not drafts and not errors:
        errors.append(FileError(file, 1, "empty", "there is no question in this file"))
    return tuple(drafts), errors


def _tree(text: str) -> Node:
    root = Node("", 0)
    open_nodes = [root]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        node = Node(name, parser.CurrentLineNumber, attributes)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def words(data: str) -> None:
        open_nodes[-1].text += data

    def refuse(*_: object) -> None:
        raise Unreadable("doctype", "a document type or entity is not taken: it can make a small file endless")

    parser.StartElementHandler, parser.CharacterDataHandler = start, words
    parser.EndElementHandler = lambda _name: open_nodes.pop()
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.Parse(text.removeprefix("\ufeff"), True)  # noqa: FBT003 - expat's own: this is all
    if [node.name for node in root.children] != ["quiz"]:
        raise Unreadable("xml", "the outermost element is not <quiz>")
    return root.children[0]


def _question(node: Node) -> Draft:
    kind = node.attributes.get("type", "")
    stem, why = node.words("questiontext"), node.words("generalfeedback")
    answers = [(_float(one.attributes.get("fraction") or "0"), _answer(one), one) for one in node.all("answer")]
    if kind == "truefalse":
        right = [said for fraction, said, _ in answers if fraction > 0]
        return Draft(node.line, "true_false", stem, answer=right == ["true"], explanation=why)
    if kind == "multichoice":
        earned = sum(fraction for fraction, _, _ in answers if fraction > 0)
        if abs(earned - 100) > _ROUNDING:
            raise Unreadable("weight", "the right options together do not earn 100 %")
        right = [said for fraction, said, _ in answers if fraction > 0]
        return choice(node.line, stem, right, [said for fraction, said, _ in answers if fraction <= 0], why)
    if kind == "shortanswer":
        return Draft(node.line, "fill", _gapped(stem), accept=_whole(answers), explanation=why)
    if kind == "numerical":
        (said,) = _whole(answers)[:1] or ("",)
        tolerance = next(one.words("tolerance") for fraction, _, one in answers if fraction > 0)
        return Draft(
            node.line, "numeric", stem, value=_float(said), tolerance=_float(tolerance or "0"), explanation=why
        )
    if kind == "matching":
        pairs = [(_said(one), one.words("answer")) for one in node.all("subquestion")]
        return Draft(node.line, "match", stem, pairs=tuple(pair for pair in pairs if pair[0]), explanation=why)
    raise Unreadable("kind", f"questions of the type {kind or '(none)'} are not taken")


def _whole(answers: list[tuple[float, str, Node]]) -> tuple[str, ...]:
    """Give the answers that earn everything; one that earns a part is not taken."""
    if any(0 < fraction < 100 for fraction, _, _ in answers):  # noqa: PLR2004 - percent
        raise Unreadable("weight", "an answer that earns part of the points is not taken")
    whole = tuple(said for fraction, said, _ in answers if fraction > 0)
    if not whole:
        raise Unreadable("options", "no answer is marked as right")
    return whole


def _answer(node: Node) -> str:
    return _said(node).lower() if _said(node).lower() in {"true", "false"} else _said(node)


def _said(node: Node) -> str:
    text = next(iter(node.all("text")), node).text
    return one_line(_plain(text) if node.attributes.get("format", "html") == "html" else text)


def _gapped(stem: str) -> str:
    return stem if BLANK in stem else f"{stem}{BLANK}"


def _float(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Unreadable("number", f"“{text}” is not a number")
    return number


class _Words(HTMLParser):
    """Collects the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Refuse what is seen or heard, and part words where lines are parted."""
        del attrs
        if tag in _PICTURES:
            raise Unreadable("picture", "a question with a picture or a film is not taken")
        if tag in {"br", "p", "div", "li"}:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.said.append(data)


def _plain(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return "".join(words.said)

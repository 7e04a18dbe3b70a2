"""Reads a module's page: the Markdown that course authors may write, its text, headings, figures and faults."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_cjk_friendly import cjk_friendly

from app.catalogue.callouts import CALLOUT_FAULT, CALLOUTS, callouts

CASE_HEADING = "情景案例（虚构）："
_LONG_LIST_ITEM = 20
"""From this many characters on, a list item counts as a paragraph that may not be repeated."""


@dataclass(frozen=True)
class Found:
    """A fault of a page, before it is known in which file it stands."""

    line: int
    code: str
    message: str


@dataclass(frozen=True)
class FigureUse:
    """A figure standing in the page: its file, what it shows in words, and the line."""

    name: str
    alt: str
    line: int


@dataclass(frozen=True)
class Page:
    """A page that was read: its tokens for the renderer, and everything that the checks look at."""

    tokens: tuple[Token, ...]
    characters: int
    paragraphs: tuple[tuple[int, str], ...]
    """Line and text, without white space, of what may not be repeated."""
    figures: tuple[FigureUse, ...]
    cases: tuple[int, ...]
    """Lines of the headings that open an invented case."""
    faults: tuple[Found, ...]


def read_page(text: str) -> Page:
    """Read CommonMark with tables and callouts; every fault with its line."""
    tokens = markdown().parse(text)
    return Page(
        tokens=tuple(tokens),
        characters=sum(len(plain(t)) for t in tokens if t.type == "inline"),
        paragraphs=tuple(_paragraphs(tokens)),
        figures=tuple(_figures(tokens)),
        cases=tuple(line for line, level, words in _headings(tokens) if level == "h2" and _is_case(words)),
        faults=tuple(sorted({*_heading_faults(tokens), *_markup_faults(tokens)}, key=lambda f: (f.line, f.code))),
    )


def plain(token: Token) -> str:
    """Give an inline token's words without markup, pictures and white space."""
    words = "".join(c.content for c in token.children or () if c.type in {"text", "code_inline"})
    return "".join(words.split())


def line_of(token: Token) -> int:
    """Give the line, from 1, on which a block starts."""
    return token.map[0] + 1 if token.map else 1


def _is_case(heading: str) -> bool:
    return heading.startswith(CASE_HEADING)


def markdown() -> MarkdownIt:
    """Make the parser and renderer of pages."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    cjk_friendly(parser)
    parser.core.ruler.after("block", "callouts", callouts)
    return parser


def _headings(tokens: list[Token]) -> Iterator[tuple[int, str, str]]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            yield line_of(opening), opening.tag, plain(inline)


def _paragraphs(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    lists = 0
    for opening, inline in pairwise(tokens):
        lists += {"list_item_open": 1, "list_item_close": -1}.get(opening.type, 0)
        if opening.type != "paragraph_open" or opening.attrGet("class") is not None:
            continue
        words = plain(inline)
        if words and len(words) >= (_LONG_LIST_ITEM if lists else 1):
            yield line_of(inline), words


def _figures(tokens: list[Token]) -> Iterator[FigureUse]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "image":
                yield FigureUse(str(child.attrGet("src") or ""), child.content.strip(), line_of(token))


def _heading_faults(tokens: list[Token]) -> Iterator[Found]:
    seen: dict[str, int] = {}
    above = ""
    for line, level, words in _headings(tokens):
        if level not in {"h2", "h3"}:
            yield Found(line, "heading_level", "Only ## and ### headings: the page's title stands in module.toml")
        if level == "h3" and not above:
            yield Found(line, "heading_order", "A ### heading needs a ## heading above it")
        if not words:
            yield Found(line, "heading_empty", "A heading without words")
        if words in seen:
            yield Found(line, "heading_repeated", f"The same heading stands on line {seen[words]}")
        seen.setdefault(words, line)
        above = level or above


def _markup_faults(tokens: list[Token]) -> Iterator[Found]:
    for token in tokens:
        line = line_of(token)
        if token.type == "html_block":
            yield Found(line, "html", "Raw HTML is not allowed")
        if token.type == "blockquote_open" and token.meta.get("callout") not in {None, *CALLOUTS}:
            yield Found(line, "callout", CALLOUT_FAULT)
        images = [c for c in token.children or () if c.type == "image"]
        if images and len(token.children or ()) > 1:
            yield Found(line, "figure_inline", "A figure stands in a paragraph of its own")
        for child in token.children or ():
            yield from _inline_faults(child, line)


def _inline_faults(child: Token, line: int) -> Iterator[Found]:
    if child.type == "html_inline":
        yield Found(line, "html", "Raw HTML is not allowed")
    if child.type == "link_open":
        yield Found(line, "link", "Links are not allowed: a learner stays in the page")
    if child.type == "image" and not child.content.strip():
        yield Found(line, "figure_alt", "A figure needs words that say what it shows: ![words](name.svg)")
    if child.type == "text" and "[!" in child.content:
        yield Found(line, "callout", CALLOUT_FAULT)
    if child.type == "text" and "**" in child.content:
        yield Found(line, "bold", "** that did not become bold: an opening or closing pair is missing")

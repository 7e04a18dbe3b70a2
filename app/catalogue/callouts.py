"""Callouts of course pages: quotes that open with [!NOTE], [!WARNING] or [!CASE]; a markdown-it core rule."""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

CALLOUTS = {"NOTE": "要点", "WARNING": "注意", "CASE": "案例"}
CALLOUT_FAULT = "A callout is a quote that opens with [!NOTE], [!WARNING], or [!CASE] and its title on the second line"
_MARKER = re.compile(r"\[!([A-Za-z]+)\]")


def callouts(state: StateCore) -> None:
    """Name the callout in `meta` of its quote's tokens ('' when it is wrong), and make its title a paragraph.

    Runs between markdown-it's block and inline rules.
    """
    result: list[Token] = []
    open_quotes: list[dict[str, str]] = []
    for index, token in enumerate(state.tokens):
        result.append(token)
        if token.type == "blockquote_close":
            token.meta = open_quotes.pop()
        elif token.type == "blockquote_open":
            open_quotes.append(token.meta)
            result += _opened(token, state.tokens[index + 1 : index + 4])
    state.tokens = result


def _opened(quote: Token, following: list[Token]) -> list[Token]:
    """Take the marker, and a case's title, off a quote's first paragraph; give the callout's title."""
    if not following or following[0].type != "paragraph_open":
        return []
    opening, inline, closing = following
    marker, _, rest = inline.content.partition("\n")
    match = _MARKER.fullmatch(marker.strip())
    if match is None:
        return []
    kind = match[1]
    label = CALLOUTS.get(kind, "")
    if kind == "CASE":
        title, _, rest = rest.partition("\n")
        label = f"{label}：{title}" if title else ""
    quote.meta["callout"] = kind if label else ""
    inline.content = rest
    opening.hidden = closing.hidden = not rest
    return _title(label, inline)


def _title(label: str, beside: Token) -> list[Token]:
    words = Token("inline", "", 0, map=beside.map, content=label, children=[], level=beside.level, block=True)
    opening = Token("paragraph_open", "p", 1, attrs={"class": "callout-title"}, level=beside.level - 1, block=True)
    return [opening, words, Token("paragraph_close", "p", -1, level=beside.level - 1, block=True)]

"""Renders a page that was read to sanitised HTML: anchors, callouts, tables that scroll, figures by content address."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from html import escape

import nh3
from markdown_it.token import Token

from app.catalogue.pages import markdown

TAGS = {
    *("p", "h2", "h3", "ul", "ol", "li", "strong", "em", "code", "pre", "br", "hr", "blockquote", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img"),
}
ATTRIBUTES = {
    "h2": {"id"},
    "h3": {"id"},
    "p": {"class"},
    "div": {"class", "role", "tabindex"},
    "th": {"class", "scope"},
    "td": {"class"},
    "ol": {"start"},
    "img": {"src", "alt", "width", "height", "loading"},
}


@dataclass(frozen=True)
class Picture:
    """What a page needs to know of a figure: its address, its size in pixels and its caption."""

    src: str
    width: int
    height: int
    caption: str


def render(tokens: Sequence[Token], pictures: Mapping[str, Picture]) -> str:
    """Give the HTML of a page's tokens; a figure that `pictures` does not hold is left out."""
    parser = markdown()
    html = parser.renderer.render(list(_prepared(tokens, pictures)), parser.options, {})
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=set(), link_rel=None)


def _prepared(tokens: Sequence[Token], pictures: Mapping[str, Picture]) -> Iterator[Token]:
    chapter = section = 0
    own = [_own(t) for t in tokens]
    for index, token in enumerate(own):
        if token.type == "heading_open" and token.tag == "h2":
            chapter, section = chapter + 1, 0
            token.attrSet("id", f"s{chapter}")
        elif token.type == "heading_open":
            section += 1
            token.attrSet("id", f"s{chapter}-{section}")
        elif token.type == "paragraph_open" and _images(own[index + 1]):
            token.hidden = own[index + 2].hidden = True
        yield from [_figure(token, pictures)] if _images(token) else _table(token)


def _own(token: Token) -> Token:
    """Copy a token, quotes with a callout already made into their own element."""
    token = copy(token)
    token.attrs = dict(token.attrs)
    kind = token.meta.get("callout")
    if token.type == "blockquote_open" and kind:
        token.attrs = {"class": f"callout callout-{kind.lower()}", "role": "note"}
    if kind:
        token.tag = "div"
    return token


def _images(token: Token) -> list[Token]:
    return [c for c in token.children or () if c.type == "image"]


def _figure(token: Token, pictures: Mapping[str, Picture]) -> Token:
    image = _images(token)[0]
    picture = pictures.get(str(image.attrGet("src")))
    return Token("html_block", "", 0, content=_markup(picture, image.content) if picture else "")


def _markup(picture: Picture, alt: str) -> str:
    return (
        f'<figure><img src="{escape(picture.src)}" alt="{escape(alt)}" width="{picture.width}"'
        f' height="{picture.height}" loading="lazy"><figcaption>{escape(picture.caption)}</figcaption></figure>\n'
    )


def _table(token: Token) -> Iterator[Token]:
    """Let wide tables scroll on a phone, by keyboard too, and say alignment by class: the CSP allows no style."""
    align = str(token.attrs.pop("style", "")).partition("text-align:")[2]
    if align:
        token.attrs["class"] = f"align-{align}"
    if token.type == "th_open":
        token.attrs["scope"] = "col"
    if token.type == "table_open":
        yield Token("html_block", "", 0, content='<div class="table-scroll" tabindex="0">\n')
    yield token
    if token.type == "table_close":
        yield Token("html_block", "", 0, content="</div>\n")

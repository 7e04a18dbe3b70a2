"""Pages: what authors may write, and what a reader gets of it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.pages import read_page
from app.catalogue.render import ATTRIBUTES, TAGS, Picture, render
from app.catalogue.rules import repeated_paragraphs
from tests.catalogue.course_files import MODULE, PAGE, course_files, words

PICTURE = {"a.svg": Picture("/figures/ladders/0123/a.svg", 720, 480, "梯子")}
FAULTS = [
    ("正文\n\n# 大标题", 3, "heading_level"),
    ("正文\n\n#### 小标题", 3, "heading_level"),
    ("### 先来的小节", 1, "heading_order"),
    ("## 一样\n\n正文\n\n## 一样", 5, "heading_repeated"),
    ("## ", 1, "heading_empty"),
    ("正文\n\n<div>x</div>", 3, "html"),
    ("正文 <b>x</b>", 1, "html"),
    ("正文\n\n[去](https://example.org)", 3, "link"),
    ("正文\n\n<https://example.org>", 3, "link"),
    ("正文\n\n![](a.svg)", 3, "figure_alt"),
    ("正文\n\n看图 ![梯子](a.svg)", 3, "figure_inline"),
    ("正文\n\n> [!TIP]\n> 话", 3, "callout"),
    ("正文\n\n> [!CASE]", 3, "callout"),
    ("正文\n\n> [!NOTE] 话", 3, "callout"),
    ("正文\n\n这是**没有收尾的粗体", 3, "bold"),
]


@pytest.mark.parametrize(("text", "line", "code"), FAULTS)
def test_a_fault_is_found_at_its_line(text: str, line: int, code: str) -> None:
    assert [(f.line, f.code) for f in read_page(text).faults] == [(line, code)]


def html(text: str) -> str:
    page = read_page(text)
    assert page.faults == ()
    return render(page.tokens, PICTURE)


def test_chinese_bold_beside_punctuation_is_bold() -> None:
    assert (
        html("全部**“职工”**都要**参保：**是。")
        == "<p>全部<strong>“职工”</strong>都要<strong>参保：</strong>是。</p>\n"
    )


def test_headings_have_anchors() -> None:
    text = html("## 一\n\n### 甲\n\n## 二\n\n### 乙\n\n### 丙")
    assert re.findall(r'<h. id="([^"]+)"', text) == ["s1", "s1-1", "s2", "s2-1", "s2-2"]


def test_callouts_have_their_titles() -> None:
    note = html("> [!NOTE]\n> 话")
    assert note.startswith(
        '<div class="callout callout-note" role="note">\n<p class="callout-title">要点</p>\n<p>话</p>'
    )
    case = html("> [!CASE]\n> 老周的手套\n> 老周伸手去**拿**。\n>\n> 后来。")
    assert (
        '<p class="callout-title">案例：老周的手套</p>\n<p>老周伸手去<strong>拿</strong>。</p>\n<p>后来。</p>' in case
    )
    assert html("> 只是引用").startswith("<blockquote>")


def test_a_figure_has_words_size_and_caption() -> None:
    assert html("![一架“梯子”](a.svg)") == (
        '<figure><img src="/figures/ladders/0123/a.svg" alt="一架“梯子”" width="720" height="480" loading="lazy">'
        "<figcaption>梯子</figcaption></figure>\n"
    )


def test_tables_scroll_and_align_without_style() -> None:
    text = html("| 看 | 数 |\n| --- | --: |\n| 梯 | 1 |")
    assert text.startswith('<div class="table-scroll" tabindex="0">\n<table>')
    assert '<th class="align-right" scope="col">数</th>' in text
    assert '<td class="align-right">1</td>' in text
    assert "style" not in text


def test_characters_are_those_that_are_read() -> None:
    page = read_page("## 标题\n\n**粗** 体\n字\n\n![不算](a.svg)\n\n| 表 | 格 |\n| - | - |\n| 一 | 二 |")
    assert page.characters == len("标题粗体字表格一二")


class Seen(HTMLParser):
    """Collects what tags and attributes a browser would meet."""

    def __init__(self) -> None:
        super().__init__()
        self.met: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met |= {(tag, ""), *((tag, key) for key, _ in attrs)}


MARKDOWN = st.text(st.sampled_from("ab字*_#>-|[]()!<>/\"'=&;:`\n x"), max_size=80)


@given(st.one_of(MARKDOWN, st.text(max_size=60)))
def test_no_text_becomes_anything_but_harmless_html(text: str) -> None:
    seen = Seen()
    seen.feed(render(read_page(text).tokens, PICTURE))
    assert {tag for tag, _ in seen.met} <= TAGS
    assert all(not key or key in ATTRIBUTES.get(tag, set()) for tag, key in seen.met)


def test_a_paragraph_stands_once_in_the_catalogue() -> None:
    ladder, ramp = course_files(), course_files()
    common = "这一段话在两门课里都有。"
    ladder[PAGE] += f"\n{common}\n".encode()
    ramp = {MODULE: ramp[MODULE], PAGE: f"{words('ramp', 30)}\n\n- 短句\n\n{common}\n".encode()}
    (error,) = repeated_paragraphs({"ladders": ladder, "ramps": ramp})
    assert (error.file, error.line, error.code) == (f"ramps/{PAGE}", 5, "paragraph_repeated")
    last = len(ladder[PAGE].splitlines())
    assert error.message.endswith(f"ladders/{PAGE}:{last}")

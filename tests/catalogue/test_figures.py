"""Figures: inert, sized, described."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.figures import ELEMENTS, read_figure
from tests.catalogue.course_files import SVG

BAD = [
    ("<desc>", "<script>alert(1)</script><desc>", "svg_element"),
    ("<desc>", "<style>*{}</style><desc>", "svg_element"),
    ("<desc>", '<foreignObject width="1" height="1"/><desc>', "svg_element"),
    ("<desc>", '<image href="data:image/png;base64,AA"/><desc>', "svg_element"),
    ("<desc>", '<a href="#x"/><desc>', "svg_element"),
    ("<desc>", '<h:p xmlns:h="http://www.w3.org/1999/xhtml"/><desc>', "svg_element"),
    ("<desc>", '<svg viewBox="0 0 1 1"/><desc>', "svg_root"),
    ('fill="#fbf9f5"', 'fill="#fbf9f5" onclick="alert(1)"', "svg_attribute"),
    ('fill="#fbf9f5"', 'style="fill:red"', "svg_attribute"),
    ('fill="#fbf9f5"', 'xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"', "svg_attribute"),
    ('fill="#fbf9f5"', 'fill="url(https://example.org/a)"', "svg_reference"),
    ('fill="#fbf9f5"', "fill=\"url('//example.org/a')\"", "svg_reference"),
    ("<desc>", '<use href="https://example.org/a.svg#b"/><desc>', "svg_reference"),
    ("<desc>", '<use href="javascript:alert(1)"/><desc>', "svg_reference"),
    ("<desc>", "<?xml-stylesheet href='a.css'?><desc>", "svg_instruction"),
    ("</text>", "</txt>", "svg_syntax"),
    ("梯子</text>", "&bomb;</text>", "svg_syntax"),
]


@pytest.mark.parametrize(("old", "new", "code"), BAD)
def test_what_could_act_or_reach_out_is_refused_at_its_line(old: str, new: str, code: str) -> None:
    assert SVG.count(old) == 1
    svg = SVG.replace(old, new)
    faults = [f for f in read_figure(svg).faults if f.code == code]
    assert faults
    assert new.split(maxsplit=1)[0] in svg.splitlines()[faults[0].line - 1]


def test_no_document_type_so_nothing_expands() -> None:
    svg = '<!-- x -->\n<!doctype svg [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>\n' + SVG
    assert [(f.line, f.code) for f in read_figure(svg).faults] == [(2, "svg_doctype")]


@pytest.mark.parametrize("view_box", ["0 0 720", "10 0 720 480", "0 0 0 480", "0 0 72.5 48", "0 0 99999 1"])
def test_a_size_in_whole_pixels_is_needed(view_box: str) -> None:
    faults = read_figure(SVG.replace("0 0 720 480", view_box)).faults
    assert [(f.line, f.code) for f in faults] == [(1, "svg_size")]


def test_size_and_words_are_read() -> None:
    drawing = read_figure(SVG)
    assert (drawing.width, drawing.height, drawing.title, drawing.faults) == (720, 480, "梯子的角度", [])
    wordless = read_figure(SVG.replace("<title>梯子的角度</title>", ""))
    assert [f.code for f in wordless.faults] == ["svg_title"]
    assert not read_figure(SVG.replace('fill="#fbf9f5"', 'fill="url(#shade)" aria-label="Note: x"')).faults


@given(st.sampled_from(["script", "style", "image", "iframe", "set", "animate", "audio", "SVG", "text2"]))
def test_only_known_elements_pass(name: str) -> None:
    assert name not in ELEMENTS
    faults = read_figure(SVG.replace("<desc>", f"<{name}/><desc>")).faults
    assert "svg_element" in {f.code for f in faults}

"""What the fonts cannot draw is marked and told; the rare characters of names are printed as they are."""

import re
from dataclasses import replace
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest
import typst

from app.reports import certificate
from app.reports.glyphs import MARK, legible
from tests.reports.test_certificate import BASE, WEI

RARE = "𬌗㼆䶮龘堃赟珺㛃𬭎"
"""Characters of people's and enterprises' names from the extensions of Unicode, of the national table."""


@pytest.mark.parametrize(
    ("text", "shown", "marks"),
    [
        (f"{RARE}机械有限公司 No. 5・①–“”…", f"{RARE}机械有限公司 No. 5・①–“”…", 0),
        ("张𠮷𪚥", f"张{MARK}{MARK}", 2),
        ("年终😀总结", f"年终{MARK}总结", 1),
        ("一家👨‍👩‍👧人👍🏽好", f"一家{MARK}人{MARK}好", 2),
        ("两行\n字\u3000空", "两行\n字\u3000空", 0),
        ("葛\U000e0100城", "葛\U000e0100城", 0),
        ("Ñandú €5", "Ñandú €5", 0),
    ],
)
def test_only_what_no_font_has_is_marked(text: str, shown: str, marks: int) -> None:
    assert legible(text) == (shown, marks)


def test_marks_are_counted_all_through_a_document() -> None:
    assert legible({"a": ["好", ("😀", 1)], "b": "𠮷"}) == ({"a": ["好", [MARK, 1]], "b": MARK}, 2)


def test_the_typesetter_has_a_glyph_for_all_that_is_left(tmp_path: Path) -> None:
    """Ask it to fall back on nothing: what it cannot draw it then tells."""
    file = tmp_path / "page.typ"
    file.write_text(f'#set text(font: "Noto Sans SC", fallback: false)\n{legible(RARE + "😀𠮷")[0]}', "utf-8")
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[pylopdf_fonts_zh_cn.sans_path().parent],
    )
    svg = typst.Compiler(file, root=tmp_path, font_paths=fonts).compile(format="svg")
    assert isinstance(svg, bytes)
    drawn = re.findall(rb'<use [^>]*href="#(g[0-9A-F]+)"', svg)
    assert len(drawn) == len(RARE) + 2 * len(MARK)
    assert len(set(drawn)) == len(RARE) + len(MARK), "a box for each that is lacking would be the same box"


def test_a_certificate_prints_rare_names_and_tells_what_it_cannot() -> None:
    told = certificate._printed(replace(WEI, holder_name=f"欧阳{RARE[:2]}", provider=f"{RARE}培训中心"), BASE)
    assert told["holder"] == f"欧阳{RARE[:2]}"
    assert told["marked"] == ""
    told = certificate._printed(replace(WEI, holder_name="张𠮷"), BASE)
    assert told["holder"] == f"张{MARK}"
    assert "原字以扫码核验页为准" in told["marked"]
    assert certificate.certificate_pdf(replace(WEI, holder_name="张𠮷"), BASE).startswith(b"%PDF-")

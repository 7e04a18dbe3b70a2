"""GIFT, Aiken and Moodle XML: what they say comes in, what cannot be taken is named by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.bank import parse_bank
from app.catalogue.formats.aiken import parse_aiken
from app.catalogue.formats.drafts import BLANK, Draft, Drafts, bank_text, of_item
from app.catalogue.formats.gift import parse_gift, write_gift
from app.catalogue.formats.moodle import parse_moodle
from tests.assessment.kinds import every_kind
from tests.catalogue.course_files import FACTS

GIFT = """\
// 说明
$CATEGORY: 安全

::一::登梯前先看什么？ {
  =梯脚 # 对
  ~%0%天气
  ~心情 ~手机
  ####先看梯脚。}

谁负责？ {~%50%班长 ~%50%安全员 ~%-100%路人 ~%-100%游客}

梯子可以斜放。{F}

离墙 {#1.5:0.1} 米

宽度{#1.4..1.6}

进池以前先{=通风 =先通风}。

谁做什么？{=班长 -> 派人 =工人 -> 干活 =司机 -> 开车}

排顺序 {=1 -> 看 =2 -> 扶 =3 -> 登}

2\\:1 的 \\{括号\\} {T}
"""
SHORT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Zl", "Zp")), min_size=1, max_size=12)
WORDS = SHORT.map(str.strip).filter(bool)
OPTION = WORDS.filter(lambda text: "->" not in text)


def lines(read: Drafts) -> list[tuple[int | None, str]]:
    return [(error.line, error.code) for error in read[1]]


def test_gift_says_every_kind() -> None:
    drafts, errors = parse_gift("a.gift", GIFT)
    assert errors == []
    one, more, false, number, spread, fill, match, order, escaped = drafts
    assert (one.line, one.kind, one.right, one.wrong, one.explanation) == (
        4,
        "single",
        ("梯脚",),
        ("天气", "心情", "手机"),
        "先看梯脚。",
    )
    assert (more.kind, more.right, more.wrong) == ("multiple", ("班长", "安全员"), ("路人", "游客"))
    assert (false.kind, false.answer) == ("true_false", False)
    assert (number.stem, number.value, number.tolerance) == ("离墙 ____米", 1.5, 0.1)
    assert (spread.value, spread.tolerance) == (1.5, 0.1)
    assert (fill.stem, fill.accept) == ("进池以前先____。", ("通风", "先通风"))
    assert (match.kind, match.pairs[0]) == ("match", ("班长", "派人"))
    assert (order.kind, order.sequence) == ("order", ("看", "扶", "登"))
    assert (escaped.stem, escaped.answer) == ("2:1 的 {括号}", True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("没有答案", "gift"),
        ("论述 {}", "kind"),
        ("两对 {=甲} 括号 {=乙}", "gift"),
        ("半分 {=甲 ~%50%乙 ~丙 ~丁}", "weight"),
        ("半分 {=%50%甲 =乙}", "weight"),
        ("两个等号 {=甲 =乙 ~丙}", "weight"),
        ("没有对的 {~甲 ~乙}", "options"),
        ("数 {#一米}", "number"),
        ("乱 {甲 =乙}", "gift"),
        ("", "empty"),
    ],
)
def test_what_gift_says_and_we_cannot_take_is_named_by_its_line(text: str, code: str) -> None:
    before = "先一题 {T}\n\n" if text else ""
    assert lines(parse_gift("a.gift", before + text)) == [(3 if text else 1, code)]


def drafts() -> st.SearchStrategy[Draft]:
    options = st.lists(OPTION, min_size=4, max_size=5, unique=True)
    gapped = st.tuples(WORDS, WORDS).map(BLANK.join)
    plain = WORDS.filter(lambda text: BLANK not in text)
    number = st.integers(-10000, 10000).map(lambda n: n / 100)
    return st.one_of(
        st.builds(
            lambda s, o, e: Draft(0, "single", s, tuple(o[:1]), tuple(o[1:]), explanation=e), plain, options, WORDS
        ),
        st.builds(
            lambda s, o, e: Draft(0, "multiple", s, tuple(o[:2]), tuple(o[2:]), explanation=e), plain, options, WORDS
        ),
        st.builds(lambda s, a, e: Draft(0, "true_false", s, answer=a, explanation=e), plain, st.booleans(), WORDS),
        st.builds(lambda s, v, t: Draft(0, "numeric", s, value=v, tolerance=abs(t)), plain, number, number),
        st.builds(
            lambda s, o: Draft(0, "fill", s, accept=tuple(o)), gapped.filter(lambda s: s.count("_") == 4), options
        ),
        st.builds(lambda s, o: Draft(0, "order", s, sequence=tuple(o)), plain, options),
        st.builds(
            lambda s, o: Draft(0, "match", s, pairs=tuple(zip(o[:2], o[2:4], strict=True))),
            plain,
            options.filter(lambda o: o[:2] != ["1", "2"]),
        ),
    )


@given(st.lists(drafts(), min_size=1, max_size=4))
def test_what_is_written_as_gift_is_read_back(written: list[Draft]) -> None:
    text = write_gift([(f"q-{n}", draft) for n, draft in enumerate(written)])
    read, errors = parse_gift("a.gift", text)
    assert errors == []
    assert [bare(one) for one in read] == [bare(one) for one in written]
    again = write_gift([(f"q-{n}", draft) for n, draft in enumerate(read)])
    assert again == text


def bare(draft: Draft) -> tuple[object, ...]:
    right, wrong = sorted(draft.right), sorted(draft.wrong)
    rest = (draft.answer, draft.accept, draft.value, draft.tolerance, draft.pairs, draft.sequence, draft.explanation)
    return (draft.kind, draft.stem, right, wrong, *rest)


def test_a_banks_items_go_out_and_come_back() -> None:
    items = [item for item in every_kind() if item.kind != "case"]
    text = write_gift([(item.id, of_item(item)) for item in items])
    read, errors = parse_gift("a.gift", text)
    assert errors == []
    assert [bare(one) for one in read] == [bare(of_item(item)) for item in items]


def test_aiken_has_one_right_letter() -> None:
    text = "登梯前先看什么？\nA. 梯脚\nB) 天气\nC. 心情\nD. 手机\nANSWER: A\n\n斜放可以。\nA. 对\nB. 错\nANSWER: b\n"
    (one, two), errors = parse_aiken("a.txt", text)
    assert errors == []
    assert (one.line, one.right, one.wrong) == (1, ("梯脚",), ("天气", "心情", "手机"))
    assert (two.line, two.kind, two.answer) == (8, "true_false", False)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("问\nA. 甲\nB. 乙\nANSWER: C", 4),
        ("问\nA. 甲\nB. 乙\n另一问\nA. 甲\nB. 乙\nANSWER: A", 4),
        ("ANSWER: A", 1),
        ("问\nA. 甲\nB. 乙", 1),
        ("", 1),
    ],
)
def test_aikens_slips_are_named_by_their_line(text: str, line: int) -> None:
    assert [error.line for error in parse_aiken("a.txt", text)[1]] == [line]


XML = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>安全</text></category></question>
<question type="multichoice"><name><text>一</text></name>
<questiontext format="html"><text><![CDATA[<p>登梯前<b>先</b>看什么？</p>]]></text></questiontext>
<generalfeedback format="html"><text>先看梯脚。</text></generalfeedback>
<answer fraction="100" format="html"><text>梯脚</text></answer><answer fraction="0"><text>A &amp; B</text></answer>
<answer fraction="0"><text>心情</text></answer><answer fraction="0"><text>手机</text></answer></question>
<question type="truefalse"><questiontext format="plain_text"><text>1 &lt; 2</text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="numerical"><questiontext><text>几米？</text></questiontext>
<answer fraction="100"><text>1.5</text><tolerance>0.1</tolerance></answer></question>
<question type="shortanswer"><questiontext><text>先____。</text></questiontext>
<answer fraction="100"><text>通风</text></answer></question>
<question type="matching"><questiontext><text>谁？</text></questiontext>
<subquestion><text>班长</text><answer><text>派人</text></answer></subquestion>
<subquestion><text></text><answer><text>多余</text></answer></subquestion></question>
</quiz>
"""


def test_moodle_xml_says_the_same_things() -> None:
    (one, truth, number, fill, match), errors = parse_moodle("a.xml", XML)
    assert errors == []
    assert (one.line, one.stem, one.right, one.wrong[0], one.explanation) == (
        4,
        "登梯前先看什么？",
        ("梯脚",),
        "A & B",
        "先看梯脚。",
    )
    assert (truth.stem, truth.answer) == ("1 < 2", True)
    assert (number.value, number.tolerance, fill.accept, match.pairs) == (1.5, 0.1, ("通风",), (("班长", "派人"),))


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ('type="numerical"', 'type="essay"', 11, "kind"),
        ("1.5", "一", 11, "number"),
        ('fraction="100" format', 'fraction="50" format', 4, "weight"),
        ("<b>先</b>", '<img src="@@PLUGINFILE@@/x.png">', 4, "picture"),
        ("</quiz>", "", 21, "xml"),
        ("<quiz>", '<!DOCTYPE quiz [<!ENTITY a "aaaa">]><quiz>', 1, "doctype"),
        ("<quiz>", "<test><quiz>", 21, "xml"),
    ],
)
def test_moodles_slips_are_named_by_their_line(old: str, new: str, line: int, code: str) -> None:
    errors = parse_moodle("a.xml", XML.replace(old, new))[1]
    assert [error.code for error in errors] == [code]
    assert abs((errors[0].line or 0) - line) <= 2


@given(st.text(max_size=80), st.sampled_from([parse_gift, parse_aiken, parse_moodle]))
def test_whatever_a_file_holds_it_is_read_or_refused(text: str, parser: object) -> None:
    drafts_, errors = parser("a", text)  # type: ignore[operator]
    assert bool(drafts_) or bool(errors)


def test_what_comes_in_is_a_bank_file() -> None:
    read, _ = parse_gift("a.gift", GIFT)
    text = bank_text(read, [f"lad-{n:03d}" for n in range(len(read))], "use", 2, FACTS["LAW-1-1"])
    items, errors = parse_bank({"bank/use-1.toml": text.encode()}, {"use"}, FACTS)
    assert [error for error in errors if error.code != "longest_right"] == []
    assert [item.kind for item in items][:3] == ["single", "multiple", "true_false"]
    assert items[1].explanation == FACTS["LAW-1-1"].text

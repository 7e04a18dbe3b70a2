"""Items that are filled in, worked out, put in order, matched, or ask several things about one case."""

import json
import tomllib

import pytest

from app.catalogue.answers import normalised
from app.catalogue.bank import parse_bank, repeated_stems
from app.catalogue.item import Item, item_from_json, item_to_json
from app.catalogue.parse import FileError, parse_course
from tests.catalogue.course_files import BANK, FACTS, PAPER, course_files, words

COMMON = 'topic = "use"\ndifficulty = 2\nfact = "LAW-1-1"\nexplanation = "解释。"\nsource = "《梯子条例》第一条"\n'
TALE = words("tale", 90)
WRONG = ["错", "另一种做法", "第三种做法"]
FILL = 'kind = "fill"\nstem = "登梯以前先____一遍。"\naccept = ["看", "检查 "]\n'.replace("检查 ", "检查")
NUMERIC = 'kind = "numeric"\nstem = "梯脚离墙多远？"\nvalue = 1.5\ntolerance = 0.1\nunit = "米"\n'
ORDER = 'kind = "order"\nstem = "怎样登梯？"\nsequence = ["看梯脚", "扶稳", "登上"]\n'
MATCH = 'kind = "match"\nstem = "谁做什么？"\npairs = [["班长", "派人"], ["扶梯人", "扶稳"], ["登梯人", "登上"]]\n'
CASE = (
    f'kind = "case"\nstem = "{TALE}"\n'
    '[[item.part]]\nkind = "single"\nstem = "先做什么？"\nright = ["对"]\n'
    f'wrong = {json.dumps(WRONG, ensure_ascii=False)}\nexplanation = "先看。"\n'
    '[[item.part]]\nkind = "true_false"\nstem = "可以一个人登。"\nanswer = false\nexplanation = "要两人。"\n'
)
KINDS = {"fill": FILL, "numeric": NUMERIC, "order": ORDER, "match": MATCH, "case": CASE}


def bank(text: str, id: str = "lad-100") -> str:
    head, part, rest = text.partition("[[item.part]]")
    return f'[[item]]\nid = "{id}"\n{head}{COMMON}{part}{rest}'


def read(text: str) -> tuple[tuple[Item, ...], list[FileError]]:
    return parse_bank({BANK: text.encode()}, {"use"}, FACTS)


def test_each_kind_is_read() -> None:
    items, errors = read("\n".join(bank(text, f"lad-{n}") for n, text in enumerate(KINDS.values())))
    assert errors == []
    fill, numeric, order, match, case = items
    assert (fill.accept, numeric.value, numeric.tolerance, numeric.unit) == (("看", "检查"), 1.5, 0.1, "米")
    assert [order.options[i] for i in order.right] == ["看梯脚", "扶稳", "登上"]
    assert [(left, match.options[i]) for left, i in zip(match.lefts, match.right, strict=True)] == [
        ("班长", "派人"),
        ("扶梯人", "扶稳"),
        ("登梯人", "登上"),
    ]
    assert [part.kind for part in case.parts] == ["single", "true_false"]
    assert [[part.options[i] for i in part.right] for part in case.parts] == [["对"], ["错误"]]
    assert all(list(item.options) == sorted(item.options) for item in (order, match))


@pytest.mark.parametrize("kind", KINDS)
def test_json_brings_each_back(kind: str) -> None:
    ((item,), _) = read(bank(KINDS[kind]))
    assert item_from_json(json.loads(json.dumps(item_to_json(item)))) == item


def test_choices_are_stored_as_they_were_before_there_were_other_kinds() -> None:
    items, _ = parse_bank({BANK: course_files()[BANK]}, {"use"}, FACTS)
    before = "id kind topic difficulty fact stem options right explanation source verified".split()
    assert all(list(item_to_json(item)) == before for item in items)


SPOILED = [
    (FILL, "____", "__", "blank", "stem"),
    (FILL, "____", "____和____", "blank", "stem"),
    (FILL, 'accept = ["看", "检查"]\n', "", "answer", "kind"),
    (FILL, '["看", "检查"]', "[]", "answer", "accept"),
    (FILL, '"检查"', '"检查检查检查检查检查检查检"', "accept", "accept"),
    (FILL, '"检查"', '"Ａ", "a"', "option_repeated", "accept"),
    (FILL, "accept", 'right = ["看"]\naccept', "answer", "right"),
    (NUMERIC, "value = 1.5\n", "", "answer", "kind"),
    (NUMERIC, "1.5", "nan", "bad_value", "value"),
    (NUMERIC, "1.5", '"1.5"', "bad_value", "value"),
    (NUMERIC, "0.1", "-0.1", "bad_value", "tolerance"),
    (NUMERIC, "value", "answer = true\nvalue", "answer", "answer"),
    (ORDER, '"看梯脚", ', "", "options", "sequence"),
    (ORDER, '"登上"', '"扶稳。"', "option_repeated", "sequence"),
    (ORDER, "sequence", "value = 1\nsequence", "answer", "value"),
    (MATCH, ', ["登梯人", "登上"]', "", "options", "pairs"),
    (MATCH, '"登上"', '"扶稳"', "option_repeated", "pairs"),
    (MATCH, '"登梯人"', '"扶梯人"', "option_repeated", "pairs"),
    (MATCH, '["登梯人", "登上"]', '["登梯人", "登上", "下来"]', "bad_value", "pairs"),
    (CASE, TALE, TALE[:60], "length", "stem"),
    (CASE, 'right = ["对"]', 'right = ["对", "也对"]', "options", "right"),
    (CASE, '"第三种做法"', '"以上都对"', "catch_all", "wrong"),
    (CASE, "answer = false\n", "", "answer", 'kind = "true_false"'),
    (CASE, "answer = false\n", 'answer = false\nright = ["对"]\n', "answer", "right"),
    (CASE, 'kind = "true_false"', 'kind = "fill"', "bad_value", 'kind = "fill"'),
    (CASE, 'stem = "可以一个人登。"\n', "", "missing_key", "[[item.part]]"),
]


@pytest.mark.parametrize(("text", "old", "new", "code", "place"), SPOILED)
def test_a_slip_is_refused_at_its_line(text: str, old: str, new: str, code: str, place: str) -> None:
    assert text.count(old) == 1
    written = bank(text.replace(old, new))
    tomllib.loads(written)
    errors = [error for error in read(written)[1] if error.code != "longest_right"]
    assert [error.code for error in errors] == [code]
    assert written.splitlines()[(errors[0].line or 0) - 1].startswith(place)


def test_a_case_has_parts_and_not_too_many() -> None:
    one = CASE[: CASE.rindex("[[item.part]]")]
    assert [e.code for e in read(bank(one))[1]] == ["options"]
    assert [e.code for e in read(bank(one[: one.index("[[item.part]]")]))[1]] == ["answer"]


def test_the_longest_option_counts_in_cases_too() -> None:
    (error,) = read(bank(CASE.replace('"对"', '"这一种做法是合适的"')))[1]
    assert (error.code, "1 of 1" in error.message) == ("longest_right", True)


def test_the_shortest_option_counts_in_cases_too() -> None:
    (error,) = read(bank(CASE.replace('"错"', '"错误的做法"')))[1]
    assert (error.code, "1 of 1" in error.message) == ("shortest_right", True)


def test_width_white_space_and_case_do_not_matter() -> None:
    assert normalised(" Ｃ Ｏ２\u3000") == normalised("co2")
    assert normalised("检查") != normalised("检验")


def test_papers_draw_new_kinds_and_a_draw_needs_as_many_items_as_it_draws() -> None:
    files = course_files()
    files[BANK] += "\n".join(bank(text, f"lad-{n}") for n, text in enumerate(KINDS.values(), 100)).encode()
    for kind in KINDS:
        draw = f'[[draw]]\nkind = "{kind}"\ncount = 1\n'
        assert parse_course("ladders", {**files, PAPER: files[PAPER] + draw.encode()}, FACTS)[1] == ()
        more = draw.replace("1", "2").encode()
        assert [e.code for e in parse_course("ladders", {**files, PAPER: files[PAPER] + more}, FACTS)[1]] == [
            "bank_small"
        ]


def test_two_courses_do_not_ask_the_same_thing() -> None:
    stem = words("stem 1", 16)
    other = bank(ORDER.replace("怎样登梯", stem + "吗"))
    (error,) = repeated_stems({"ladders": {BANK: course_files()[BANK]}, "ramps": {BANK: other.encode()}})
    assert (error.file, error.code, "ladders/bank/use.toml" in error.message) == (
        "ramps/bank/use.toml",
        "stem_repeated",
        True,
    )
    assert other.splitlines()[(error.line or 0) - 1].startswith("stem")
    assert repeated_stems({"ladders": {BANK: course_files()[BANK]}}) == ()

"""The bank: kinds of answers, facts, options and stems that give nothing away."""

import pytest

from app.catalogue.bank import parse_bank
from app.catalogue.parse import FileError
from tests.catalogue.course_files import BANK, FACTS, Files, course_files, spoiled, words


def faults(files: Files, *, taught: set[str] | None = None) -> list[FileError]:
    return parse_bank({BANK: files[BANK]}, {"use"}, FACTS, taught)[1]


def bank_with(number: int, old: str, new: str) -> Files:
    """Spoil one item of the bank."""
    items = course_files()[BANK].decode().split("[[item]]\n")
    assert items[number].count(old) == 1
    items[number] = items[number].replace(old, new)
    return {BANK: "[[item]]\n".join(items).encode()}


SINGLE, MULTIPLE, TRUE_FALSE = 1, 13, 19
SPOILED = [
    (SINGLE, 'topic = "use"', 'topic = "law"', "unknown_topic", "topic"),
    (SINGLE, 'kind = "single"', 'kind = "essay"', "bad_value", "kind"),
    (SINGLE, "difficulty = 1", "difficulty = 4", "bad_value", "difficulty"),
    (SINGLE, "LAW-2-1", "LAW-8-1", "unknown_fact", "fact"),
    (SINGLE, "LAW-2-1", "LAW-3-1", "fact_grade", "fact"),
    (SINGLE, 'explanation = "解释1。"', 'explanation = ""', "bad_value", "explanation"),
    (SINGLE, 'source = "《梯子条例》（2020年）第一条"\n', "", "missing_key", "[[item]]"),
    (SINGLE, 'right = ["对"]', 'right = ["对", "也对"]', "options", "right"),
    (SINGLE, ', "第三种做法"]', "]", "options", "right"),
    (SINGLE, '"第三种做法"', '"另一种做法。"', "option_repeated", "wrong"),
    (SINGLE, '"第三种做法"', '"以上都对"', "catch_all", "wrong"),
    (SINGLE, '"第三种做法"', '"A和B"', "catch_all", "wrong"),
    (SINGLE, '"第三种做法"', '"都不正确"', "catch_all", "wrong"),
    (SINGLE, "wrong = ", "answer = true\nwrong = ", "answer", "answer"),
    (MULTIPLE, '"甲项", ', "", "options", "right"),
    (MULTIPLE, '["不该做的丙项", "丁项"]', '["不该做的丙项", "丁项", "戊项", "己项"]', "options", "right"),
    (MULTIPLE, '["不该做的丙项", "丁项"]', "[]", "options", "right"),
    (TRUE_FALSE, "answer = true\n", "", "answer", "kind"),
    (TRUE_FALSE, "answer = true", 'answer = true\nright = ["对"]', "answer", "right"),
    (TRUE_FALSE, "answer = true", 'answer = "yes"', "bad_value", "answer"),
    (TRUE_FALSE, 'id = "lad-019"', 'id = "lad-001"', "id_repeated", "id"),
]


@pytest.mark.parametrize(("number", "old", "new", "code", "key"), SPOILED)
def test_a_slip_is_refused_at_its_line(number: int, old: str, new: str, code: str, key: str) -> None:
    files = bank_with(number, old, new)
    (error,) = faults(files)
    assert error.code == code
    assert error.line is not None
    assert files[BANK].decode().splitlines()[error.line - 1].startswith(key)


def test_a_right_bank_has_no_faults() -> None:
    assert faults(course_files(), taught={"LAW-1-1", "LAW-2-1"}) == []


def test_ordinary_words_are_no_catch_all() -> None:
    for option in ("三人以上都要报告", "上述人员撤离以后再报告", "全部人员清点完毕", "二级以上的作业"):
        assert faults(bank_with(SINGLE, '"第三种做法"', f'"{option}"')) == []


def test_what_no_module_teaches_is_not_asked() -> None:
    errors = faults(course_files(), taught={"LAW-1-1"})
    assert {e.code for e in errors} == {"untaught_fact"}
    assert len(errors) == 12


def test_an_unverified_item_may_rest_on_general_knowledge() -> None:
    files = bank_with(SINGLE, '"LAW-2-1"', '"LAW-3-1"\nverified = false')
    assert faults(files) == []
    assert [i.id for i in parse_bank(files, {"use"}, FACTS)[0] if not i.verified] == ["lad-001"]


def test_stems_that_nearly_agree_are_refused_and_others_are_not() -> None:
    stem = words("stem 1", 16)
    files = bank_with(2, words("stem 2", 16), stem + "吗")
    (error,) = faults(files)
    assert (error.code, "lad-001" in error.message) == ("stem_repeated", True)
    assert faults(bank_with(2, words("stem 2", 16), stem[:8] + words("other", 8))) == []


def test_the_longest_option_is_right_in_under_forty_per_cent() -> None:
    text = course_files()[BANK].decode()
    seven = text.replace('right = ["对"]', f'right = ["{"这一种做法是合适的"}"]', 7)
    assert faults({BANK: seven.encode()}) == []
    eight = text.replace('right = ["对"]', f'right = ["{"这一种做法是合适的"}"]', 8)
    (error,) = faults({BANK: eight.encode()})
    assert (error.code, "8 of 18" in error.message) == ("longest_right", True)


def test_a_tie_for_the_longest_counts() -> None:
    tied = course_files()[BANK].decode().replace('right = ["对"]', 'right = ["这样做行吗"]')
    assert [e.code for e in faults({BANK: tied.encode()})] == ["longest_right"]


def bank_of_hundred(number: int, wrong: str) -> Files:
    """Make a bank of a hundred single choices; in so many the wrong option "错" is written otherwise."""
    first = course_files()[BANK].decode().split("[[item]]\n")[SINGLE]
    singles = [
        first.replace("lad-001", f"lad-{n:03d}").replace(words("stem 1", 16), words(f"hundred {n}", 16))
        for n in range(100)
    ]
    singles[:number] = [single.replace('"错"', f'"{wrong}"') for single in singles[:number]]
    return {BANK: "".join(f"[[item]]\n{single}" for single in singles).encode()}


def test_the_right_option_is_the_one_shortest_in_under_a_third() -> None:
    assert faults(bank_of_hundred(32, "错误")) == []
    files = bank_of_hundred(33, "错误")
    (error,) = faults(files)
    assert (error.code, "33 of 100" in error.message, "lad-032" in error.message) == ("shortest_right", True, True)
    assert files[BANK].decode().splitlines()[(error.line or 0) - 1].startswith("right")


def test_a_tie_for_the_shortest_does_not_count_nor_do_multiple_choices() -> None:
    assert faults(bank_of_hundred(100, "非")) == []
    longer = course_files()[BANK].decode().replace('"丁项"', '"丁项也不该做"')
    assert faults({BANK: longer.encode()}) == []


def test_position_in_the_file_tells_nothing() -> None:
    items, _ = parse_bank({BANK: spoiled(BANK, "lad-001", "lad-101")[BANK]}, {"use"}, FACTS)
    assert all(list(i.options) == sorted(i.options) for i in items if i.kind != "true_false")

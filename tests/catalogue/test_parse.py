"""Parsing a course: what is right comes out whole, what is wrong is refused with file and line."""

import json
import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.parse import Course, FileError, content_hash, from_json, parse_course, parse_facts, to_json
from tests.catalogue.course_files import BANK, FACTS, FIGURE, MODULE, PAGE, PAPER, Files, course_files, spoiled, words


def refused(files: Files) -> tuple[FileError, ...]:
    course, errors = parse_course("ladders", files, FACTS)
    assert course is None
    assert errors
    return errors


def parsed(files: Files) -> Course:
    course, errors = parse_course("ladders", files, FACTS)
    assert errors == ()
    assert course is not None
    return course


def test_a_right_course_comes_out_whole() -> None:
    course = parsed(course_files())
    assert (course.title, course.hours, course.current_from) == ("梯子安全", 0.1, date(2021, 1, 1))
    assert [(m.slug, m.category) for m in course.modules] == [("check", "policy"), ("fall", "warning")]
    assert [f.name for m in course.modules for f in m.figures] == ["ladder.svg", "fall.svg"]
    assert [(p.code, p.pass_mark, len(p.draws)) for p in course.papers] == [("final", 80, 3)]
    assert len(course.items) == 24


def test_reading_time_is_four_hundred_characters_a_minute() -> None:
    module = parsed(course_files()).modules[0]
    assert module.needed_seconds == -(-module.characters * 60 // 400)


def test_the_right_options_survive_the_sorting() -> None:
    for item, table in zip(
        parsed(course_files()).items, tomllib.loads(course_files()[BANK].decode())["item"], strict=True
    ):
        right = {item.options[i] for i in item.right}
        assert right == ({"正确"} if item.kind == "true_false" else set(table["right"]))


def test_json_brings_back_the_same_course() -> None:
    course = parsed(course_files())
    again = from_json(json.loads(json.dumps(to_json(course))))
    assert again == course
    assert content_hash(again) == content_hash(course)


SPOILED = [
    ("course.toml", "hours = 0.1", 'hours = "many"', "bad_value"),
    ("course.toml", 'summary = "', 'colour = "red"\nsummary = "', "unknown_key"),
    ("course.toml", 'summary = "怎样安全使用梯子。"', 'summary = " "', "bad_value"),
    ("course.toml", "hours = 0.1", "hours = 0.5", "hours"),
    ("course.toml", 'categories = ["policy", "warning"]', 'categories = ["policy"]', "categories"),
    ("course.toml", 'kind = "editorial"', 'kind = "retake"', "retake_from"),
    ("course.toml", 'note = "首版"', 'note = "首版"\nretake_from = 2024-01-01', "retake_from"),
    ("course.toml", "[topics]", "[topics", "toml"),
    (MODULE, '"LAW-1-1"', '"LAW-9-1"', "unknown_fact"),
    (MODULE, 'category = "policy"', 'category = "fun"', "bad_value"),
    (PAPER, "count = 10", "count = 11", "bank_small"),
    (PAPER, "count = 10", 'count = 1\ntopic = "law"', "unknown_topic"),
    (PAPER, "pass_mark = 80", "pass_mark = 101", "bad_value"),
    (FIGURE, "<desc>", "<script/><desc>", "svg_element"),
    (PAGE, "(ladder.svg)", "(stair.svg)", "figure_missing"),
    (PAGE, "## 先看梯子", "# 先看梯子", "heading_level"),
    (PAGE, "## 先看梯子", "## 情景案例（虚构）：第一级", "case_repeated"),
]


@pytest.mark.parametrize(("file", "old", "new", "code"), SPOILED)
def test_every_slip_is_refused_at_its_line(file: str, old: str, new: str, code: str) -> None:
    files = spoiled(file, old, new)
    found = [e for e in refused(files) if e.code == code and (e.file == file or code == "case_repeated")]
    assert found, f"{code} not among {[str(e) for e in refused(files)]}"
    error = found[0]
    assert error.line is not None
    line = files[error.file].decode().splitlines()[error.line - 1]
    assert _touches(line, new, code), f"line {error.line} is {line!r}"


def _touches(line: str, new: str, code: str) -> bool:
    """Say whether the line shown is one that was spoiled; what is absent is shown at its table."""
    known = {"retake_from": ("[change]", "retake_from"), "case_repeated": ("情景案例",), "bank_small": ("count",)}
    return any(part in line for part in known.get(code, tuple(new.splitlines())))


def test_a_missing_key_is_shown_at_its_table() -> None:
    errors = refused(spoiled("course.toml", 'kind = "editorial"\n', ""))
    assert [(e.line, e.code) for e in errors] == [(11, "missing_key")]


@pytest.mark.parametrize("missing", ["course.toml", MODULE, PAGE, BANK, PAPER])
def test_a_missing_file_is_named(missing: str) -> None:
    files = course_files()
    del files[missing]
    assert any(e.code == "missing_file" and missing.startswith(e.file) for e in refused(files))


def test_a_course_needs_its_case_and_two_figures() -> None:
    files = spoiled("modules/020-fall/page.md", "## 情景案例（虚构）：第三级", "## 第三级")
    assert [e.code for e in refused(files)] == ["case_missing"]
    files = spoiled(PAGE, "![一架梯子靠在墙上](ladder.svg)\n\n", "")
    assert [e.code for e in refused(files)] == ["figure_unused"]
    del files[FIGURE]
    assert [e.code for e in refused(files)] == ["figures_few"]


def test_a_page_is_neither_a_note_nor_a_book() -> None:
    text = course_files()[PAGE].decode()
    for page in (text[:300], text + words("more", 1400)):
        found = [(e.file, e.line) for e in refused({**course_files(), PAGE: page.encode()}) if e.code == "length"]
        assert found == [(PAGE, 1)]


def test_nothing_stands_twice_in_a_course() -> None:
    files = course_files()
    first = files[PAGE].decode().splitlines()[0]
    files["modules/020-fall/page.md"] += f"\n{first}\n".encode()
    (error,) = refused(files)
    assert (error.file, error.code) == ("modules/020-fall/page.md", "paragraph_repeated")
    assert files[error.file].decode().splitlines()[(error.line or 0) - 1] == first
    twice = spoiled(PAGE, "### 再看地面", "![又是它](ladder.svg)\n\n### 再看地面")
    (error,) = refused(twice)
    assert (error.file, error.code) == (PAGE, "figure_repeated")
    assert twice[PAGE].decode().splitlines()[(error.line or 0) - 1].startswith("![又是它]")


def test_draws_on_a_topic_and_on_any_share_the_bank() -> None:
    ten = '[[draw]]\nkind = "single"\ncount = 10'
    files = spoiled(PAPER, ten, f'{ten.replace("10", "2")}\ntopic = "use"\n{ten}')
    assert [(e.file, e.line, e.code) for e in refused(files)] == [(PAPER, 12, "bank_small")]
    parsed(spoiled(PAPER, ten, f'{ten.replace("10", "2")}\ntopic = "use"\n{ten.replace("10", "8")}'))


def test_strays_bad_names_and_foreign_bytes_are_refused() -> None:
    errors = refused(
        {**course_files(), "notes.txt": b"x", "modules/030-x/page.md": b"x", PAGE: "登梯".encode("gb18030")}
    )
    assert {(e.file, e.code) for e in errors} >= {
        ("notes.txt", "stray_file"),
        ("modules/030-x/module.toml", "missing_file"),
        (PAGE, "encoding"),
    }
    assert [e.code for e in parse_course("Ladders!", course_files(), FACTS)[1]] == ["course_code"]
    twin = {name.replace("020-fall", "020-check"): data for name, data in course_files().items()}
    assert "slug_repeated" in {e.code for e in refused(twin)}


def test_all_errors_come_at_once() -> None:
    files = {**spoiled("course.toml", "hours = 0.1", "hours = 9.0"), PAPER: b"x", FIGURE: b"<svg"}
    assert {e.file for e in refused(files)} >= {PAPER, FIGURE}
    files = {**spoiled("course.toml", "hours = 0.1", "hours = 9.0"), PAPER: b"x"}
    assert {(e.file, e.code) for e in refused(files)} == {("course.toml", "hours"), (PAPER, "toml")}


@given(st.data())
def test_no_damage_to_a_file_gets_past_without_a_word(data: st.DataObject) -> None:
    files = course_files()
    name = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[name])))
    cut = data.draw(st.integers(0, 40))
    files[name] = files[name][:at] + data.draw(st.binary(max_size=12)) + files[name][at + cut :]
    course, errors = parse_course("ladders", files, FACTS)
    assert (course is None) == bool(errors)
    assert all(e.line is None or 1 <= e.line <= files[e.file].count(b"\n") + 1 for e in errors)


def test_facts_are_read_by_id_and_refused_by_line() -> None:
    text = '[facts.LAW-1-1]\ngrade = "S"\nsource = "《梯子条例》"\ntext = "第1条。"\n'
    facts, errors = parse_facts("facts.toml", text.encode())
    assert (facts["LAW-1-1"].grade, facts["LAW-1-1"].source, errors) == ("S", "《梯子条例》", ())
    _, errors = parse_facts("facts.toml", text.replace('"S"', '"X"').encode())
    assert [(e.line, e.code) for e in errors] == [(2, "bad_value")]

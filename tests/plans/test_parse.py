"""Plan files and the table of key posts: what is right comes out whole, what is wrong is refused with its line."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plans.changes import changes
from app.plans.parse import Target, normal, parse_plan, parse_posts
from app.plans.published import published
from app.plans.queries import find_post
from app.plans.shapes import from_json, to_json
from app.plans.written import to_toml
from tests.plans.plan_files import CATEGORIES, FILE, PLAN, POSTS, key_posts, ladder_city


def test_a_right_plan_comes_out_whole() -> None:
    plan = ladder_city()
    assert (plan.code, plan.starts_on, plan.deadline, plan.report_on) == (
        "ladder-city",
        date(2021, 1, 1),
        date(2025, 12, 31),
        "12-20",
    )
    assert [(p.code, p.name, p.expected) for p in plan.posts] == [
        ("safety_head", "安全部门负责人", True),
        ("team_leader", "一线班组长", False),
    ]
    assert [(i.divisions, i.licence) for i in plan.industries] == [(("25", "26"), True), (("31", "32"), False)]
    assert plan.indicators[0].targets == (Target(2021, 2.0, 3.0), Target(None, 10.0, None))
    assert (plan.daily_cap_hours, plan.credit_hour_minutes, plan.retention_years) == (8.0, 45, 6)


def test_a_requirement_is_the_union_of_any_industry_and_ones_own_in_its_days() -> None:
    plan = ladder_city()
    required = {on: plan.courses("team_leader", "metallurgy", on) for on in (date(2022, 12, 31), date(2023, 1, 1))}
    assert list(required.values()) == [("law", "safety"), ("law", "safety", "heat")]
    assert plan.courses("team_leader", "metallurgy", date(2024, 1, 1)) == ("law", "safety")
    assert plan.courses("team_leader", "hazardous_chemicals", date(2023, 6, 1)) == ("law", "safety")
    assert plan.courses("principal_officer", "metallurgy", date(2023, 6, 1)) == ()


def test_json_brings_back_the_same_plan() -> None:
    plan = ladder_city()
    assert from_json(0, json.loads(json.dumps(to_json(plan)))) == plan


HEAT = 'courses = ["safety", "heat"]\n'


def test_a_course_may_have_to_be_held_in_person() -> None:
    data = PLAN.replace(HEAT, HEAT + 'offline = ["heat"]\n').encode()
    plan, errors = parse_plan(FILE, data, key_posts(), CATEGORIES)
    assert errors == ()
    assert plan is not None
    assert plan.offline("team_leader", "metallurgy", date(2023, 6, 1)) == {"heat"}
    assert plan.offline("team_leader", "metallurgy", date(2024, 6, 1)) == frozenset()
    assert from_json(0, json.loads(json.dumps(to_json(plan)))) == plan
    assert "offline" not in json.dumps(to_json(ladder_city()))
    assert parse_plan(FILE, to_toml(plan).encode(), key_posts(), CATEGORIES) == (plan, ())
    told = published(plan, {})["requirements"][2]["courses"]
    assert told == [{"code": "safety", "valid_months": None}, {"code": "heat", "valid_months": None, "offline": True}]
    (change,) = changes(ladder_city(), plan)
    assert (change.kind, change.before, change.after) == ("requirement", ("heat",), ("heat@offline",))
    assert (change.from_on, change.until_on) == (date(2023, 1, 1), date(2024, 1, 1))


SPOILED = [
    (HEAT, HEAT + 'offline = ["law"]\n', "offline_course", "offline"),
    ("provisional = false", "provisional = 0", "bad_value", "provisional"),
    ("provisional = false", 'provisional = false\nmotto = "x"', "unknown_key", "motto"),
    ('note = "为测试而写。"\n', "", "missing_key", "name"),
    ("deadline = 2025-12-31", "deadline = 2020-12-31", "days", "deadline"),
    ("counts_from = 2021-01-01", "counts_from = 2026-01-01", "days", "counts_from"),
    ('report_on = "12-20"', 'report_on = "13-20"', "bad_value", "report_on"),
    ('regions = ["990000"]', 'regions = ["99"]', "bad_value", "regions"),
    ('code = "team_leader"\nexpected', 'code = "team_chief"\nexpected', "unknown_post", "code"),
    ('code = "team_leader"\nexpected', 'code = "safety_head"\nexpected', "code_repeated", "code"),
    ('["31", "32"]', '["31", "26"]', "division_repeated", "divisions"),
    ('["31", "32"]', '["31", "032"]', "bad_value", "divisions"),
    ('["31", "32"]', '["31"]\nlicence = true', "licence_repeated", "licence"),
    ('industry = "metallurgy"', 'industry = "mining"', "unknown_industry", "industry"),
    ("to_on = 2024-01-01", "to_on = 2023-01-01", "days", "to_on"),
    ('["safety", "heat"]', '["safety", "cold"]', "unknown_course", "courses"),
    ('["safety", "heat"]', '["heat", "heat"]', "code_repeated", "courses"),
    ("to_on = 2022-12-31", "to_on = 2026-12-31", "days", "from_on"),
    ("base_year = 2020\n", "", "base_year", "kind"),
    ("{ low = 10 }", "{ low = 10, high = 9 }", "target", "targets"),
]


@pytest.mark.parametrize(("old", "new", "code", "key"), SPOILED)
def test_a_slip_is_refused_at_its_line(old: str, new: str, code: str, key: str) -> None:
    assert PLAN.count(old) == 1
    text = PLAN.replace(old, new)
    plan, errors = parse_plan(FILE, text.encode(), key_posts(), CATEGORIES)
    assert plan is None
    error = next(e for e in errors if e.code == code)
    assert (error.file, error.line is not None) == (FILE, True)
    assert text.splitlines()[(error.line or 0) - 1].startswith(key)


def faults(text: str, categories: dict[str, tuple[str, ...]]) -> list[tuple[int | None, str, str]]:
    errors = parse_plan(FILE, text.encode(), key_posts(), categories)[1]
    return [(e.line, e.code, e.message) for e in errors]


def test_every_post_is_taught_the_compulsory_content_in_every_industry() -> None:
    lacking = faults(PLAN, {**CATEGORIES, "law": ("policy",)})
    assert [(line, code) for line, code, _ in lacking] == [(13, "compulsory_content"), (18, "compulsory_content")]
    assert all("compulsory content on 2021-01-01: Warning examples." in message for *_, message in lacking)


def test_a_post_without_courses_is_refused() -> None:
    text = PLAN.replace('post = "safety_head"', 'post = "team_leader"')
    assert [(line, code) for line, code, _ in faults(text, CATEGORIES)] == [(13, "compulsory_content")]


def test_a_requirement_that_runs_out_before_the_deadline_is_refused() -> None:
    text = PLAN.replace('post = "safety_head"', 'post = "safety_head"\nto_on = 2025-06-01')
    ((line, code, message),) = faults(text, CATEGORIES)
    assert (line, code, "2025-06-01" in message) == (13, "compulsory_content", True)


LATER = """
[[posts]]
code = "team_leader"
expected = true
"""
TAUGHT_LATER = """
[[requirements]]
post = "team_leader"
from_on = 2023-04-01
courses = ["law", "safety"]
"""


def with_a_post_from_a_day(term: str = "") -> str:
    """Give a plan of one post to which another is added whose courses are required from 2023-04-01 on."""
    before = PLAN.replace('[[posts]]\ncode = "team_leader"\nexpected = false\n', "")
    for old in (TEAM, METAL):
        assert before.count(old) == 1
        before = before.replace(old, "")
    return before + LATER.rstrip() + f"\n{term}\n" + TAUGHT_LATER


TEAM = '[[requirements]]\npost = "team_leader"\ncourses = ["law", "safety"]\n'
METAL = """[[requirements]]
post = "team_leader"
industry = "metallurgy"
from_on = 2023-01-01
to_on = 2024-01-01
courses = ["safety", "heat"]
"""


def test_a_post_that_joins_on_a_day_says_so_itself() -> None:
    ((_, code, message),) = faults(with_a_post_from_a_day(), CATEGORIES)
    assert code == "compulsory_content"
    assert "If “一线班组长” counts from that day, write from_on = 2023-04-01 under its [[posts]]" in message
    plan, errors = parse_plan(FILE, with_a_post_from_a_day("from_on = 2023-04-01").encode(), key_posts(), CATEGORIES)
    assert errors == ()
    assert plan is not None
    assert plan.courses("team_leader", "metallurgy", date(2023, 3, 31)) == ()
    assert plan.courses("team_leader", "metallurgy", date(2023, 4, 1)) == ("law", "safety")
    assert from_json(0, json.loads(json.dumps(to_json(plan)))) == plan
    assert parse_plan(FILE, to_toml(plan).encode(), key_posts(), CATEGORIES) == (plan, ())
    told = {"code": "team_leader", "name": "一线班组长", "expected": True, "from": "2023-04-01"}
    assert published(plan, {})["posts"][1] == told
    assert "from_on" not in json.dumps(to_json(ladder_city())["posts"])


def test_a_post_that_joins_before_its_courses_begin_is_told_the_day() -> None:
    ((_, _, message),) = faults(with_a_post_from_a_day("from_on = 2023-02-01"), CATEGORIES)
    assert "no course on 2023-02-01, only from 2023-04-01 on" in message
    ((_, code, message),) = faults(with_a_post_from_a_day("from_on = 2026-02-01"), CATEGORIES)
    assert (code, "it would never count" in message) == ("days", True)
    found = faults(with_a_post_from_a_day("from_on = 2023-04-01\nto_on = 2023-04-01"), CATEGORIES)
    assert [code for _, code, _ in found] == ["days"]


def test_a_post_that_leaves_on_a_day_says_so_itself() -> None:
    text = PLAN.replace(TEAM, TEAM + "to_on = 2024-01-01\n")
    ((_, _, message),) = faults(text, CATEGORIES)
    assert "If “一线班组长” no longer counts from that day, write to_on = 2024-01-01 under its [[posts]]" in message
    left = text.replace(
        'code = "team_leader"\nexpected = false', 'code = "team_leader"\nexpected = false\nto_on = 2024-01-01'
    )
    assert faults(left, CATEGORIES) == []


def test_an_industry_that_joins_on_a_day_says_so_itself() -> None:
    text = PLAN.replace('post = "safety_head"\n', 'post = "safety_head"\nindustry = "hazardous_chemicals"\n')
    text += '\n[[requirements]]\npost = "safety_head"\nindustry = "metallurgy"\nfrom_on = 2023-04-01\n'
    text += 'courses = ["law", "safety"]\n'
    ((_, _, message),) = faults(text, CATEGORIES)
    assert "If “冶金” counts from that day, write from_on = 2023-04-01 under its [[industries]]" in message
    joined = text.replace('divisions = ["31", "32"]', 'divisions = ["31", "32"]\nfrom_on = 2023-04-01')
    plan, errors = parse_plan(FILE, joined.encode(), key_posts(), CATEGORIES)
    assert errors == ()
    assert plan is not None
    assert parse_plan(FILE, to_toml(plan).encode(), key_posts(), CATEGORIES) == (plan, ())


def test_a_plan_is_named_after_its_code() -> None:
    assert parse_plan("plans/Ladder City.toml", PLAN.encode(), key_posts(), CATEGORIES)[1][0].code == "plan_code"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("班长", "安全科长", 9),
        ("班长", "ehs 经理", 9),
        ("班长", "安全管理部门主要负责人", 9),
        ("一线班组长", "EHS经理", 8),
    ],
)
def test_an_alias_means_one_post(old: str, new: str, line: int) -> None:
    _, errors = parse_posts("plans/posts.toml", POSTS.replace(f'"{old}"', f'"{new}"').encode())
    assert [(e.line, e.code) for e in errors] == [(line, "alias_ambiguous")]


SPACES = st.text(st.sampled_from(" \t\u3000"), max_size=2)


@given(st.sampled_from(["EHS经理", "safety_head", "安全科长", "安全管理部门主要负责人"]), SPACES, st.booleans())
def test_a_post_is_found_however_it_is_written(text: str, space: str, wide: bool) -> None:
    written = space.join(chr(ord(c) + 0xFEE0) if wide and "!" <= c <= "~" else c.swapcase() for c in text)
    found = find_post(key_posts(), f"{space}{written}{space}")
    assert found is not None
    assert found.code == "safety_head"
    assert normal(written) == normal(text)


def test_an_unknown_post_is_not_found() -> None:
    assert find_post(key_posts(), "门卫") is None
    assert find_post(key_posts(), "") is None

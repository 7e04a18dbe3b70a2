"""A small plan and its key posts as files, right in every respect; each test spoils one thing in it."""

from textwrap import dedent

from app.plans.parse import KeyPostRow, Plan, parse_plan, parse_posts

POSTS = dedent("""\
    [[posts]]
    code = "safety_head"
    name = "安全管理部门主要负责人"
    aliases = ["安全科长", "EHS经理"]

    [[posts]]
    code = "team_leader"
    name = "一线班组长"
    aliases = ["班组长", "班长"]
    """)
PLAN = dedent("""\
    name = "梯子市行动计划"
    short_name = "梯子市"
    source = "梯人社发〔2021〕1号"
    note = "为测试而写。"
    provisional = false
    starts_on = 2021-01-01
    counts_from = 2021-01-01
    deadline = 2025-12-31
    report_on = "12-20"
    regions = ["990000"]

    [[posts]]
    code = "safety_head"
    name = "安全部门负责人"
    expected = true

    [[posts]]
    code = "team_leader"
    expected = false

    [[industries]]
    code = "hazardous_chemicals"
    name = "危险化学品"
    divisions = ["25", "26"]
    licence = true

    [[industries]]
    code = "metallurgy"
    name = "冶金"
    divisions = ["31", "32"]

    [[requirements]]
    post = "safety_head"
    courses = ["law", "safety"]

    [[requirements]]
    post = "team_leader"
    courses = ["law", "safety"]

    [[requirements]]
    post = "team_leader"
    industry = "metallurgy"
    from_on = 2023-01-01
    to_on = 2024-01-01
    courses = ["safety", "heat"]

    [[phases]]
    name = "起步"
    from_on = 2021-01-01
    to_on = 2022-12-31

    [[indicators]]
    code = "rate"
    name = "发生率"
    formula = "认定人数/就业人数"
    kind = "decrease"
    base_year = 2020
    targets = [{ year = 2021, low = 2, high = 3 }, { low = 10 }]
    """)
CATEGORIES = {"law": ("policy", "warning"), "safety": ("prevention",), "heat": ("prevention",)}
FILE = "plans/ladder-city.toml"


def key_posts() -> tuple[KeyPostRow, ...]:
    posts, errors = parse_posts("plans/posts.toml", POSTS.encode())
    assert errors == ()
    return posts


def ladder_city() -> Plan:
    plan, errors = parse_plan(FILE, PLAN.encode(), key_posts(), CATEGORIES)
    assert errors == ()
    assert plan is not None
    return plan

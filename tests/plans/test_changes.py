"""What a plan says differently from another, and since when; and the file of a plan reads back as the plan."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.plans.changes import Change, changes, past_days
from app.plans.parse import parse_plan
from app.plans.shapes import Plan, PlanIndustry, PlanPost, Requirement
from app.plans.written import to_toml
from tests import world
from tests.plans.plan_files import ladder_city

TODAY = date(2026, 11, 22)
LATER = date(2027, 1, 1)


def liuzhou() -> Plan:
    return next(plan for plan in world.shipped().plans if plan.code == "liuzhou-2021-2025")


def kinds(found: tuple[Change, ...]) -> list[str]:
    return [change.kind for change in found]


def test_a_plan_differs_from_itself_in_nothing() -> None:
    assert changes(liuzhou(), liuzhou()) == ()
    assert past_days(liuzhou(), (), TODAY, new=False) is None


def test_words_alter_no_figure() -> None:
    found = changes(liuzhou(), replace(liuzhou(), note="另行通知。", provisional=True))
    assert kinds(found) == ["note", "provisional"]
    assert past_days(liuzhou(), found, TODAY, new=False) is None


def test_a_requirement_that_begins_later_alters_no_day_already_over() -> None:
    plan = liuzhou()
    added = Requirement("team_leader", "machinery", LATER, None, ("safety-head",))
    found = changes(plan, replace(plan, requirements=(*plan.requirements, added)))
    assert found == (Change("requirement", "team_leader", "machinery", (), ("safety-head",), LATER, None),)
    assert found[0].past(TODAY) is None


def test_a_requirement_replaced_on_a_day_is_one_change_from_that_day() -> None:
    plan = liuzhou()
    old = next(r for r in plan.requirements if r.post == "team_leader")
    others = tuple(r for r in plan.requirements if r is not old)
    both = replace(old, to_on=LATER), replace(old, from_on=LATER, courses=("injury-insurance-law",))
    found = changes(plan, replace(plan, requirements=(*others, *both)))
    gone = ("safety-rights-and-lessons", "team-leader")
    assert found == (Change("requirement", "team_leader", None, gone, (), LATER, None),)


def test_a_requirement_without_a_day_reaches_back_to_the_first() -> None:
    plan = liuzhou()
    added = Requirement("team_leader", None, None, LATER, ("safety-head",))
    found = changes(plan, replace(plan, requirements=(*plan.requirements, added)))
    assert [(c.industry, c.from_on, c.until_on) for c in found] == [(None, plan.starts_on, LATER)]
    assert found[0].past(TODAY) == (plan.starts_on, date(2026, 11, 21))
    ended = replace(added, to_on=date(2023, 1, 1))
    found = changes(plan, replace(plan, requirements=(*plan.requirements, ended)))
    assert past_days(plan, found, TODAY, new=False) == (plan.starts_on, date(2022, 12, 31))


def test_a_later_deadline_decides_about_who_starts_after_the_old_one() -> None:
    found = changes(liuzhou(), replace(liuzhou(), deadline=date(2026, 6, 30)))
    assert found == (Change("deadline", "", None, ("2025-12-31",), ("2026-06-30",), date(2026, 1, 1), None),)


def test_posts_and_industries_come_and_go_by_name() -> None:
    plan = liuzhou()
    posts = (PlanPost("principal_officer", "主要负责人", expected=True), *plan.posts[1:])
    industries = (replace(plan.industries[0], divisions=("26",), licence=False), *plan.industries[2:])
    industries += (PlanIndustry("metallurgy", "冶金", ("31", "32"), licence=False),)
    added = Requirement("principal_officer", None, None, None, ("injury-insurance-law",))
    draft = replace(plan, posts=posts, industries=industries, requirements=(*plan.requirements[1:], added))
    found = changes(plan, draft)
    told = {(change.kind, change.subject) for change in found}
    assert told == {
        ("post_removed", "responsible_officer"),
        ("post_added", "principal_officer"),
        ("industry_divisions", "hazardous_chemicals"),
        ("industry_licence", "hazardous_chemicals"),
        ("industry_removed", "non_coal_mine"),
        ("industry_added", "metallurgy"),
        ("requirement", "responsible_officer"),
        ("requirement", "principal_officer"),
    }


def test_a_new_plan_gives_figures_to_every_day_since_it_began() -> None:
    assert past_days(liuzhou(), (), TODAY, new=True) == (date(2021, 1, 1), date(2026, 11, 21))
    assert past_days(replace(liuzhou(), starts_on=LATER), (), TODAY, new=True) is None


@given(
    plan=st.sampled_from(world.shipped().plans),
    note=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1),
)
def test_a_plan_written_as_a_file_reads_back_as_it_was(plan: Plan, note: str) -> None:
    content = world.shipped()
    changed = replace(plan, note=note[:400])
    categories = {course.code: course.categories for course in content.courses}
    read, errors = parse_plan(f"{plan.code}.toml", to_toml(changed).encode(), content.posts, categories)
    assert errors == ()
    assert read == changed


def test_what_joins_on_a_day_alters_no_day_before() -> None:
    plan = ladder_city()
    since, until = date(2023, 4, 1), date(2024, 7, 1)
    post = PlanPost("principal_officer", "主要负责人", expected=True, from_on=since)
    industry = PlanIndustry("machinery", "机械", ("34",), licence=False, from_on=since, to_on=until)
    wanted = Requirement("principal_officer", None, None, None, ("law", "safety"))
    after = replace(
        plan,
        posts=(*plan.posts, post),
        industries=(*plan.industries, industry),
        requirements=(*plan.requirements, wanted),
    )
    assert {(c.kind, c.industry, c.from_on, c.until_on) for c in changes(plan, after)} == {
        ("post_added", None, since, None),
        ("industry_added", None, since, until),
        ("requirement", "hazardous_chemicals", since, None),
        ("requirement", "metallurgy", since, None),
        ("requirement", "machinery", since, until),
    }
    assert past_days(after, changes(plan, after), since, new=False) is None
    gone = {change.kind: change for change in changes(after, plan)}
    assert (gone["industry_removed"].from_on, gone["industry_removed"].until_on) == (since, until)


def test_a_post_that_leaves_on_a_day_alters_the_days_from_it_on() -> None:
    plan = ladder_city()
    until = date(2024, 7, 1)
    after = replace(plan, posts=(plan.posts[0], replace(plan.posts[1], to_on=until)))
    found = changes(plan, after)
    assert [(c.kind, c.from_on, c.until_on) for c in found] == [
        ("post_term", until, None),
        ("requirement", until, None),
    ]
    assert (found[0].before, found[0].after) == (("", ""), ("", "2024-07-01"))
    moved = replace(plan, posts=(plan.posts[0], replace(plan.posts[1], to_on=date(2024, 9, 1))))
    assert [(c.from_on, c.until_on) for c in changes(after, moved)] == [(until, date(2024, 9, 1))] * 2

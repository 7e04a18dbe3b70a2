"""The content folder: what ships is right, loads once, and coverage follows when a plan or a retake changes."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.coverage import service as coverage
from app.coverage.models import Posting
from app.identity.service import Actor
from app.ops.settings import ROOT
from app.plans import queries as plans
from app.workflows.load_content import ContentLoaded, load_content
from app.workflows.read_content import Content, read_content

EDITOR = Actor(None, "Lu, who edits the courses")
MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
COMMON = {"injury-insurance-law", "safety-rights-and-lessons"}
OWN = {"responsible-officer", "safety-head", "team-leader", "high-risk-operator"}
SHIPPED = {file.parent.name for file in (ROOT / "courses" / "catalogue").glob("*/course.toml")}


@pytest.fixture(scope="module")
def shipped() -> Content:
    content, errors = read_content(ROOT / "courses")
    assert [str(e) for e in errors] == []
    return content


def test_every_course_of_the_folder_ships_complete(shipped: Content) -> None:
    assert COMMON | OWN <= SHIPPED
    assert {course.code for course in shipped.courses} == SHIPPED
    for course in shipped.courses:
        kinds = Counter(item.kind for item in course.items)
        assert len(course.items) >= 24
        assert (kinds["single"] >= 12, kinds["multiple"] >= 6, kinds["true_false"] >= 6) == (True, True, True)
        assert 4 <= len(course.modules) <= 12
        assert all(item.verified and item.source and item.explanation for item in course.items)
        assert course.valid_months is None


def test_three_plans_ship_and_differ_as_their_texts_do(shipped: Content) -> None:
    liuzhou, guangdong, national = (
        next(p for p in shipped.plans if p.code.startswith(name)) for name in ("liuzhou", "guangdong", "national")
    )
    assert [p.code for p in liuzhou.posts if not p.expected] == ["high_risk_operator"]
    assert [len(p.posts) for p in (liuzhou, guangdong, national)] == [4, 3, 4]
    assert [len(p.industries) for p in (liuzhou, guangdong, national)] == [5, 6, 7]
    assert (guangdong.report_on, len(guangdong.phases), len(liuzhou.indicators)) == ("12-20", 3, 3)
    assert [p.provisional for p in (liuzhou, guangdong, national)] == [False, False, True]
    assert set(national.courses("principal_officer", "machinery", date(2026, 6, 1))) == COMMON


def test_every_post_owes_its_industrys_course_and_no_more_than_six(shipped: Content) -> None:
    lasting = date(2027, 7, 1)
    for plan in shipped.plans:
        for post in plan.posts:
            for industry in plan.industries:
                courses = plan.courses(post.code, industry.code, min(lasting, plan.deadline))
                assert 3 <= len(courses) <= 6, (plan.code, post.code, industry.code)
                assert industry.code.replace("_", "-") in courses


def test_the_source_plans_name_what_their_texts_fear_and_no_course_in_person(shipped: Content) -> None:
    liuzhou, guangdong = (
        next(p for p in shipped.plans if p.code.startswith(name)) for name in ("liuzhou", "guangdong")
    )
    on = date(2021, 1, 1)
    assert "dust-pneumoconiosis" in liuzhou.courses("high_risk_operator", "non_coal_mine", on)
    assert "accident-lessons" in liuzhou.courses("high_risk_operator", "transport", on)
    assert "noise-deafness" in guangdong.courses("team_leader", "machinery", on)
    assert "chemical-poisoning-confined-space" in guangdong.courses("safety_head", "metallurgy", on)
    assert "cardio-cerebral-first-aid" in guangdong.courses("team_leader", "transport", on)
    assert not any(row.offline for plan in (liuzhou, guangdong) for row in plan.requirements)


def test_rosters_names_for_posts_are_known(shipped: Content) -> None:
    names = {
        "班组长": "team_leader",
        "安全副总": "responsible_officer",
        "安环部经理": "safety_head",
        "法人": "principal_officer",
    }
    names |= {
        "操作工": "high_risk_operator",
        "安全健康管理部门主要负责人": "safety_head",
        "安全总监": "responsible_officer",
    }
    found = {text: plans.find_post(shipped.posts, text) for text in names}
    assert {text: post and post.code for text, post in found.items()} == names


def postings(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Posting)) or 0


def load(session: Session, content: Content, days: int = 0) -> ContentLoaded:
    return load_content(session, content, EDITOR, MONDAY + timedelta(days=days))


def test_loading_again_writes_nothing(session: Session, shipped: Content) -> None:
    first = load(session, shipped)
    assert (len(first.courses.added), len(first.plans.added), first.plans.posts_changed) == (len(SHIPPED), 3, True)
    again = load(session, shipped, days=1)
    unchanged = len(again.courses.unchanged), len(again.plans.unchanged)
    assert (unchanged, again.plans.posts_changed) == ((len(SHIPPED), 3), False)
    assert postings(session) == 1


def test_plans_and_course_versions_are_known_from_the_posting(session: Session, shipped: Content) -> None:
    load(session, shipped)
    recorded_at = session.scalars(select(Posting.recorded_at)).one()
    assert {row.recorded_at for row in catalogue.listing(session)} == {recorded_at}
    assert plans.plans(session, recorded_at - timedelta(microseconds=1)) == ()
    assert len(plans.plans(session, recorded_at)) == 3


@pytest.fixture
def reposted(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note every posting of coverage, and let it happen."""
    calls: list[bool] = []
    post = coverage.post

    def noted(*args: object, everything: bool = False, **kwargs: object) -> None:
        calls.append(everything)
        post(*args, everything=everything, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(coverage, "post", noted)
    return calls


def test_coverage_follows_a_plan_and_a_retake_but_not_a_slip(
    session: Session, shipped: Content, reposted: list[bool]
) -> None:
    load(session, shipped)
    assert reposted == [True]
    edited = replace(shipped, courses=(replace(shipped.courses[0], note="改一个错字"), *shipped.courses[1:]))
    assert load(session, edited, days=1).courses.changed == (shipped.courses[0].code,)
    assert reposted == [True]
    retaken = replace(shipped.courses[0], change="retake", retake_from=date(2026, 9, 1))
    assert load(session, replace(shipped, courses=(retaken,)), days=2).courses.retakes == (retaken.code,)
    assert reposted == [True, True]
    longer = tuple(replace(p, deadline=date(2031, 12, 31)) for p in shipped.plans)
    assert len(load(session, replace(shipped, courses=(retaken,), plans=longer), days=3).plans.changed) == 3
    assert reposted == [True, True, True]


def test_errors_name_their_file_below_the_folder(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "courses", tmp_path / "content")
    folder = tmp_path / "content"
    page = folder / "catalogue/team-leader/modules/010-shift-start/page.md"
    twin = next((folder / "catalogue/safety-head/modules").glob("*/page.md"))
    twin.write_bytes(page.read_bytes())
    (folder / "catalogue/team-leader/papers/final.toml").write_text("title = 1\n")
    (folder / "plans/liuzhou-2021-2025.toml").write_text("name = \n")
    (folder / "facts.toml").unlink()
    errors = read_content(folder)[1]
    assert {("facts.toml", "missing_file"), ("plans/liuzhou-2021-2025.toml", "toml")} <= {
        (e.file, e.code) for e in errors
    }
    assert {"unknown_fact", "paragraph_repeated", "bad_value"} <= {e.code for e in errors}
    assert all((folder / e.file).exists() for e in errors if e.code != "missing_file")


def test_facts_of_a_field_stand_in_their_own_file_and_no_id_twice(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "courses", folder)
    (folder / "facts").mkdir(exist_ok=True)
    more = folder / "facts" / "more.toml"
    more.write_text('[facts.MORE-1]\ngrade = "P"\nsource = "s"\ntext = "t"\n', "utf-8")
    content, errors = read_content(folder)
    assert (content.facts["MORE-1"].text, errors) == ("t", ())
    more.write_text('[facts.HY-1]\ngrade = "P"\nsource = "s"\ntext = "t"\n', "utf-8")
    content, errors = read_content(folder)
    assert [(e.file, e.code) for e in errors] == [("facts/more.toml", "fact_repeated")]
    assert content.facts["HY-1"].text != "t"


def test_an_empty_folder_is_no_content(tmp_path: Path) -> None:
    missing = {e.file for e in read_content(tmp_path)[1]}
    assert missing == {"facts.toml", "catalogue/", "plans/posts.toml"}

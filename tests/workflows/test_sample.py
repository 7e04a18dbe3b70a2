"""The sample region, stored: loaded by the services, proven by the ledger's check, true to what it promises."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.access.roles import PERMISSIONS
from app.access.scope import descendants
from app.assessment.item_figures import course_figures
from app.assessment.retention import retention
from app.awards import attendance, session_queries
from app.awards.session_queries import SessionFilter
from app.catalogue import queries as catalogue
from app.catalogue import review_queries as reviews
from app.coverage import proof
from app.coverage.findings import Finding
from app.coverage.queries import Answer, Ask, coverage
from app.identity import queries as accounts
from app.kit.dates import day_of
from app.kit.scope import SYSTEM, Scope
from app.ops import backup
from app.ops.db import Database
from app.ops.passwords import verify
from app.organisations import persons
from app.organisations.models import Enterprise, Person
from app.plans import queries as plans
from app.plans.rules import plan_faults
from app.workflows.learn import course_state
from app.workflows.owed import obligations
from app.workflows.read_content import read_content
from app.workflows.sample import hands_on, store
from app.workflows.sample.cast import PASSWORD, SIGN_INS, worker_id
from app.workflows.sample.load import load
from app.workflows.sample.store import Source
from app.workflows.sample.story import tell
from tests.support.sample import NOW, SCALE, copy_of
from tests.support.serving import ROOT, serving
from tests.support.visiting import Visitor

DEADLINE, TODAY = date(2025, 12, 31), day_of(NOW)
LIUZHOU, GUANGDONG, NATIONAL = "liuzhou-2021-2025", "guangdong-2021-2025", "national-2026-2030"
POSTGRES = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture(scope="module")
def loaded(sample: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{sample}")) as opened:
        yield opened


def ask(database: Database, plan: str, on: date, **more: object) -> Answer:
    with database.reading() as session:
        asked = replace(Ask(plan, on), **more)  # type: ignore[arg-type]
        return coverage(SYSTEM, session, asked, TODAY, NOW)


def ratio(answer: Answer) -> float:
    assert answer.figures.ratio is not None
    return answer.figures.ratio


def findings(database: Database) -> list[Finding]:
    with database.reading() as session:
        return list(proof.check(session))


def test_every_figure_follows_from_the_facts(loaded: Database) -> None:
    assert findings(loaded) == []


def test_the_source_plans_end_where_they_should_and_are_caught_up_later(loaded: Database) -> None:
    assert 0.84 <= ratio(ask(loaded, LIUZHOU, DEADLINE)) <= 0.9
    assert 0.88 <= ratio(ask(loaded, GUANGDONG, DEADLINE)) <= 0.94
    assert ratio(ask(loaded, LIUZHOU, TODAY)) >= 0.93
    assert ratio(ask(loaded, GUANGDONG, TODAY)) >= 0.93


def test_the_national_plan_is_under_way(loaded: Database) -> None:
    assert 0.33 <= ratio(ask(loaded, NATIONAL, TODAY)) <= 0.47
    assert ask(loaded, NATIONAL, date(2025, 12, 30)).figures.ratio is None


def test_coverage_grows_from_year_to_year(loaded: Database) -> None:
    years = [ratio(ask(loaded, GUANGDONG, date(year, 12, 31))) for year in range(2021, 2026)]
    assert years == sorted(years)
    assert years[0] < 0.2


def test_less_was_known_at_the_deadline_than_is_known_of_it_now(loaded: Database) -> None:
    then = ask(loaded, LIUZHOU, DEADLINE, known_at=date(2026, 1, 1))
    assert then.figures.covered < ask(loaded, LIUZHOU, DEADLINE).figures.covered
    assert ratio(then) >= 0.75


def test_a_county_is_full(loaded: Database) -> None:
    rows = {row.name: row.figures for row in ask(loaded, LIUZHOU, DEADLINE, by="region").rows}
    assert rows["融安县"].full
    assert not rows["鱼峰区"].full


def test_every_role_can_sign_in_with_the_published_password(loaded: Database) -> None:
    with loaded.reading() as session:
        person = persons.known_people(session, [persons.id_hash(worker_id())]).popitem()[1]
        found = [
            accounts.by_person(session, (person.id,))[0]
            if one.role == "worker"
            else accounts.by_login(session, one.login) or accounts.by_phone(session, one.login)[0]
            for one in SIGN_INS
        ]
    assert {one.role for one in SIGN_INS} == set(PERMISSIONS)
    assert all(verify(account.password_hash, PASSWORD) for account in found)


def test_the_worker_has_something_done_something_to_sit_and_something_begun(loaded: Database) -> None:
    with loaded.reading() as session:
        person = persons.known_people(session, [persons.id_hash(worker_id())]).popitem()[1].id
        courses = ("injury-insurance-law", "safety-rights-and-lessons", "team-leader")
        states = [course_state(Scope(person=person), session, person, course, NOW) for course in courses]
    assert [state.stage for state in states] == ["held", "exam", "learning"]
    assert states[2].progress.begun


def test_a_course_in_person_is_demanded_held_and_still_to_come(loaded: Database) -> None:
    with loaded.reading() as session:
        held = session_queries.listing(SYSTEM, session, SessionFilter()).rows
        person = persons.known_people(session, [persons.id_hash(worker_id())]).popitem()[1].id
        owed = obligations(Scope(person=person), session, person, NOW).of("machinery")
        listed = attendance.coming(session, person, TODAY)
    assert owed is not None
    assert owed.in_person
    assert owed.deadline > TODAY
    assert listed["machinery"].held_on > TODAY
    assert sum(row.awarded > 0 for row in held) >= 2
    assert any(row.held_on < TODAY and row.closed_at is None for row in held)
    assert 0 < ratio(ask(loaded, hands_on.CODE, TODAY)) < 1


def test_the_samples_own_plan_is_a_right_plan(loaded: Database) -> None:
    with loaded.reading() as session:
        versions = [catalogue.version(session, row.id) for row in catalogue.listing(session)]
        names = {post.code: post.name for post in plans.posts(session)}
        own = plans.plan(session, hands_on.CODE)
    assert list(plan_faults(own, names, {row.course_code: row.course.categories for row in versions})) == []


def test_practice_is_remembered_by_topic_in_both_provinces(loaded: Database) -> None:
    with loaded.reading() as session:
        everywhere = retention(SYSTEM, session, TODAY)
        for province in ("450200", "440000"):
            assert retention(Scope(regions=descendants(session, [province])), session, TODAY), province
    shares = [one.share for one in everywhere if one.share is not None]
    assert len(shares) >= 5
    assert 0.3 < sum(shares) / len(shares) < 1


def test_a_course_waits_for_the_expert_and_items_have_figures(loaded: Database) -> None:
    with loaded.reading() as session:
        (waiting,) = reviews.waiting(session)
        assert waiting.unsettled == 2
        found = course_figures(session, "injury-insurance-law")
    assert found.attempts >= 20
    assert any((row.figures.discrimination or 0) > 0 for row in found.items)


@POSTGRES
def test_the_same_story_gives_the_same_figures_on_postgresql_also_after_a_restore(
    loaded: Database, database: Database, database_url: str, tmp_path: Path
) -> None:
    content, errors = read_content(ROOT / "courses")
    assert not errors
    story = tell(store.SEED, TODAY, content.plans, SCALE)
    load(database, story, content, ROOT / "courses" / "plans" / "regions.csv", NOW, lambda _: None)
    figures = [ask(database, plan, DEADLINE, by="region") for plan in (LIUZHOU, GUANGDONG)]
    assert figures == [ask(loaded, plan, DEADLINE, by="region") for plan in (LIUZHOU, GUANGDONG)]
    backup.backup(database_url, tmp_path / "sample.backup")
    before = counts(database)
    with database.session() as session:
        session.execute(update(Person).values(name="?"))
    backup.restore(database_url, tmp_path / "sample.backup")
    assert counts(database) == before
    assert findings(database) == []
    assert figures == [ask(database, plan, DEADLINE, by="region") for plan in (LIUZHOU, GUANGDONG)]


def test_a_restored_sample_is_the_sample(loaded: Database, sample: Path, tmp_path: Path) -> None:
    backup.backup(f"sqlite:///{sample}", tmp_path / "copy")
    backup.restore(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "copy")
    with closing(Database(f"sqlite:///{tmp_path / 'new.db'}")) as restored:
        assert counts(restored) == counts(loaded)
        assert findings(restored) == []


def counts(database: Database) -> tuple[int | None, int | None, str | None]:
    with database.reading() as session:
        people = session.scalar(select(func.count()).select_from(Person))
        enterprises = session.scalar(select(func.count()).select_from(Enterprise))
        return people, enterprises, session.scalar(select(func.min(Person.name)))


def test_an_interrupted_making_leaves_no_sample_and_the_next_one_is_whole(tmp_path: Path) -> None:
    source = Source(ROOT / "courses", tmp_path / "demo.db", 0.01)

    def interrupt(day: date) -> None:
        if day.year == 2022:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.make(source, NOW, interrupt)
    assert not source.file.exists()
    store.make(source, NOW, lambda _: None)
    assert store.is_current(source.file)
    assert not [file.name for file in tmp_path.iterdir() if "part" in file.name]
    with closing(Database(f"sqlite:///{source.file}")) as made:
        assert findings(made) == []


def test_a_sample_of_another_generator_is_not_taken_for_this_one(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = copy_of(sample, tmp_path)
    assert store.is_current(file)
    (tmp_path / "story.py").write_text("another story")
    monkeypatch.setattr(store, "GENERATOR", (tmp_path,))
    assert not store.is_current(file)


def test_the_demo_serves_the_sample_and_prints_the_sign_ins(sample: Path, tmp_path: Path) -> None:
    copy_of(sample, tmp_path).rename(tmp_path / "demo.db")
    with serving(tmp_path, command="demo") as running:
        with Visitor(running.url) as visitor:
            assert visitor.sign_in("19900000001", PASSWORD)
            assert "韦志强" in visitor.get("/learning").text
        said = running.log.read_text()
    assert all(one.login in said for one in SIGN_INS)
    assert running.url in said

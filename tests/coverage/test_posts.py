"""Everybody's standing, listed and streamed, is what the oracle says: any day, any instant, however it is cut."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.coverage import queries
from app.coverage.queries import Ask, posts
from app.coverage.queries.asking import Question, resolve
from app.coverage.queries.judging import PostStanding
from app.coverage.queries.posts import PostFilter, every_post, missing_reasons, posts_page
from app.kit.errors import Problem
from app.kit.paging import every
from app.kit.scope import SYSTEM, Scope
from app.ops.db import Database
from tests import oracle
from tests.coverage import chronicle
from tests.coverage.driver import PLANS
from tests.coverage.histories import FIRST, REGIONS, Row, Story, tell

TODAY, NOW = date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(2))
def test_lists_are_the_oracles(database: Database, seed: int) -> None:
    agree(database, seed, 30)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(min_value=100), commands=st.integers(0, 25))
def test_lists_are_the_oracles_over_many_histories(database_url: str, seed: int, commands: int) -> None:
    with chronicle.fresh(database_url) as database:
        agree(database, seed, commands)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_cut_where_an_industry_of_the_plan_ends_has_stood_so_since_before(database: Database) -> None:
    """Seed 100: on 2024-12-31 the plan's industry of an enterprise ends, and its posts go on in another."""
    agree(database, 100, 16)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_small_batches_lose_and_repeat_nobody(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "ENTERPRISES", 1)
    monkeypatch.setattr(posts, "BATCH", 1)
    agree(database, 7, 30)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_ends_when_much_was_looked_through_and_the_next_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    chronicle.write(database, tell(Random(4), 30), Random(4))
    with database.reading() as session:
        question = resolve(SYSTEM, session, Ask("alpha", TODAY), TODAY, NOW)
        missing = list(every_post(SYSTEM, session, question, PostFilter("missing")))
        assert {row.reason for row in missing} == {"revoked", "in_progress"}
        only = PostFilter("missing", reason="revoked")
        monkeypatch.setattr(posts, "BATCH", 1)
        monkeypatch.setattr(posts, "BATCHES", 1)
        pages = [posts_page(SYSTEM, session, question, only)]
        while pages[-1].after:
            pages.append(posts_page(SYSTEM, session, question, only, after=pages[-1].after))
    assert [row for page in pages for row in page.rows] == [row for row in missing if row.reason == "revoked"]
    assert len(pages) >= len(missing)
    assert any(one.unfinished and not one.rows for one in pages)


def test_names_are_for_those_who_may_see_them(database: Database) -> None:
    chronicle.write(database, tell(Random(1), 5), Random(1))
    with database.reading() as session:
        question = resolve(SYSTEM, session, Ask("alpha", FIRST), TODAY, NOW)
        for asked in (every_post, posts_page):
            with pytest.raises(Problem) as refused:
                asked(Scope(regions=None), session, question, PostFilter())
            assert refused.value.status == 403


def agree(database: Database, seed: int, commands: int) -> None:
    rng = Random(seed)
    story = tell(rng, commands)
    chronicle.write(database, story, rng)
    with database.reading() as session:
        for on, known_at in chronicle.moments(rng, story, 5):
            for plan in PLANS:
                compare(session, story, Ask(plan, on, known_at, key_enterprises=rng.random() < 0.3), rng)


def compare(session: Session, story: Story, ask: Ask, rng: Random) -> None:
    known_at = ask.known_at if isinstance(ask.known_at, datetime) else NOW
    rows = [
        row
        for row in oracle.standings(story.history, ask.plan_code, ask.on or TODAY, known_at)
        if row["key"] or not ask.key_enterprises
    ]
    question = resolve(SYSTEM, session, ask, TODAY, NOW)
    everybody = list(every_post(SYSTEM, session, question, PostFilter()))
    assert shape(everybody) == expected(rows)
    assert paged(session, question, PostFilter()) == everybody
    for held, wanted in (("missing", lambda r: not r["covered"]), ("covered", lambda r: r["covered"])):
        listed = every_post(SYSTEM, session, question, PostFilter(held))  # type: ignore[arg-type]
        assert shape(listed) == expected([row for row in rows if wanted(row)])
    compare_reasons(session, question, rows)
    compare_part(session, ask, rows, rng)
    for row in everybody:
        compare_held(session, ask, row)


def shape(found: Any) -> dict[int, tuple[Any, ...]]:
    return {
        row.assignment_id: (row.region, row.covered, row.waived, [(m.course, m.reason) for m in row.missing])
        for row in found
    }


def expected(rows: list[Row]) -> dict[int, tuple[Any, ...]]:
    return {
        row["assignment"]: (row["region"], row["covered"], row["waived"], [] if row["covered"] else row["missing"])
        for row in rows
    }


def paged(session: Session, question: Question, only: PostFilter) -> list[PostStanding]:
    return list(every(lambda after: posts_page(SYSTEM, session, question, only, after=after, size=2)))


def compare_reasons(session: Session, question: Question, rows: list[Row]) -> None:
    counts = Counter(row["missing"][0][1] for row in rows if not row["covered"])
    assert missing_reasons(session, question, PostFilter()) == counts
    for reason, number in counts.items():
        assert len(paged(session, question, PostFilter("missing", reason=reason))) == number


def compare_part(session: Session, ask: Ask, rows: list[Row], rng: Random) -> None:
    region = rng.choice(sorted(REGIONS))
    part = [row for row in rows if region in above(row["region"])]
    asked = Ask(ask.plan_code, ask.on, ask.known_at, region, key_enterprises=ask.key_enterprises)
    question = resolve(SYSTEM, session, asked, TODAY, NOW)
    assert shape(every_post(SYSTEM, session, question, PostFilter())) == expected(part)
    for post in {row["post"] for row in part}:
        only = PostFilter(post=post)
        assert shape(every_post(SYSTEM, session, question, only)) == expected([r for r in part if r["post"] == post])


def above(code: str | None) -> set[str]:
    return {code} | above(REGIONS[code]) if code else set()


def compare_held(session: Session, ask: Ask, row: PostStanding) -> None:
    """Compare what is held, and since when, with the person's own page."""
    told = queries.person_standing(SYSTEM, session, row.person_id, TODAY, NOW, on=ask.on, known_at=ask.known_at)
    assignment = next(a for a in told.assignments if a.id == row.assignment_id)
    plan = next(p for p in assignment.plans if p.plan.code == ask.plan_code)
    assert {held.course for held in plan.held} == row.done.keys() & set(row.courses)
    span = next(s for s in plan.spans if s.from_on <= told.on < s.until_on)
    begun = span.from_on
    for before in reversed([s for s in plan.spans if s.from_on < begun]):
        if before.until_on != begun or (before.covered, before.waived) != (span.covered, span.waived):
            break
        begun = before.from_on
    assert row.since == begun

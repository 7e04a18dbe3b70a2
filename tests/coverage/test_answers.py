"""What the queries answer from the database is what the oracle says: any day, instant, part and way of splitting."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.coverage import queries
from app.coverage.queries import Ask, EnterpriseFilter
from app.coverage.queries.asking import resolve
from app.coverage.queries.posts import PostFilter, missing_reasons, posts_page
from app.kit.paging import every
from app.kit.scope import SYSTEM
from app.ops.db import Database
from tests import oracle
from tests.coverage import chronicle
from tests.coverage.driver import PLANS
from tests.coverage.histories import REGIONS, Row, Story, tell

TODAY, NOW = date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)
STATES = ("undeclared", "incomplete", "not_applicable", "none", "partial", "full")


@pytest.mark.parametrize("seed", range(4))
def test_answers_are_the_oracles(database: Database, seed: int) -> None:
    agree(database, seed, 30)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(min_value=100), commands=st.integers(0, 25))
def test_answers_are_the_oracles_over_many_histories(database_url: str, seed: int, commands: int) -> None:
    with chronicle.fresh(database_url) as database:
        agree(database, seed, commands)


def agree(database: Database, seed: int, commands: int) -> None:
    rng = Random(seed)
    story = tell(rng, commands)
    chronicle.write(database, story, rng)
    with database.reading() as session:
        for on, known_at in chronicle.moments(rng, story, 6):
            for plan in PLANS:
                ask = Ask(plan, on, known_at, key_enterprises=rng.random() < 0.3)
                compare(session, story, ask, rng)


def compare(session: Session, story: Story, ask: Ask, rng: Random) -> None:
    known_at = ask.known_at if isinstance(ask.known_at, datetime) else NOW
    rows = oracle.standings(story.history, ask.plan_code, ask.on or TODAY, known_at)
    states = oracle.enterprises(story.history, ask.plan_code, ask.on or TODAY, known_at)
    states = {e: row for e, row in states.items() if row["status"] in STATES}
    if ask.key_enterprises:
        rows = [row for row in rows if row["key"]]
        states = {e: row for e, row in states.items() if row["key"]}
    compare_figures(session, ask, rows, states)
    compare_splits(session, ask, rows, states)
    compare_region(session, ask, rng.choice(sorted(REGIONS)), rows)
    compare_enterprise(session, ask, rng.choice(sorted(REGIONS)), rows, states)
    compare_lists(session, ask, rows, states)
    compare_trend(session, story, ask, known_at)
    compare_people(session, story, ask, rows)


def compare_figures(session: Session, ask: Ask, rows: list[Row], states: dict[int, Row]) -> None:
    asked = Ask(ask.plan_code, ask.on, ask.known_at, key_enterprises=ask.key_enterprises, persons=True)
    said = queries.coverage(SYSTEM, session, asked, TODAY, NOW).to_json()
    covered = sum(row["covered"] for row in rows)
    assert (said["required"], said["covered"]) == (len(rows), covered)
    assert said["waived"] == sum(row["waived"] for row in rows)
    assert said["ratio"] == (int(covered * 10**6 / len(rows)) / 10**6 if rows else None)
    assert said["persons"] == len({row["person"] for row in rows})
    assert said["enterprises"] == Counter(row["status"] for row in states.values())
    assert said["declared"] == sum(row["status"] != "undeclared" for row in states.values())


def compare_splits(session: Session, ask: Ask, rows: list[Row], states: dict[int, Row]) -> None:
    for by, column in (("post", "post"), ("industry", "industry"), ("enterprise", "enterprise")):
        asked = Ask(ask.plan_code, ask.on, ask.known_at, key_enterprises=ask.key_enterprises, by=by)  # type: ignore[arg-type]
        said = queries.coverage(SYSTEM, session, asked, TODAY, NOW)
        keys = [f"USCC{row[column]}" if by == "enterprise" else row[column] for row in rows]
        assert {row.key: row.figures.required for row in said.rows if row.figures.required} == Counter(keys)
        assert sum(row.figures.covered for row in said.rows) == said.figures.covered
        assert said.figures.required == len(rows)
        if by == "enterprise":
            assert {row.key: row.status for row in said.rows} == {f"USCC{e}": s["status"] for e, s in states.items()}


def compare_region(session: Session, ask: Ask, region: str, rows: list[Row]) -> None:
    asked = Ask(ask.plan_code, ask.on, ask.known_at, region, by="region", key_enterprises=ask.key_enterprises)
    said = queries.coverage(SYSTEM, session, asked, TODAY, NOW)
    expected: Counter[str] = Counter()
    for row in rows:
        at = row["region"]
        while at is not None and at != region and REGIONS[at] != region:
            at = REGIONS[at]
        if at is not None:
            expected[at] += 1
    assert {row.key: row.figures.required for row in said.rows if row.figures.required} == expected
    assert {row.key for row in said.rows} == {region, *(code for code, parent in REGIONS.items() if parent == region)}
    assert said.figures.required == sum(expected.values())


def compare_enterprise(session: Session, ask: Ask, region: str, rows: list[Row], states: dict[int, Row]) -> None:
    """Compare what enterprises had in a region: nothing where they lay elsewhere."""
    for enterprise, state in states.items():
        here = region in above(state["region"])
        part = [row for row in rows if row["enterprise"] == enterprise and here]
        asked = Ask(
            ask.plan_code, ask.on, ask.known_at, region, f"USCC{enterprise}", key_enterprises=ask.key_enterprises
        )
        said = queries.coverage(SYSTEM, session, asked, TODAY, NOW).to_json()
        assert (said["required"], said["covered"]) == (len(part), sum(row["covered"] for row in part))
        assert said["enterprises"] == ({state["status"]: 1} if here else {})


def above(code: str | None) -> set[str]:
    return {code} | above(REGIONS[code]) if code else set()


def compare_lists(session: Session, ask: Ask, rows: list[Row], states: dict[int, Row]) -> None:
    only = EnterpriseFilter()
    seen = list(every(lambda after: queries.enterprises(SYSTEM, session, ask, only, TODAY, NOW, after=after, size=1)))
    gaps = Counter(row["enterprise"] for row in rows if not row["covered"])
    order = sorted(states, key=lambda e: (states[e]["status"] != "undeclared", -gaps[e], e))
    assert [row.id for row in seen] == order
    said = [(row.status, row.stale, row.roster, row.insured, row.region, row.missing) for row in seen]
    columns = ("status", "stale", "roster", "insured", "region")
    assert said == [(*(states[e][column] for column in columns), gaps[e]) for e in order]


def compare_trend(session: Session, story: Story, ask: Ask, known_at: datetime) -> None:
    for point in queries.trend(SYSTEM, session, ask, 5, TODAY, NOW):
        rows = oracle.standings(story.history, ask.plan_code, point.on, known_at)
        rows = [row for row in rows if row["key"] or not ask.key_enterprises]
        assert (point.figures.required, point.figures.covered) == (len(rows), sum(row["covered"] for row in rows))


def compare_people(session: Session, story: Story, ask: Ask, rows: list[Row]) -> None:
    question, missing = resolve(SYSTEM, session, ask, TODAY, NOW), PostFilter("missing")
    found = list(every(lambda after: posts_page(SYSTEM, session, question, missing, after=after, size=2)))
    expected = {row["assignment"]: row["missing"] for row in rows if not row["covered"]}
    assert {row.assignment_id: [(m.course, m.reason) for m in row.missing] for row in found} == expected
    assert len(found) == len(expected)
    counts = Counter(missing[0][1] for missing in expected.values())
    assert missing_reasons(session, question, PostFilter()) == counts
    for reason, number in counts.items():
        only = PostFilter("missing", reason=reason)
        assert len(posts_page(SYSTEM, session, question, only, size=99).rows) == number
    for row in rows:
        compare_person(session, ask, row)


def compare_person(session: Session, ask: Ask, row: Row) -> None:
    standing = queries.person_standing(SYSTEM, session, row["person"], TODAY, NOW, on=ask.on, known_at=ask.known_at)
    assignment = next(a for a in standing.assignments if a.id == row["assignment"])
    plan = next(p for p in assignment.plans if p.plan.code == ask.plan_code)
    assert (plan.required, plan.covered, plan.waived) == (True, row["covered"], row["waived"])
    assert [(m.course, m.reason) for m in plan.missing] == row["missing"]

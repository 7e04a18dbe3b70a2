"""Coverage under a draft is what the oracle says with the plan replaced; and what a comparison adds up."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.coverage import draft_runs, drafting, planned
from app.coverage.draft_runs import QueueRun
from app.coverage.draft_sums import People, Sums
from app.coverage.queries import runs as reads
from app.kit.errors import Problem
from app.kit.scope import SYSTEM, Scope
from app.ops.db import Database
from app.plans import drafts
from app.plans.changes import changes
from app.plans.drafts import KeepDraft
from app.plans.shapes import Plan
from tests import oracle
from tests.coverage import chronicle
from tests.coverage.driver import PLANS
from tests.coverage.histories import FIRST, LAST, REGIONS, Row, Story, _plan, tell

NOW = datetime(2026, 1, 1, tzinfo=UTC)
IN = {"undeclared", "incomplete", "not_applicable", "none", "partial", "full"}


@pytest.mark.parametrize("seed", range(4))
def test_figures_under_a_draft_are_the_oracles(database: Database, seed: int) -> None:
    agree(database, seed, 30)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(min_value=100), commands=st.integers(0, 25))
def test_figures_under_a_draft_are_the_oracles_over_many_histories(database_url: str, seed: int, commands: int) -> None:
    with chronicle.fresh(database_url) as database:
        agree(database, seed, commands)


def agree(database: Database, seed: int, commands: int) -> None:
    rng = Random(seed)
    story = tell(rng, commands)
    chronicle.write(database, story)
    with database.reading() as session:
        for number, code in enumerate(PLANS):
            for _ in range(3):
                draft = _plan(rng, code, number) if rng.random() < 0.5 else nearly(rng, story, code)
                on = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 60))
                compare(session, story, draft, rng.choice([*REGIONS]), on, new=rng.random() < 0.2)


def nearly(rng: Random, story: Story, code: str) -> Row:
    """Give the plan known now with one thing changed."""
    current = next(r for r in story.history["plans"] if r["code"] == code and r["superseded_at"] is None)
    draft = {key: value for key, value in current.items() if key not in {"recorded_at", "superseded_at"}}
    requirements = list(draft["requirements"])
    position = rng.randrange(len(requirements))
    dated = requirements[position] | {"to": rng.choice([None, date(2024, 9, 1), date(2025, 2, 1)])}
    other = {"post": "team_leader", "industry": "machinery", "from": date(2024, 8, 1), "to": None, "courses": ["blast"]}
    other |= {"offline": []}
    edits: list[Row] = [
        {"requirements": [*requirements[:position], dated, *requirements[position + 1 :]]},
        {"requirements": [*requirements, other]},
        {"deadline": draft["deadline"] + timedelta(days=rng.choice([-60, 60]))},
        {"posts": draft["posts"] | {"team_leader": False}},
        {"industries": draft["industries"][1:]},
        {"starts_on": draft["starts_on"] + timedelta(days=40)},
        {"terms": draft["terms"] | {"team_leader": {"from": date(2024, 8, 1), "to": None}}},
        {"terms": {"safety_head": {"from": None, "to": date(2024, 12, 1)}}},
        {"terms": {}},
        {"industries": [draft["industries"][0] | {"from": date(2024, 8, 1)}, *draft["industries"][1:]]},
        {"industries": [row | {"from": None, "to": date(2025, 1, 1)} for row in draft["industries"]]},
    ]
    return draft | rng.choice(edits)


def compare(session: Session, story: Story, draft: Row, region: str, on: date, *, new: bool) -> None:
    """Hold both sides to the oracle: the plan known now, and the draft in its place (or, if new, beside nothing)."""
    code = draft["code"]
    rows = [row for row in story.history["plans"] if row["code"] != code]
    replaced = story.history | {"plans": [*rows, draft | {"recorded_at": FIRST_INSTANT, "superseded_at": None}]}
    current = next(r for r in story.history["plans"] if r["code"] == code and r["superseded_at"] is None)
    base = None if new else chronicle.shape(current)
    asked = drafting.comparison(session, base, chronicle.shape(draft), region, on)
    sums = Sums()
    lines = [line for step in drafting.walk(session, asked, sums) for line in step.changed]
    known = story.history | {"plans": rows} if new else story.history
    both = [oracle.standings(history, code, on, NOW) for history in (known, replaced)]
    here = planned.below(REGIONS, [region])
    now, then = ([row for row in side if row["region"] in here] for side in both)
    assert _figures(sums) == _counted(now, then)
    states = [oracle.enterprises(history, code, on, NOW) for history in (known, replaced)]
    inside = [{e: s for e, s in side.items() if s["status"] in IN and s["region"] in here} for side in states]
    assert _statuses(sums) == _states(*inside)
    assert_totals(sums, now, then)
    assert_told(base, chronicle.shape(draft), on, sums)
    told = {line.enterprise: (line.now.status, line.then.status) for line in lines}
    for enterprise in {*inside[0], *inside[1]}:
        pair = tuple(side.get(enterprise, {}).get("status", "") for side in inside)
        assert told.get(enterprise, pair) == pair
        assert enterprise in told or pair[0] == pair[1]


def assert_told(base: Plan | None, draft: Plan, on: date, sums: Sums) -> None:
    """Hold the warning to the figures: a day that no change is said to alter has the same figures under both."""
    told = changes(base, draft) if base else ()
    if base and not any(c.from_on and c.from_on <= on and (c.until_on is None or on < c.until_on) for c in told):
        assert all(numbers[:3] == numbers[3:] for numbers in sums.figures.values())
        assert all(now == then for now, then in sums.statuses.values())


FIRST_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)


def _figures(sums: Sums) -> dict[Any, list[int]]:
    return {key: numbers for key, numbers in sums.figures.items() if any(numbers)}


def _counted(now: list[Row], then: list[Row]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for side, rows in enumerate((now, then)):
        for row in rows:
            numbers = found.setdefault((row["region"], row["industry"], row["post"], row["key"]), [0] * 6)
            for position, number in enumerate((1, row["covered"], row["waived"])):
                numbers[3 * side + position] += number
    return found


def _statuses(sums: Sums) -> dict[Any, list[int]]:
    return {key: counts for key, counts in sums.statuses.items() if any(counts)}


def _states(now: dict[int, Row], then: dict[int, Row]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for side, rows in enumerate((now, then)):
        for row in rows.values():
            for status in [row["status"], *(["stale"] if row["stale"] else [])]:
                found.setdefault((row["region"], row["key"], status), [0, 0])[side] += 1
    return found


def assert_totals(sums: Sums, now: list[Row], then: list[Row]) -> None:
    """Hold counts of assignments and of people to sets, and courses to what the oracle says is missing."""
    totals = sums.finish()
    for key, what in (("assignment", ""), ("person", "people_")):
        required_now, required_then = ({row[key] for row in rows} for rows in (now, then))
        lacking_now, lacking_then = ({row[key] for row in rows if not row["covered"]} for rows in (now, then))
        assert getattr(totals, f"{what}newly_required") == len(required_then - required_now)
        assert getattr(totals, f"{what}no_longer_required") == len(required_now - required_then)
        assert getattr(totals, f"{what}newly_missing") == len(lacking_then - lacking_now)
        assert getattr(totals, f"{what}no_longer_missing") == len(lacking_now - lacking_then)
    missed = {row["assignment"] for row in now if not row["covered"]}
    newly = Counter(
        course for row in then if not row["covered"] and row["assignment"] not in missed for course, _ in row["missing"]
    )
    assert {course: numbers[4] for course, numbers in sums.courses.items() if numbers[4]} == newly
    for side, rows in enumerate((now, then)):
        missing = Counter(course for row in rows if not row["covered"] for course, _ in row["missing"])
        assert {course: numbers[2 + side] for course, numbers in sums.courses.items() if numbers[2 + side]} == missing


@given(st.sets(st.integers(0, 500)), st.sets(st.integers(0, 500)))
def test_people_are_counted_once_each(ours: set[int], theirs: set[int]) -> None:
    left, right = People(), People()
    for person in [*ours, *ours]:
        left.add(person)
    for person in theirs:
        right.add(person)
    assert left.without(right) == len(ours - theirs)


def queued(session: Session, region: str = "450200") -> int:
    chronicle._stage(session)
    draft = chronicle.shape(_plan(Random(1), "alpha", 0))
    draft_id = drafts.keep(session, KeepDraft(draft, None, "alpha.toml", region, None, "Luo"), NOW)
    return draft_runs.queue(session, QueueRun(draft_id, "compare", region, LAST, None, "Luo"), NOW)


def test_a_run_is_claimed_once_and_again_when_its_worker_has_died(session: Session) -> None:
    run = queued(session)
    claimed = draft_runs.claim(session, NOW)
    assert claimed
    assert claimed.id == run
    assert draft_runs.claim(session, NOW + timedelta(minutes=1)) is None
    draft_runs.beat(session, run, NOW + timedelta(minutes=1))
    assert not draft_runs.waiting(session, NOW + timedelta(minutes=2, seconds=30))
    again = draft_runs.claim(session, NOW + timedelta(minutes=4))
    assert again
    assert again.id == run


def test_a_run_that_kills_its_worker_every_time_is_given_up(session: Session) -> None:
    run = queued(session)
    for hours in range(draft_runs.TRIES):
        assert draft_runs.claim(session, NOW + timedelta(hours=hours))
    assert draft_runs.claim(session, NOW + timedelta(hours=9)) is None
    found = reads.run(SYSTEM, session, run)
    assert (found.state, found.error) == ("failed", "dead")


def test_a_run_is_seen_only_where_its_region_is_in_reach(session: Session) -> None:
    run = queued(session)
    assert reads.run(Scope(frozenset({"450200"})), session, run).region == "450200"
    with pytest.raises(Problem, match="does not exist"):
        reads.run(Scope(frozenset({"440100"})), session, run)

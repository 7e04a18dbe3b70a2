"""Settled figures stay as they were, can be proven, and every later difference is explained to the last entry."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.coverage import service, settling
from app.coverage.ledger import NOTHING
from app.coverage.queries import Ask, comparing, freezing
from app.coverage.queries import settlements as queries
from app.coverage.queries.comparing import Difference, Standing
from app.coverage.queries.settlements import Settled
from app.coverage.queries.since import since
from app.coverage.settlement_content import signed_text
from app.coverage.settling import Settle
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import SYSTEM, Scope
from app.ops import signing
from app.ops.db import Database
from app.organisations.models import Region
from tests import oracle
from tests.coverage import chronicle
from tests.coverage.histories import FIRST, LAST, REGIONS, Story, tell

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
COUNTED = ("undeclared", "incomplete", "not_applicable", "none", "partial", "full")


def settle(session: Session, at: datetime, asked: Settle, scope: Scope = SYSTEM) -> Settled:
    posting = service.open_posting(session, at, "settlement")
    found = settling.settle(scope, session, asked, posting, day_of(at))
    return queries.settlement(SYSTEM, session, found)


def asked_of(rng: Random, story: Story, at: datetime) -> Settle | None:
    """Choose something that can be settled at an instant."""
    plans = {p["code"]: p for p in story.history["plans"] if p["recorded_at"] <= at}
    begun = [plan for plan in plans.values() if plan["starts_on"] <= day_of(at)]
    if not begun:
        return None
    plan = rng.choice(begun)
    days = (day_of(at) - plan["starts_on"]).days
    on = plan["starts_on"] + timedelta(days=rng.choice([days, days, rng.randint(0, days)]))
    reached = [code for code in REGIONS if any(_within(code, top) or _within(top, code) for top in plan["regions"])]
    return Settle(plan["code"], rng.choice(["100000", "100000", *reached]), on, "", "Luo")


def told(database: Database, seed: int, commands: int) -> tuple[Settled, Story] | None:
    """Write a history with a settlement somewhere in it."""
    rng = Random(seed)
    story = tell(rng, commands)
    number = rng.randrange(len(story.steps) // 3, 1 + 2 * len(story.steps) // 3)
    at = story.steps[number].at
    close = number + 1 < len(story.steps) and story.steps[number + 1].at - at < timedelta(microseconds=3)
    asked = None if close else asked_of(rng, story, at)
    if asked is None:
        return None
    chronicle.write(database, Story(story.history, story.steps[: number + 1]))
    with database.session() as session:
        settled = settle(session, at, asked)
    for step in story.steps[number + 1 :]:
        with database.session() as session:
            chronicle.write_step(session, story.history, step)
    return settled, story


def all_differences(session: Session, settled: Settled) -> list[Difference]:
    asked = since(SYSTEM, session, settled, day_of(LATER), LATER)
    found: list[Difference] = []
    after: str | None = None
    while True:
        listed = comparing.differences(session, asked, after=after, size=2)
        found += listed.rows
        after = listed.after
        if after is None:
            return found


def turned(settled: Standing, difference: Difference) -> str:
    """Give the status that the changes lead to, from the settled one."""
    statuses = dict.fromkeys(COUNTED, 0) | ({settled.status: 1} if settled.status else {})
    for change in difference.changes:
        for status, delta in change.statuses.items():
            statuses[status] += delta
    assert set(statuses.values()) <= {0, 1}
    return next((status for status, one in statuses.items() if one), "")


def explain(database: Database, settled: Settled) -> None:
    """Compare what was settled with what is known now, and hold every difference to its explanation."""
    with database.reading() as session:
        asked = since(SYSTEM, session, settled, day_of(LATER), LATER)
        comparison = comparing.compare(SYSTEM, session, asked, day_of(LATER), LATER)
        listed = all_differences(session, settled)
        before = {row.uscc: row for row in queries.rows(session, settled.id) if row.kind == "enterprise"}
        ask = Ask(settled.head.plan_code, settled.head.on, region=settled.head.region)
        now = {row.uscc: row for _, row in freezing.enterprises(SYSTEM, session, ask, day_of(LATER), LATER)}
    assert comparison.unexplained == NOTHING
    assert comparison.changed == len(listed) == len({one.enterprise_id for one in listed})
    sides = {
        uscc: tuple((row.tally, row.status) if row else (NOTHING, "") for row in (before.get(uscc), now.get(uscc)))
        for uscc in {*before, *now}
    }
    assert {one.uscc for one in listed} == {uscc for uscc, (old, new) in sides.items() if old != new}
    whole = NOTHING
    for one in listed:
        assert ((one.settled.tally, one.settled.status), (one.current.tally, one.current.status)) == sides[one.uscc]
        assert one.unexplained == NOTHING
        assert turned(one.settled, one) == one.current.status
        for change in one.changes:
            whole = whole.plus(change.tally)
            assert change.recorded_at is None or change.recorded_at > settled.head.known_at
    assert whole == comparison.difference


def agrees_with_the_oracle(database: Database, settled: Settled, story: Story) -> None:
    """Hold the frozen rows to a count by brute force, as known when they were frozen."""
    head = settled.head
    below = {code for code in REGIONS if _within(code, head.region)}
    people = oracle.standings(story.history, head.plan_code, head.on, head.known_at)
    people = [row for row in people if row["region"] in below]
    states = oracle.enterprises(story.history, head.plan_code, head.on, head.known_at)
    wanted = {f"USCC{e}": row for e, row in states.items() if row["status"] in COUNTED and row["region"] in below}
    with database.reading() as session:
        rows = list(queries.rows(session, settled.id))
        assert queries.recomputed_hash(session, settled) == settled.seal.hash
    assert len(rows) == settled.seal.rows
    assert settled.whole == (len(people), sum(p["covered"] for p in people), sum(p["waived"] for p in people))
    enterprises = {row.uscc: row for row in rows if row.kind == "enterprise"}
    assert {uscc: row.status for uscc, row in enterprises.items()} == {u: row["status"] for u, row in wanted.items()}
    assert {uscc: row.roster for uscc, row in enterprises.items()} == {u: row["roster"] for u, row in wanted.items()}
    for row in rows:
        mine = {"region": row.region, "industry": row.industry, "post": row.post}
        mine = {name: code for name, code in mine.items() if code and name != "region"}
        if row.kind in {"region", "industry", "post", "post_industry"}:
            inside = [p for p in people if all(p[name] == code for name, code in mine.items())]
            inside = [p for p in inside if not row.region or _within(p["region"], row.region)]
            assert row.tally[:2] == (len(inside), sum(p["covered"] for p in inside)), row
    assert len({row.place for row in rows}) == len(rows)


def _within(code: str | None, top: str) -> bool:
    while code is not None and code != top:
        code = REGIONS[code]
    return code is not None


@pytest.mark.parametrize("seed", range(4))
def test_every_difference_is_explained(database: Database, seed: int) -> None:
    found = told(database, seed, 36)
    if found:
        explain(database, found[0])
        agrees_with_the_oracle(database, *found)


@SQLITE
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(min_value=100), commands=st.integers(5, 40))
def test_every_difference_is_explained_over_many_histories(database_url: str, seed: int, commands: int) -> None:
    with chronicle.fresh(database_url) as database:
        found = told(database, seed, commands)
        if found:
            explain(database, found[0])
            agrees_with_the_oracle(database, *found)


def settled_story(database: Database, region: str = "100000") -> Settled:
    chronicle.write(database, tell(Random(2), 25))
    with database.session() as session:
        return settle(session, LATER, Settle("alpha", region, LAST, "for the record", "Luo"))


@pytest.mark.parametrize("region", ["440000", "440100", "100000"])
def test_a_region_that_moved_is_explained_by_the_tree(database: Database, region: str) -> None:
    settled = settled_story(database, region)
    with database.session() as session:
        posting = service.open_posting(session, LATER, "import_regions")
        session.get_one(Region, "440103").parent = "450200"
        session.get_one(Region, "440200").parent = "440100"
        service.post(session, posting, everything=True)
    explain(database, settled)


CHANGES = (
    "UPDATE settlement SET note = 'better'",
    "DELETE FROM settlement",
    "UPDATE settlement_row SET covered = covered + 1 WHERE position = 0",
    "DELETE FROM settlement_row WHERE position = 1",
    "INSERT INTO settlement_row SELECT * FROM settlement_row WHERE position = 1",
    "UPDATE settlement_seal SET rows = rows",
    "DELETE FROM settlement_seal",
    "UPDATE signing_key SET public_key = ''",
    "DELETE FROM signing_key",
)
REFUSED = r"written once|UNIQUE|unique"
ONLY = {
    "sqlite": ("INSERT OR REPLACE INTO settlement SELECT * FROM settlement",),
    "postgresql": ("TRUNCATE settlement_row", "TRUNCATE settlement CASCADE"),
}


def test_the_database_refuses_every_change(database: Database) -> None:
    settled = settled_story(database)
    for change in (*CHANGES, *ONLY[database.engine.dialect.name]):
        with pytest.raises(DatabaseError, match=REFUSED), database.session() as session:
            session.execute(text(change))
    with database.reading() as session:
        assert queries.settlement(SYSTEM, session, settled.id) == settled
        assert queries.recomputed_hash(session, settled) == settled.seal.hash


ADDED = """
    INSERT INTO settlement_row SELECT settlement_id, 9999, kind, region, parent, industry, post, uscc, name,
    enterprise_id, key_enterprise, status, required, covered, waived, statuses, stale, roster, insured
    FROM settlement_row WHERE position = 0
"""


def test_no_row_is_added_to_what_is_sealed(database: Database) -> None:
    settled_story(database)
    with pytest.raises(DatabaseError, match="written once"), database.session() as session:
        session.execute(text(ADDED))


@SQLITE
def test_the_seal_can_be_checked_with_the_published_key(database: Database) -> None:
    settled = settled_story(database)
    with database.reading() as session:
        (key,) = queries.keys(session)
    assert key.id == settled.seal.key_id == signing.key_id(bytes.fromhex(key.public_key))
    public, signature = bytes.fromhex(key.public_key), bytes.fromhex(settled.seal.signature)
    assert signing.verifies(public, signature, signed_text(settled.seal.hash))
    assert not signing.verifies(public, signature, signed_text("0" * 64))
    assert not signing.verifies(public[::-1], signature, signed_text(settled.seal.hash))
    assert "BEGIN PUBLIC KEY" in signing.pem(public)


@SQLITE
def test_the_same_figures_again_have_the_same_hash_but_for_when_and_why(database: Database) -> None:
    first = settled_story(database)
    with database.session() as session:
        again = Settle("alpha", "100000", LAST, "", "Luo", first.id, "wrong note")
        second = settle(session, LATER, again)
        before = list(queries.rows(session, first.id))
        assert list(queries.rows(session, second.id)) == before
    assert second.seal.hash != first.seal.hash
    assert second.head.supersedes == first.seal.hash
    with database.reading() as session:
        assert queries.settlement(SYSTEM, session, first.id).superseded_by == second.id
        assert queries.recomputed_hash(session, first) == first.seal.hash


@SQLITE
def test_it_is_settled_once_and_superseded_once(database: Database) -> None:
    first = settled_story(database)
    same = Settle("alpha", "100000", LAST, "", "Luo")
    with database.session() as session:
        with pytest.raises(Problem, match="settled already"):
            settle(session, LATER, same)
        settle(session, LATER, Settle("alpha", "100000", LAST, "", "Luo", first.id, "a roster came late"))
        with pytest.raises(Problem, match="superseded already"):
            settle(session, LATER, Settle("alpha", "100000", LAST, "", "Luo", first.id, "once more"))


@SQLITE
def test_only_days_of_the_plan_that_have_come_in_regions_in_reach(database: Database) -> None:
    chronicle.write(database, tell(Random(2), 5))
    guangdong = Scope(regions=frozenset({"440000", "440100", "440103", "440200"}))
    with database.session() as session:
        for region, on, status in (
            ("440000", date(2026, 1, 2), 422),
            ("440000", FIRST - timedelta(days=4000), 422),
            ("450000", LAST, 404),
            ("nowhere", LAST, 404),
        ):
            with pytest.raises(Problem) as refused:
                settle(session, LATER, Settle("alpha", region, on, "", "Luo"), guangdong)
            assert refused.value.status == status, region
        with pytest.raises(Problem, match="does not apply in that region"):
            settle(session, LATER, Settle("alpha", "450000", LAST, "", "Luo"))
        with pytest.raises(Problem) as refused:
            settle(session, LATER, Settle("omega", "440000", LAST, "", "Luo"), guangdong)
        assert refused.value.status == 404
        mine = settle(session, LATER, Settle("alpha", "440100", LAST, "", "Luo"), guangdong)
        assert [one.id for one in queries.settlements(guangdong, session).rows] == [mine.id]
        elsewhere = Scope(regions=frozenset({"450000", "450200"}))
        assert queries.settlements(elsewhere, session).rows == ()
        with pytest.raises(Problem):
            queries.settlement(elsewhere, session, mine.id)


@SQLITE
def test_what_does_not_add_up_is_not_settled(database: Database) -> None:
    chronicle.write(database, tell(Random(2), 25))
    with database.session() as session:
        session.execute(text("UPDATE enterprise_standing SET status = 'full' WHERE superseded_at IS NULL"))
    with pytest.raises(Problem, match="add up"), database.session() as session:
        settle(session, LATER, Settle("alpha", "100000", LAST, "", "Luo"))
    with database.reading() as session:
        assert queries.settlements(SYSTEM, session).rows == ()

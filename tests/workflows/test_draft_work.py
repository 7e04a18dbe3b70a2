"""Queued comparisons and publications are done once each, whatever happens to the process or to one of them."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Event

import pytest

from app.coverage import draft_runs, drafting
from app.coverage import service as coverage
from app.coverage.draft_runs import QueueRun
from app.coverage.queries import drafts as results
from app.coverage.queries import runs as reads
from app.coverage.queries.runs import RunRow
from app.identity.service import Actor
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.plans import drafts, queries, service
from app.plans.drafts import KeepDraft
from app.workflows import daily, draft_work
from app.workflows.publish_plan import AskPublication, ask_publication
from tests import world

CLAIMED = 2
"""The second look at the clock is the one that claims a run."""
PLAN, ON = "liuzhou-2021-2025", date(2025, 6, 30)


@pytest.fixture
def draft_id(database: Database) -> int:
    """Give a draft that says what the plan says, in the world of named people."""
    with database.session() as session:
        world.build(session)
        plan = queries.plan(session, PLAN)
        return drafts.keep(session, KeepDraft(plan, plan.id, "draft.toml", "450200", None, "Luo"), datetime.now(UTC))


def queue(database: Database, draft_id: int, kind: draft_runs.Kind = "compare", at: datetime | None = None) -> int:
    with database.session() as session:
        asked = QueueRun(draft_id, kind, "450200", ON, None, "Luo", "because")
        return draft_runs.queue(session, asked, at or datetime.now(UTC))


def look(database: Database, run_id: int) -> RunRow:
    with database.reading() as session:
        return reads.run(SYSTEM, session, run_id)


def test_everything_that_is_queued_is_done_in_turn(database: Database, draft_id: int) -> None:
    first, second = queue(database, draft_id), queue(database, draft_id)
    draft_work.work(database)
    assert [look(database, run).state for run in (first, second)] == ["done", "done"]
    assert look(database, first).done == look(database, first).whole == 2


def test_a_run_that_fails_is_recorded_and_the_next_is_done(database: Database, draft_id: int) -> None:
    failing, next_one = queue(database, draft_id, "publish"), queue(database, draft_id)
    draft_work.work(database)
    assert (look(database, failing).state, look(database, failing).error) == ("failed", "plan_changed")
    assert look(database, next_one).state == "done"


def test_an_unforeseen_error_is_the_runs_and_not_the_processs(
    database: Database, draft_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(drafting, "count", broken)
    run = queue(database, draft_id)
    draft_work.work(database)
    assert (look(database, run).state, look(database, run).error) == ("failed", "fault")


def test_a_process_that_is_to_end_puts_its_comparison_back(database: Database, draft_id: int) -> None:
    run = queue(database, draft_id)
    stop, ticks = Event(), []

    def tick() -> datetime:
        ticks.append(1)
        if len(ticks) == CLAIMED:
            stop.set()
        return datetime.now(UTC)

    draft_work.work(database, tick, stop)
    assert len(ticks) == CLAIMED
    assert look(database, run).whole == 2, "it was begun"
    assert look(database, run).state == "queued"
    draft_work.work(database)
    assert look(database, run).state == "done"


def test_what_a_dead_process_left_is_done_at_the_next_start(database: Database, draft_id: int) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    run = queue(database, draft_id, at=long_ago)
    with database.session() as session:
        claimed = draft_runs.claim(session, long_ago)
        assert claimed
        draft_runs.advance(session, run, 1, (), long_ago)

    async def serve_a_moment() -> None:
        serving = asyncio.create_task(daily.each_day(database))
        for _ in range(200):
            await asyncio.sleep(0.05)
            if (await asyncio.to_thread(look, database, run)).state == "done":
                break
        serving.cancel()
        await asyncio.wait([serving])

    asyncio.run(serve_a_moment())
    assert look(database, run).state == "done"


def test_a_draft_is_published_only_while_its_newest_comparison_stands(database: Database, draft_id: int) -> None:
    def ask() -> int:
        with database.session() as session:
            plan = queries.plan(session, PLAN)
            asked = AskPublication(draft_id, "agreed", drafts.version_now(session, plan.id), past_confirmed=True)
            return ask_publication(session, SYSTEM, asked, Actor(None, "Luo"), datetime.now(UTC), ON)

    with pytest.raises(Problem) as refused:
        ask()
    assert (refused.value.status, refused.value.code) == (409, "not_compared")
    queue(database, draft_id)
    draft_work.work(database)
    with database.session() as session:
        changed = replace(queries.plan(session, PLAN), retention_years=7)
        service.publish(session, changed, coverage.open_posting(session, datetime.now(UTC), "plan").recorded_at)
    with pytest.raises(Problem) as refused:
        ask()
    assert (refused.value.status, refused.value.code) == (409, "plan_changed")
    queue(database, draft_id)
    draft_work.work(database)
    run = ask()
    draft_work.work(database)
    assert look(database, run).state == "done"


def test_the_findings_of_old_comparisons_make_room(database: Database, draft_id: int) -> None:
    ids = [queue(database, draft_id) for _ in range(7)]
    draft_work.work(database)
    with database.reading() as session:
        kept = [run.id for run in reads.runs(SYSTEM, session, draft_id)]
        assert kept == ids[:1:-1]
        assert not results.figures(session, ids[0], ["450202", "450205"], "post")
        assert results.figures(session, ids[-1], ["450202", "450205"], "post")

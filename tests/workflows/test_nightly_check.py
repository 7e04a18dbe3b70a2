"""The nightly proof is recorded, raises an alarm on differences, runs once at a time and survives a crash."""

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from app.coverage import proof
from app.coverage.findings import Finding
from app.identity.service import Actor
from app.kit.dates import day_of, start_of
from app.kit.errors import Problem
from app.ops import alarms, runs
from app.ops.db import Database, Session
from app.workflows import daily, nightly_check
from app.workflows.acknowledge_alarm import acknowledge_alarm
from tests.coverage import chronicle
from tests.coverage.histories import tell
from tests.support.databases import sqlite_copy
from tests.support.serving import PATIENCE, ROOT, coverall, environment

NIGHT = datetime(2026, 11, 21, 16, 1, tzinfo=UTC)
"""A minute after midnight in Shanghai."""
WRONG = "UPDATE standing SET covered = NOT covered WHERE id = (SELECT max(id) FROM standing)"


class Tick:
    """A clock that goes on by ten seconds each time it is read."""

    def __init__(self, at: datetime = NIGHT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=10)
        return self.at


@pytest.fixture
def told(database: Database) -> Database:
    """Give a database with a story in it."""
    chronicle.write(database, tell(Random(2), 25))
    return database


def all_runs(database: Database, now: datetime = NIGHT) -> list[tuple[str, str | None, int]]:
    with database.reading() as session:
        return [(run.name, run.outcome, run.findings) for run in runs.latest(session, now, 9)]


def open_alarms(database: Database) -> tuple[alarms.AlarmRow, ...]:
    with database.reading() as session:
        return alarms.listed(session, acknowledged=False, size=9)


def test_a_clean_check_is_recorded_and_raises_nothing(told: Database) -> None:
    proven = nightly_check.prove(told, Tick())
    assert proven is not None
    assert proven.count == 0
    assert all_runs(told) == [("proof", "clean", 0)]
    assert open_alarms(told) == ()
    with told.reading() as session:
        assert nightly_check.last_check(session) == nightly_check.LastCheck(NIGHT + timedelta(seconds=10), 0)


def test_differences_raise_an_alarm_with_the_differing_rows(told: Database) -> None:
    with told.session() as session:
        session.execute(text(WRONG))
    nightly_check.prove(told, Tick())
    (alarm,) = open_alarms(told)
    assert (alarm.kind, alarm.count > 0) == ("proof.findings", True)
    with told.reading() as session:
        rows = alarms.one(session, alarm.id).rows
        checked = nightly_check.last_check(session)
    assert "standing" in {row.kind for row in rows}
    assert all(row.text for row in rows)
    assert checked is not None
    assert checked.findings == alarm.count == len(rows)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_many_differences_the_first_are_kept_and_all_are_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "check", lambda _: (Finding("entry", f"row {n}") for n in range(1234)))
    nightly_check.prove(database, Tick())
    (alarm,) = open_alarms(database)
    with database.reading() as session:
        rows = alarms.one(session, alarm.id).rows
    assert alarm.count == 1234
    assert [row.text for row in rows] == [f"row {n}" for n in range(200)]


def test_while_a_check_runs_another_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_: Session) -> Iterator[Finding]:
        assert nightly_check.prove(database, Tick()) is None
        with database.reading() as session:
            assert not nightly_check.due(session, NIGHT)
        yield Finding("entry", "something")

    monkeypatch.setattr(proof, "check", check)
    proven = nightly_check.prove(database, Tick())
    assert proven is not None
    assert proven.count == 1
    assert len(all_runs(database)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_check_holds_no_write_lock(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(_: Session) -> Iterator[Finding]:
        with closing(sqlite3.connect(str(database.engine.url.database), timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield Finding("entry", "a writer got through")

    monkeypatch.setattr(proof, "check", check)
    proven = nightly_check.prove(database, Tick())
    assert proven is not None


def test_a_check_that_died_is_shown_as_interrupted_and_done_again(database: Database) -> None:
    with database.session() as session:
        assert runs.claim(session, "proof", NIGHT) is not None
    with database.reading() as session:
        assert runs.latest(session, NIGHT + timedelta(minutes=4), 1)[0].outcome is None
        assert not nightly_check.due(session, NIGHT + timedelta(minutes=4))
        assert runs.latest(session, NIGHT + timedelta(minutes=6), 1)[0].outcome == "interrupted"
        assert nightly_check.due(session, NIGHT + timedelta(minutes=6))
    assert nightly_check.prove(database, Tick(NIGHT + timedelta(minutes=6))) is not None
    assert [outcome for _, outcome, _ in all_runs(database)] == ["clean", "interrupted"]


def test_a_check_that_dies_again_and_again_waits_for_the_next_night(database: Database) -> None:
    later = NIGHT
    for _ in range(3):
        with database.session() as session:
            assert nightly_check.due(session, later)
            runs.claim(session, "proof", later)
        later += timedelta(minutes=10)
    with database.reading() as session:
        assert not nightly_check.due(session, later)
        assert nightly_check.due(session, NIGHT + timedelta(days=1))


def test_interrupted_twice_in_a_day_is_an_alarm(database: Database) -> None:
    for minutes in (0, 10):
        assert open_alarms(database) == ()
        with database.session() as session:
            runs.claim(session, "proof", NIGHT + timedelta(minutes=minutes))
    nightly_check.prove(database, Tick(NIGHT + timedelta(minutes=20)))
    assert [(alarm.kind, alarm.count) for alarm in open_alarms(database)] == [("proof.interrupted", 2)]
    nightly_check.prove(database, Tick(NIGHT + timedelta(days=1)))
    assert len(open_alarms(database)) == 1


def test_a_long_check_is_seen_alive(database: Database) -> None:
    with database.session() as session:
        run_id = runs.claim(session, "proof", NIGHT)
        assert run_id is not None
        runs.beat(session, run_id, NIGHT + timedelta(minutes=30))
        assert runs.claim(session, "proof", NIGHT + timedelta(minutes=31)) is None
        assert runs.claim(session, "day", NIGHT + timedelta(minutes=31)) is not None


def test_an_error_is_recorded_and_raises_an_alarm_without_its_values(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(_: Session) -> Iterator[Finding]:
        raise ValueError("韦大勇")
        yield

    monkeypatch.setattr(proof, "check", check)
    with pytest.raises(ValueError, match="韦大勇"):
        nightly_check.prove(database, Tick())
    assert all_runs(database) == [("proof", "failed", 0)]
    assert [(alarm.kind, alarm.text) for alarm in open_alarms(database)] == [("proof.failed", "ValueError")]


def test_acknowledging_closes_an_alarm_and_its_like_before_it(database: Database) -> None:
    by = Actor(None, "管平")
    with database.session() as session:
        for day, kind in enumerate(("proof.findings", "proof.failed", "proof.findings", "proof.findings")):
            run_id = runs.claim(session, f"run {day}", NIGHT)
            assert run_id is not None
            alarms.raise_alarm(session, run_id, kind, "3 findings", 3, (), NIGHT)
    newest_first = [alarm.id for alarm in open_alarms(database)]
    with database.session() as session:
        acknowledge_alarm(session, newest_first[1], "已用 repair 修复", by, NIGHT)
        assert alarms.open_count(session) == 2
    assert [alarm.id for alarm in open_alarms(database)] == [newest_first[0], newest_first[2]]
    with pytest.raises(Problem, match="already"), database.session() as session:
        acknowledge_alarm(session, newest_first[1], "again", by, NIGHT)
    with pytest.raises(Problem, match="Say why"), database.session() as session:
        acknowledge_alarm(session, newest_first[0], " ", by, NIGHT)


def test_the_days_work_is_recorded_and_its_failure_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    daily.run(database)
    assert all_runs(database) == [("day", "clean", 0)]

    def broken(*_: Any) -> int:
        raise KeyError("x")

    monkeypatch.setattr(daily, "_work", broken)
    with pytest.raises(KeyError):
        daily.run(database)
    assert [outcome for _, outcome, _ in all_runs(database)] == ["failed", "clean"]
    assert [alarm.kind for alarm in open_alarms(database)] == ["day.failed"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_night_is_caught_up_with_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    proven: list[int] = []

    async def prove() -> None:
        proven.append(1)
        nightly_check.prove(database)

    monkeypatch.setattr(daily, "_prove_apart", prove)
    asyncio.run(daily.catch_up(database))
    asyncio.run(daily.catch_up(database))
    assert proven == [1]
    assert sorted(name for name, *_ in all_runs(database)) == ["day", "proof"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_serving_process_leaves_the_first_minutes_to_the_worker(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = start_of(day_of(NIGHT))
    monkeypatch.setattr("app.ops.clock.now", lambda: midnight + timedelta(minutes=2))
    asyncio.run(daily.catch_up(database, daily.SERVER_AFTER))
    assert all_runs(database) == []


def test_the_command_raises_an_alarm_from_cron(tmp_path: Path, sqlite_template: Path) -> None:
    database = Database(sqlite_copy(sqlite_template, tmp_path))
    chronicle.write(database, tell(Random(2), 25))
    with database.session() as session:
        session.execute(text(WRONG))
    done = coverall(tmp_path, "check", "--alarm", COVERALL_DATABASE_URL=str(database.engine.url))
    assert done.returncode == 1, done.stderr
    assert "findings" in done.stdout
    assert '"level": "error"' in done.stderr
    assert len(open_alarms(database)) == 1
    database.close()


def test_a_worker_does_the_nights_work_in_a_process_of_its_own(tmp_path: Path, sqlite_template: Path) -> None:
    database = Database(sqlite_copy(sqlite_template, tmp_path))
    chronicle.write(database, tell(Random(2), 25))
    told = environment(tmp_path, COVERALL_DATABASE_URL=str(database.engine.url))
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "-m", "app", "worker"], cwd=ROOT, env=told, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE
        while ("proof", "clean", 0) not in all_runs(database, datetime.now(UTC)):
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()
            assert time.monotonic() < deadline, all_runs(database)
            time.sleep(0.2)
    finally:
        worker.terminate()
        worker.wait()
    assert ("day", "clean", 0) in all_runs(database)
    database.close()

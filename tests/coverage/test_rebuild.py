"""A ledger rebuilt from the facts is, row by row, the one that the postings made, in all recorded time."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from app.awards.models import Award
from app.cli import app
from app.coverage import jobs, proof
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Standing
from app.coverage.projection_models import (
    AheadKind,
    AheadMonth,
    AheadTally,
    EnterpriseFigure,
    FigureSlot,
    KindRollup,
    TallyRollup,
)
from app.coverage.projections import SUMS
from app.coverage.rebuild import Rebuild, bulk, rebuild
from app.identity.models import AuditEvent
from app.identity.service import Actor
from app.kit.errors import Problem
from app.ops.db import Database, Session, sqlite_file
from app.ops.settings import settings
from tests.coverage import chronicle
from tests.coverage.histories import Story, tell
from tests.support.sample import copy_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SPANS = (Standing, EnterpriseStanding)
ENTRIES = {Entry: ("required", "covered", "waived"), EnterpriseEntry: ("delta",)}
PROJECTIONS = (TallyRollup, KindRollup, AheadTally, AheadKind, AheadMonth, EnterpriseFigure, FigureSlot)
Ledger = dict[str, Counter[tuple[Any, ...]]]


@pytest.mark.parametrize("seed", range(5))
def test_rebuilt_rows_are_those_that_were_posted(database: Database, seed: int) -> None:
    posted = story_in(database, seed)
    rebuilt(database)
    with database.reading() as session:
        assert ledger(session) == posted
        assert list(proof.check(session)) == []


def test_what_the_workflows_posted_comes_out_as_it_was(sample: Path, tmp_path: Path) -> None:
    """Imports, exams, closures, waivers of a whole region."""
    database = Database(f"sqlite:///{copy_of(sample, tmp_path)}")
    with database.session() as session:
        jobs.rebuild(session, NOW.date())
        posted = ledger(session)
    rebuilt(database)
    with database.reading() as session:
        assert ledger(session) == posted
    database.close()


@pytest.mark.parametrize("processes", [1, 2])
def test_whatever_was_tampered_with_is_made_again(database: Database, processes: int) -> None:
    posted = story_in(database, 2)
    with database.session() as session:
        session.execute(text("UPDATE standing SET covered = NOT covered"))
        session.execute(text("DELETE FROM entry"))
        session.execute(text("DELETE FROM enterprise_standing"))
        session.execute(text("UPDATE enterprise_entry SET delta = 7"))
        session.execute(text("DELETE FROM tally_rollup"))
    counts = rebuilt(database, processes)
    with database.reading() as session:
        assert ledger(session) == posted
        assert counts["entry"] == session.scalar(select(func.count(Entry.id)))


def test_postings_go_on_after_a_rebuild(database: Database) -> None:
    story = tell(Random(3), 30)
    chronicle.write(database, Story(story.history, story.steps[:20]))
    rebuilt(database)
    with database.session() as session:
        for step in story.steps[20:]:
            chronicle.write_step(session, story.history, step)
        jobs.roll(session, NOW.date())
    with database.reading() as session:
        gone_on = ledger(session)
        assert list(proof.check(session)) == []
    rebuilt(database)
    with database.reading() as session:
        assert ledger(session) == gone_on


def test_a_fact_without_a_posting_stops_it_and_leaves_the_old_ledger(database: Database) -> None:
    posted = story_in(database, 2)
    with database.session() as session:
        session.execute(update(Award).values(recorded_at=NOW))
    with pytest.raises(Problem) as refused:
        rebuilt(database, 2)
    assert refused.value.code == "rebuild_posting"
    with database.reading() as session:
        assert ledger(session) == posted


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_second_rebuild_touches_no_file_of_the_first(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    story_in(database, 2)
    monkeypatch.setattr(bulk, "PRAGMAS", (*bulk.PRAGMAS, "busy_timeout=100"))
    kept = sqlite_file(database.engine.url.render_as_string(hide_password=False))
    assert kept
    file = kept.with_name(f"{kept.name}.rebuild-rows0")
    file.touch()
    with database.session() as first:
        first.connection()
        with pytest.raises(OperationalError, match="locked"):
            rebuilt(database)
        assert file.exists()
    rebuilt(database)
    assert not file.exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_says_how_many_rows_there_are(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    posted = story_in(database, 4)
    monkeypatch.setenv("COVERALL_DATABASE_URL", database.engine.url.render_as_string(hide_password=False))
    settings.cache_clear()
    done = CliRunner().invoke(app, ["rebuild", "--processes", "1"])
    settings.cache_clear()
    assert done.exit_code == 0
    assert f"standing {posted['standing'].total():,}" in done.stdout
    with database.reading() as session:
        assert session.scalar(select(AuditEvent.action).where(AuditEvent.subject == "ledger")) == "ledger.rebuild"


def story_in(database: Database, seed: int) -> Ledger:
    """Write a story by postings, with all projections, and give what stands then."""
    chronicle.write(database, tell(Random(seed), 40))
    with database.session() as session:
        jobs.rebuild(session, NOW.date())
        return ledger(session)


def rebuilt(database: Database, processes: int = 1) -> dict[str, int]:
    """Rebuild the whole ledger."""
    url = database.engine.url.render_as_string(hide_password=False)
    return rebuild(url, Rebuild(Actor(None, "Luo"), NOW, processes))


def ledger(session: Session) -> Ledger:
    """Give what the tables say: spans with their recorded time, entries summed by line and instant, no empty sums."""
    found: Ledger = {}
    for spans in SPANS:
        columns = [column for column in spans.__table__.columns if column.name != "id"]
        rows = Counter(tuple(row) for row in session.execute(select(*columns)))
        found[spans.__tablename__] = Counter({row: n for row, n in rows.items() if row[-1] != row[-2]})
    for entries, sums in ENTRIES.items():
        columns = [column for column in entries.__table__.columns if column.name not in {"id", *sums}]
        totals = [func.sum(getattr(entries, name)) for name in sums]
        lines = session.execute(select(*columns, *totals).group_by(*columns))
        found[entries.__tablename__] = Counter(tuple(line) for line in lines if any(line[-len(sums) :]))
    for projection in PROJECTIONS:
        rows = Counter(tuple(row) for row in session.execute(select(*projection.__table__.columns)))
        width = len(SUMS.get(projection, ()))
        found[projection.__tablename__] = Counter({row: n for row, n in rows.items() if any(row[-width:])})
    return found

"""Projections say what the ledger says: kept by postings, rolled, folded, rebuilt; and what was spoilt is found."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from app.coverage import jobs, proof
from app.coverage.enterprise_figures import COLUMNS
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.periods import month_start, quarter_ends, year_start
from app.coverage.projection_models import EnterpriseFigure, KindRollup, PendingKind, PendingTally, TallyRollup
from app.ops.db import Database
from tests.coverage import chronicle
from tests.coverage.histories import tell

SPOILS = {
    "a sum by region": "UPDATE tally_rollup SET covered = covered + 1 WHERE grain = 2 AND each",
    "a month": "UPDATE tally_rollup SET required = required + 1 WHERE grain = 1 AND each",
    "a total": "DELETE FROM kind_rollup WHERE NOT each",
    "a count of enterprises": "UPDATE kind_rollup SET delta = delta - 1 WHERE grain = 2 AND each",
    "a figure of an enterprise": "UPDATE enterprise_figure SET required = required + 1 WHERE slot = 0",
    "an enterprise in no list": "DELETE FROM enterprise_figure WHERE slot <> 0",
    "the tree": "DELETE FROM region_node WHERE node <> region",
}


def primary_key(table: type[Any]) -> tuple[Any, ...]:
    found: tuple[Any, ...] = inspect(table).primary_key
    return found


class Leaving(Random):
    """Chance that leaves everything for a fold that does not come."""

    def random(self) -> float:
        return 0.9


def told(database: Database, seed: int) -> None:
    rng = Random(seed)
    chronicle.write(database, tell(rng, 25), rng)
    with database.session() as session:
        jobs.roll(session, date(2026, 1, 1))


def stored(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with database.reading() as session:
        for table in (TallyRollup, KindRollup, EnterpriseFigure):
            names = COLUMNS if table is EnterpriseFigure else [c.name for c in table.__table__.columns]
            rows = session.execute(select(*(getattr(table, name) for name in names)))
            width = len(primary_key(table))
            sums = [tuple(row) for row in rows if table is EnterpriseFigure or any(row[width:])]
            found[table.__tablename__] = sorted(sums, key=str)
    return found


def texts(database: Database) -> list[str]:
    with database.reading() as session:
        return [finding.text for finding in proof.check(session)]


@pytest.mark.parametrize("seed", range(3))
def test_a_rebuild_gives_what_postings_and_rolls_kept(database: Database, seed: int) -> None:
    told(database, seed)
    assert texts(database) == []
    with database.session() as session:
        jobs.fold(session)
    kept = stored(database)
    assert all(kept.values())
    with database.session() as session:
        jobs.rebuild(session, date(2026, 1, 1))
    assert stored(database) == kept
    assert texts(database) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", SPOILS)
def test_what_is_spoilt_is_found(database: Database, what: str) -> None:
    told(database, 3)
    with database.session() as session:
        assert session.execute(text(SPOILS[what])).rowcount  # type: ignore[attr-defined]
    assert texts(database) != []


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_what_is_pending_is_folded_once(database: Database) -> None:
    chronicle.write(database, tell(Random(1), 12), Leaving())
    with database.session() as session:
        assert jobs.pending(session)
        jobs.fold(session)
    kept = stored(database)
    with database.session() as session:
        assert not jobs.pending(session)
        assert session.scalar(select(PendingTally.id)) is session.scalar(select(PendingKind.id)) is None
        jobs.fold(session)
    assert stored(database) == kept
    assert texts(database) == []


def test_a_ledger_without_projections_is_noticed(database: Database) -> None:
    told(database, 3)
    with database.session() as session:
        assert not jobs.lacking(session)
        for table in ("tally_rollup", "kind_rollup", "enterprise_figure", "figure_slot", "region_node"):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names above
        assert jobs.lacking(session)


def test_days_are_cut_into_months_and_years_by_both_databases(database: Database) -> None:
    told(database, 3)
    with database.reading() as session:
        for table in (Entry, EnterpriseEntry):
            days = select(table.effective_on, month_start(table.effective_on), year_start(table.effective_on))
            for day, month, year in session.execute(days.distinct()):
                assert (month, year) == (day.replace(day=1), day.replace(month=1, day=1))


def test_quarter_ends_lie_between_the_days_given() -> None:
    assert quarter_ends(date(2024, 3, 31), date(2024, 12, 30)) == tuple(
        date(2024, month, day) for month, day in ((3, 31), (6, 30), (9, 30))
    )
    one = timedelta(days=1)
    assert quarter_ends(date(2024, 3, 31) + one, date(2024, 6, 30) - one) == ()

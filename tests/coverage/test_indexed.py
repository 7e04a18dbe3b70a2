"""Entries of enterprises by region: those of status by an index of their own, the others class by class."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.coverage import jobs, projection_proof, proof, service
from app.coverage.models import NO_STATUS, EnterpriseEntry, Entry
from app.coverage.queries import Ask, EnterpriseFilter, enterprises, freezing
from app.coverage.queries.asking import resolve
from app.coverage.queries.dashboard import dashboard
from app.coverage.queries.paths import region_path
from app.coverage.queries.since import Since, changed_enterprises
from app.coverage.rebuild.lines import KINDS
from app.coverage.settling import Settle
from app.coverage.status import STATUSES
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.ops.db import Base, Database
from app.organisations.models import Declaration
from tests.coverage import chronicle
from tests.coverage.histories import REGIONS
from tests.coverage.test_beside import without_merges
from tests.coverage.test_settlements import settle
from tests.coverage.test_ways import enlarge

TODAY, NOW = date(2026, 2, 1), datetime(2026, 2, 1, 4, tzinfo=UTC)
ON, REGION, GAINED, LOST = date(2025, 2, 10), "440000", "450000", "450200"
BUREAU = Scope(regions=frozenset(code for code in REGIONS if code.startswith("44")), personal=True)
"""Not everywhere: regions are named."""
OF_STATUS, BY_CLASS, OF_EACH = (f"ix_enterprise_entry_{name}" for name in ("region", "late", "enterprise"))
UNTIL, BETWEEN = "effective_on<?", "effective_on>? AND effective_on<?"
Asking = Callable[[Session], object]


def _listed(session: Session) -> None:
    for own in (False, True):
        ask = Ask("alpha", ON, region=REGION, own=own)
        enterprises(BUREAU, session, ask, EnterpriseFilter(), TODAY, NOW)


def _known(session: Session) -> None:
    """List on a day past and on one to come, as known at an instant."""
    for on in (ON, date(2025, 9, 1)):
        ask = Ask("alpha", on, datetime(2025, 5, 1, tzinfo=UTC), region=REGION)
        enterprises(BUREAU, session, ask, EnterpriseFilter(), TODAY, NOW)


def _both_known(session: Session) -> None:
    """Ask for the figures too."""
    _known(session)
    for on in (ON, date(2025, 9, 1)):
        dashboard(BUREAU, session, Ask("alpha", on, datetime(2025, 5, 1, tzinfo=UTC), region=REGION), TODAY, NOW)


def _own(session: Session) -> None:
    dashboard(BUREAU, session, Ask("alpha", ON, region=REGION, own=True), TODAY, NOW)


def _frozen(session: Session) -> None:
    list(freezing.enterprises(BUREAU, session, Ask("alpha", ON, region=REGION), TODAY, NOW))


def _paths(session: Session) -> None:
    region_path(BUREAU, session, Ask("alpha", TODAY), TODAY, NOW)


def _since(session: Session) -> None:
    """Ask for what differs from a settlement whose region gained one since, and lost one."""
    settled = settle(session, NOW + timedelta(days=1), Settle("alpha", REGION, ON, "", "Luo"), BUREAU)
    question = resolve(BUREAU, session, Ask("alpha", ON, region=REGION), TODAY, NOW)
    asked = Since(settled, question, frozenset({REGION}), frozenset({GAINED}), frozenset({LOST}))
    session.execute(changed_enterprises(asked)).all()


def _proved(session: Session) -> None:
    assert list(projection_proof.rollups(session)) == []


def _confirmed(session: Session) -> None:
    """Post a confirmation: what entries say of the enterprise is summed."""
    posting = service.open_posting(session, NOW, "confirmation")
    days = {"declared_from": TODAY, "confirmed_on": TODAY, "recorded_at": posting.recorded_at}
    session.add(Declaration(enterprise_id=1, kind="confirmation", head_count=0, actor="", **days))
    service.post(session, posting, declared=[1])


WAYS: dict[Asking, set[str]] = {
    _listed: {
        f"{OF_STATUS} (plan_id=? AND region=? AND {BETWEEN})",
        f"{OF_EACH} (plan_id=? AND enterprise_id=? AND kind=? AND {UNTIL})",
    },
    _known: {
        f"{OF_STATUS} (plan_id=? AND region=? AND {BETWEEN})",
        f"{BY_CLASS} (plan_id=? AND late=? AND region=? AND {BETWEEN})",
        f"{OF_EACH} (plan_id=? AND enterprise_id=? AND kind=? AND {UNTIL})",
    },
    _own: {f"{BY_CLASS} (plan_id=? AND late=? AND region=? AND {UNTIL})"},
    _frozen: {f"{OF_EACH} (plan_id=? AND enterprise_id=? AND kind=? AND {UNTIL})"},
    _paths: {f"{OF_STATUS} (plan_id=? AND region=? AND {UNTIL})"},
    _since: {
        f"{OF_STATUS} (plan_id=? AND region=? AND {UNTIL})",
        f"{BY_CLASS} (plan_id=? AND late=? AND region=? AND {BETWEEN})",
        f"{OF_EACH} (plan_id=? AND enterprise_id=? AND kind=? AND {UNTIL})",
    },
    _proved: {
        f"{BY_CLASS} (plan_id=? AND late=? AND region=?)",
        f"{BY_CLASS} (plan_id=? AND late<?)",
        f"{BY_CLASS} (plan_id=? AND late>?)",
    },
}


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("ask", WAYS, ids=lambda ask: ask.__name__)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_entries_of_regions_are_looked_up(database: Database, ask: Asking, *, counted: bool) -> None:
    assert ways(database, ask, counted=counted) == WAYS[ask]


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_confirmation_reads_entries_of_its_enterprise_alone(database: Database, *, counted: bool) -> None:
    found = ways(database, _confirmed, counted=counted)
    assert found
    assert all(way.startswith(f"{OF_EACH} (plan_id=? AND enterprise_id=?") for way in found)


def ways(
    database: Database, ask: Asking, *, counted: bool, table: type[Entry | EnterpriseEntry] = EnterpriseEntry
) -> set[str]:
    """Give how SQLite finds entries to answer a question; counted: with figures of large tables."""
    filled(database)
    if counted:
        enlarge(database)
    found: set[str] = set()
    with database.session() as session:
        for statement, values in asked(database, session, ask):
            steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            found |= {way.split("INDEX ")[-1] for *_, way in steps if way.startswith(f"SEARCH {table.__tablename__} ")}
    return found


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_entries_of_assignments_are_looked_up_by_class(database: Database, *, counted: bool) -> None:
    found = ways(database, _both_known, counted=counted, table=Entry)
    assert found >= {f"ix_entry_late (plan_id=? AND late=? AND region=? AND {BETWEEN})"}
    assert all("region=?" in way for way in found)


def filled(database: Database) -> None:
    chronicle.write(database, without_merges(1))
    with database.session() as session:
        jobs.rebuild(session, day_of(NOW))


def asked(database: Database, session: Session, ask: Asking) -> list[tuple[str, Any]]:
    """Give the statements about entries that a question asks."""
    found: list[tuple[str, Any]] = []

    def note(_c: object, _k: object, statement: str, values: Any, _x: object, _m: object) -> None:
        sums = "ahead_kind" in statement  # these have indexes of their own
        if re.search(r"\b(enterprise_)?entry\b", statement) and statement.startswith(("SELECT", "WITH")) and not sums:
            found.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    ask(session)
    event.remove(database.engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("ask", [_listed, _paths, _since], ids=lambda ask: ask.__name__)
def test_postgresql_may_use_the_index_of_those_of_status(database: Database, ask: Asking) -> None:
    filled(database)
    with database.session() as session:
        statements = asked(database, session, ask)
        for index in Base.metadata.tables["enterprise_entry"].indexes:
            if index.name != OF_STATUS:
                index.drop(session.connection())
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plans = [
            "".join(line for (line,) in session.connection().exec_driver_sql(f"EXPLAIN {statement}", values))
            for statement, values in statements
        ]
        session.rollback()
    assert any(OF_STATUS in plan for plan in plans)


@pytest.mark.parametrize("late", [-40, 40])
def test_an_entry_of_no_class_is_counted_by_the_proof(database: Database, late: int) -> None:
    filled(database)
    with database.session() as session:
        wrong = "UPDATE enterprise_entry SET late = :late WHERE kind <> 'stale' AND late BETWEEN -7 AND 6"
        assert session.execute(text(wrong), {"late": late}).rowcount  # type: ignore[attr-defined]
        assert [one for one in projection_proof.rollups(session) if one.about["table"] == "kind_rollup"] == []
        assert any(one.kind == "late" for one in proof.check(session))


def test_kinds_are_statuses_or_told_apart() -> None:
    assert sorted(KINDS) == sorted((*STATUSES, *NO_STATUS))

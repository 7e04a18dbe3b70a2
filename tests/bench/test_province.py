"""The made province is one that the product takes, and its report can be made: on a tiny one, nothing is timed."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from app.coverage import proof
from app.coverage import service as coverage
from app.ops.db import Database
from app.ops.settings import ROOT
from tests.bench.province import places, reads, writes
from tests.bench.province.base import opened
from tests.bench.province.facts import Ground, Maker
from tests.bench.province.make import make
from tests.bench.province.report import SECTIONS
from tests.bench.province.tables import TABLES
from tests.bench.province.training import COURSES

ASSIGNMENTS = 200
RECORDED = {name: "created_at" if name == "person" else "recorded_at" for name in TABLES if name != "enterprise"}


@pytest.fixture
def province(database_url: str) -> str:
    make(database_url, ASSIGNMENTS, lambda _: None)
    return database_url


def post(database: Database) -> None:
    with database.session() as session:
        posting = coverage.open_posting(session, datetime.now(UTC), "repair")
        coverage.post(session, posting, everything=True)


def test_a_made_province_holds_what_was_asked_for_and_every_fact_has_its_posting(province: str) -> None:
    with opened(province) as base, base.database.reading() as session:
        assert (base.assignments, base.enterprises, len(base.places.cities)) == (ASSIGNMENTS, ASSIGNMENTS // 20, 21)
        for name, column in RECORDED.items():
            strays = f"SELECT count(*) FROM {name} WHERE {column} NOT IN (SELECT recorded_at FROM posting)"  # noqa: S608
            assert session.scalar(text(strays)) == 0, name


def test_its_figures_are_proven_and_every_reading_and_writing_can_be_measured(
    province: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, value in (
        (reads, "REQUESTS", 2), (reads, "WARM", 0), (reads, "WATCHED", 2),
        (writes, "AWARDS", 2), (writes, "EACH", 1), (writes, "ROSTERS", 1), (writes, "SPREADS", (1, 4)),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    with opened(province) as base:
        assert not base.has_ledger()
        post(base.database)
        assert base.has_ledger()
        lines = [line for name in ("size", "reads", "award", "roster") for line in SECTIONS[name](base)]
        with base.database.reading() as session:
            assert list(proof.check(session)) == []
    assert len(lines) > 20
    assert all(line.value > 0 for line in lines)
    assert all(line.note for line in lines)


def test_the_same_province_is_made_every_time() -> None:
    assert _digest() == _digest()


def _digest() -> str:
    _, counties = places.read(ROOT / "courses" / "plans" / "regions.csv")
    courses = {code: number for number, code in enumerate(sorted({c for each in COURSES.values() for c in each}))}
    digest = sha256()
    for rows in Maker("seed", Ground(counties, courses, 1)).chunks(ASSIGNMENTS):
        digest.update(repr(rows).encode())
    return digest.hexdigest()


def test_all_indexes_are_there_again(province: str, database: Database) -> None:
    queries = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix_award_%'",
        "postgresql": "SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'ix_award_%'",
    }
    with database.reading() as session:
        assert session.scalar(text(queries[database.engine.dialect.name])) == 3
        assert session.scalar(select(text("count(*)")).select_from(text("award"))) > ASSIGNMENTS

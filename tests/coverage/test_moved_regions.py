"""A region that is put under another takes its enterprises into other plans' reach; a rebuild knows when."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.coverage import jobs, proof
from app.coverage.models import EnterpriseStanding
from app.ops.db import Database, Session
from app.organisations.models import RegionPast
from tests import world
from tests.coverage.test_rebuild import ledger, rebuilt

HEADS = ("code", "name", "parent")
MOVES = [("440600", "佛山市", "450200"), ("440600", "佛山市", "440000"), ("450203", "鱼峰区", "440600")]


@pytest.mark.parametrize("moves", [1, 2, 3])
def test_a_rebuild_tells_what_was_known_before_a_region_moved(database: Database, moves: int) -> None:
    with database.session() as session:
        world.build(session)
    for number in range(moves):
        with database.session() as session:
            world.fill(session, "regions", [HEADS, MOVES[number]], world.BEGAN + timedelta(days=10 * number + 10))
    with database.session() as session:
        jobs.rebuild(session, date(2026, 1, 1))
        posted = ledger(session)
        assert _ended(session) >= moves
    rebuilt(database)
    with database.reading() as session:
        assert ledger(session) == posted
        assert list(proof.check(session)) == []


def test_a_new_name_moves_nothing(database: Database) -> None:
    with database.session() as session:
        world.build(session)
        world.fill(session, "regions", [HEADS, ("440600", "佛山", "440000")])
        assert session.scalar(select(func.count()).select_from(RegionPast)) == 0


def _ended(session: Session) -> int:
    """Count the spans of status that are known no more: without them a test would say little."""
    row = EnterpriseStanding
    return session.scalar(select(func.count(row.id)).where(row.superseded_at.is_not(None))) or 0

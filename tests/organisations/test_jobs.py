"""A move recorded for a later day changes who may look at the enterprise on that day, not before and not never."""

from datetime import date

from app.ops.db import Database
from app.organisations import queries
from app.organisations.jobs import follow_moves
from tests import world

MOVE = (
    ("uscc", "name", "region", "industry", "effective_on"),
    (world.LONGJIANG, "龙江机械有限公司", "450203", "C34", "2026-07-01"),
)


def test_xie_sees_longjiang_from_the_day_it_moves_to_her_district(database: Database) -> None:
    with database.session() as session:
        lived = world.build(session)
        world.fill(session, "enterprises", MOVE)
        xie = world.scope_of(session, lived.xie)
        assert follow_moves(session, date(2026, 6, 30)) == 0
        assert queries.enterprises(xie, session, [lived.longjiang]) == ()
        assert follow_moves(session, date(2026, 7, 1)) == 1
        assert [found.id for found in queries.enterprises(xie, session, [lived.longjiang])] == [lived.longjiang]
        assert follow_moves(session, date(2026, 7, 2)) == 0

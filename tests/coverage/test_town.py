"""The town's paths, lists and lines read the same on both databases."""

from datetime import UTC, date, datetime

import pytest

from app.coverage.queries import Ask, paths, person_standing
from app.coverage.queries.asking import resolve
from app.coverage.queries.paths import enterprise_path, region_path
from app.coverage.queries.steps import lines
from app.coverage.queries.turns import Turning, turns
from app.kit.scope import SYSTEM
from app.ops.db import Database
from tests import world
from tests.coverage import town
from tests.coverage.town import MILL, PLAN

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
ON = date(2024, 9, 1)


@pytest.mark.parametrize("large", [0, 20_000])
def test_paths_lists_and_lines_answer(database: Database, monkeypatch: pytest.MonkeyPatch, large: int) -> None:
    monkeypatch.setattr(paths, "LARGE", large)
    with database.session() as session:
        town.build(session)
    with database.reading() as session:
        for ask in (Ask(PLAN, ON), Ask(PLAN, ON, known_at=date(2025, 7, 1)), Ask(PLAN, ON, region="450202")):
            _, path = region_path(SYSTEM, session, ask, TODAY, NOW)
            assert path.outlook is not None
            assert path.now.required > 10
            assert path.outlook.gap == path.now.required - path.now.covered
        _, after = region_path(SYSTEM, session, Ask(PLAN, region="450205"), TODAY, NOW)
        assert after.full_since == town.FULL_ON
        found = enterprise_path(session, resolve(SYSTEM, session, Ask(PLAN, enterprise=MILL), TODAY, NOW), TODAY)
        assert found.aftermath is not None
        assert found.aftermath.gap_now == found.now.required - found.now.covered
        wanted = Turning("gained", date(2021, 1, 1), TODAY)
        first = turns(SYSTEM, session, Ask(PLAN), wanted, TODAY, NOW, size=3)
        second = turns(SYSTEM, session, Ask(PLAN), wanted, TODAY, NOW, after=first.after, size=3)
        assert len({turn.assignment_id for turn in (*first.rows, *second.rows)}) == 6
        who = world.person(session, town.resident(town.WAIVED))
        told = lines(session, person_standing(SYSTEM, session, who, TODAY, NOW, known_at=date(2026, 2, 1)))
        assert "waived" in {step.kind for line in told for step in line.steps}

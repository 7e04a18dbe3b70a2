"""What the service appends, step by step, is what the pure ledger appends; on both databases."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from app.coverage.models import EnterpriseEntry, Entry
from app.ops.db import Database
from tests.coverage import chronicle, driver
from tests.coverage.histories import tell


@pytest.mark.parametrize("seed", range(6))
def test_the_service_appends_what_the_pure_ledger_appends(database: Database, seed: int) -> None:
    story = tell(Random(seed), 30)
    chronicle.write(database, story)
    book = driver.run(story, driver.Code())
    expected: Counter[tuple[Any, ...]] = Counter()
    for line, tally, at in book.lines:
        for name, delta in tally._asdict().items():
            expected[(*line, name, at)] += delta
    for line, delta, at in book.enterprise_lines:
        expected[(*line, at)] += delta
    assert stored(database) == {key: count for key, count in expected.items() if count}


def stored(database: Database) -> dict[tuple[Any, ...], int]:
    found: Counter[tuple[Any, ...]] = Counter()
    with database.reading() as session:
        for e in session.scalars(select(Entry)):
            line = e.plan_id, e.region, e.industry, e.key_enterprise, e.enterprise_id, e.post, e.effective_on
            for name in ("required", "covered", "waived"):
                found[(*line, name, e.recorded_at)] += getattr(e, name)
        for s in session.scalars(select(EnterpriseEntry)):
            line = s.plan_id, s.region, s.industry, s.key_enterprise, s.enterprise_id, s.kind, s.effective_on
            found[(*line, s.recorded_at)] += s.delta
    return {key: count for key, count in found.items() if count}

"""`check` is silent on an honest ledger and finds whatever was tampered with; repair posts only what is lacking."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from random import Random

import pytest
from sqlalchemy import select, text

from app.coverage import proof, service
from app.coverage.findings import plain
from app.coverage.models import Posting
from app.ops.db import Database
from tests.coverage import chronicle
from tests.coverage.histories import tell

TAMPERINGS = {
    "standing": "UPDATE standing SET covered = NOT covered WHERE id = (SELECT max(id) FROM standing)",
    "entry": "DELETE FROM entry WHERE id = (SELECT max(id) FROM entry)",
    "status": "UPDATE enterprise_standing SET status = 'none' WHERE status <> 'none' AND superseded_at IS NULL",
    "status entry": "UPDATE enterprise_entry SET kind = 'full' WHERE kind = 'undeclared'",
    "amount": "UPDATE enterprise_entry SET delta = delta + 1 WHERE kind = 'roster'",
    "late": "UPDATE entry SET late = late + 3",
    "version": "UPDATE post_assignment SET starts_on = starts_on - 1 WHERE NOT void",
    "overlap": "UPDATE post_assignment SET person_id = 1, enterprise_id = 1, post = 'x', ends_on = NULL, void = 0",
    "assignment": "UPDATE post_assignment SET ends_on = starts_on WHERE NOT void",
    "posting": "UPDATE posting SET recorded_at = 0 WHERE id = (SELECT max(posting_id) FROM enterprise_entry)",
}

STALE_TAMPERINGS = {
    "another day": "UPDATE enterprise_entry SET effective_on = effective_on + 1 WHERE kind = 'stale' AND delta > 0",
    "missing": "DELETE FROM enterprise_entry WHERE id = (SELECT max(id) FROM enterprise_entry WHERE kind = 'stale')",
    "another instant": "UPDATE enterprise_entry SET recorded_at = recorded_at + 1 WHERE kind = 'stale'",
    "confirmed on another day": "UPDATE declaration SET confirmed_on = confirmed_on + 1",
    "confirmed at another instant": "UPDATE declaration SET recorded_at = recorded_at + 1",
    "no confirmations": "DELETE FROM declaration",
    "confirmations too many": """
        INSERT INTO declaration (enterprise_id, kind, declared_from, confirmed_on, head_count, actor, recorded_at)
        SELECT enterprise_id, kind, declared_from, confirmed_on + 7, 0, '', recorded_at FROM declaration""",
}
"""What makes stale rosters not follow from confirmations, if only for a time."""


def story_in(database: Database) -> None:
    chronicle.write(database, tell(Random(2), 25))


def findings(database: Database) -> set[str]:
    with database.reading() as session:
        return {finding.kind for finding in proof.check(session)}


def test_an_honest_ledger_has_no_findings(database: Database) -> None:
    story_in(database)
    assert findings(database) == set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_is_found(database: Database, kind: str) -> None:
    story_in(database)
    with database.session() as session:
        session.execute(text(TAMPERINGS[kind]))
        found = [finding for finding in proof.check(session) if finding.kind == kind]
    assert found
    for finding in found:
        assert finding.about["table"]
        assert finding.about.keys() & {"enterprise", "region", "plan"}
        told = finding.stands != finding.should or any(finding.lacks.values())
        assert told is (kind not in {"version", "overlap", "assignment"})
        json.dumps([plain(one) for one in (finding.about, finding.stands, finding.should, finding.lacks)])


@pytest.mark.parametrize("how", STALE_TAMPERINGS)
def test_stale_rosters_are_proved_instant_by_instant(database: Database, how: str) -> None:
    story_in(database)
    with database.session() as session:
        session.execute(text(STALE_TAMPERINGS[how]))
        found = [finding for finding in proof.check(session) if finding.kind == "status entry"]
    assert found
    assert all(finding.lacks.keys() == {"stale"} for finding in found)


def test_repair_posts_what_is_lacking_and_leaves_the_past(database: Database) -> None:
    story_in(database)
    with database.session() as session:
        session.execute(text("UPDATE award SET completed_on = :day"), {"day": date(2024, 6, 2).toordinal()})
        before = session.execute(text("SELECT count(*) FROM entry")).scalar_one()
    assert findings(database) != set()
    with database.session() as session:
        service.repair(session, datetime(2026, 1, 1, tzinfo=UTC))
    assert findings(database) == set()
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM entry")).scalar_one() > before


def test_recorded_time_is_strictly_increasing_even_when_the_clock_is_not(database: Database) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    instants = []
    for at in (now, now, datetime(2025, 1, 1, tzinfo=UTC)):
        with database.session() as session:
            instants.append(service.open_posting(session, at, "test").recorded_at)
    assert instants[0] == now
    assert instants[0] < instants[1] < instants[2]


def test_writers_at_once_take_recorded_time_one_after_another(database: Database) -> None:
    def write(_: int) -> None:
        with database.session() as session:
            service.open_posting(session, datetime(2026, 1, 1, tzinfo=UTC), "test")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(20)))
    with database.reading() as session:
        instants = session.scalars(select(Posting.recorded_at).order_by(Posting.id)).all()
    assert len(instants) == 20
    assert list(instants) == sorted(set(instants))

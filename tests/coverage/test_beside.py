"""Awards of the same few people posted at once: nothing is lost, doubled or known before it was recorded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from app.awards.models import Award
from app.catalogue.models import CourseVersion
from app.coverage import jobs, proof, service
from app.coverage.queries import Ask
from app.ops.db import Database
from tests.coverage import chronicle
from tests.coverage.histories import PEOPLE, Row, Story, tell
from tests.coverage.test_answers import compare

AT = datetime(2025, 12, 1, 9, tzinfo=UTC)
WRITERS, EACH = 8, 5


def award(database: Database, number: int, versions: list[tuple[int, str, int]]) -> Row:
    """Record one award as an exam does, in a transaction of its own."""
    rng = Random(number)
    version_id, course, version = rng.choice(versions)
    person = rng.choice(PEOPLE)
    completed_on = date(2024, 1, 1) + timedelta(days=rng.randrange(500))
    with database.session() as session:
        posting = service.open_posting(session, AT, "exam", persons=[person])
        names = {"number": f"B{number}", "token": f"B{number}", "holder_name": "", "mode": "online", "origin": "exam"}
        who = {"person_id": person, "recorded_person_id": person, "course_code": course, "version_number": version}
        session.add(
            Award(
                id=50_000 + number,
                **names,
                **who,
                completed_on=completed_on,
                valid_until=None,
                recorded_at=posting.recorded_at,
                course_version_id=version_id,
                evidence={},
            )
        )
        service.post(session, posting, persons=[person])
        at = posting.recorded_at
    row: Row = {"award": 50_000 + number, "person": person, "course": course, "version": version}
    return row | {"completed_on": completed_on, "valid_until": None, "recorded_at": at}


def without_merges(seed: int) -> Story:
    """Tell a story in which nobody was merged: an award is then the person's own."""
    return next(s for s in (tell(Random(n), 14) for n in range(seed, seed + 500)) if not s.history["merges"])


@pytest.mark.parametrize("seed", [1, 700])
def test_awards_at_once_are_all_counted_from_the_instant_they_were_recorded(database: Database, seed: int) -> None:
    story = without_merges(seed)
    chronicle.write(database, story)
    with database.reading() as session:
        row = CourseVersion
        versions = [(id, course, n) for id, course, n in session.execute(select(row.id, row.course_code, row.number))]
    assert versions
    with ThreadPoolExecutor(WRITERS) as pool:
        rows = list(pool.map(lambda number: award(database, number, versions), range(WRITERS * EACH)))
    instants = sorted(row["recorded_at"] for row in rows)
    assert len(set(instants)) == len(rows)
    story.history["awards"] += rows
    rng = Random(seed)
    with database.reading() as session:
        assert list(proof.check(session)) == []
        for known_at in (None, rng.choice(instants), rng.choice(instants) - timedelta(microseconds=1)):
            for plan in ("alpha", "beta"):
                compare(session, story, Ask(plan, date(2025, 3, 1), known_at), rng)
    with database.session() as session:
        jobs.fold(session)
        assert list(proof.check(session)) == []

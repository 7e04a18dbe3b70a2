"""Settled in the midst of awards posted at once: each settlement is exactly what was known at its instant."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import select

from app.catalogue.models import CourseVersion
from app.coverage import service, settling
from app.coverage.queries import Ask, comparing, coverage
from app.coverage.queries import settlements as queries
from app.coverage.queries.since import since
from app.coverage.settling import Settle
from app.kit.dates import day_of
from app.kit.scope import SYSTEM
from app.ops.db import Database
from tests.coverage import chronicle
from tests.coverage.test_beside import AT, EACH, WRITERS, award, without_merges
from tests.coverage.test_settlements import LATER

ON = date(2025, 3, 1)


def settle_anew(database: Database, before: int | None) -> int:
    with database.session() as session:
        posting = service.open_posting(session, AT, "settlement")
        reason = "" if before is None else "more came in"
        asked = Settle("alpha", "100000", ON, "", "Luo", before, reason)
        return settling.settle(SYSTEM, session, asked, posting, day_of(AT))


def test_a_settlement_among_awards_is_what_was_known_at_its_instant(database: Database) -> None:
    chronicle.write(database, without_merges(1))
    with database.reading() as session:
        row = CourseVersion
        versions = [(id, course, n) for id, course, n in session.execute(select(row.id, row.course_code, row.number))]
    settled: list[int] = []
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        awards = [pool.submit(award, database, number, versions) for number in range(WRITERS * EACH)]
        for _ in range(5):
            settled.append(settle_anew(database, settled[-1] if settled else None))
        assert all(done.result() for done in awards)
    with database.reading() as session:
        for number in settled:
            one = queries.settlement(SYSTEM, session, number)
            ask = Ask("alpha", ON, one.head.known_at, "100000")
            known = coverage(SYSTEM, session, ask, day_of(LATER), LATER).figures
            whole = queries.parts(session, number)[0]
            assert (whole.tally, dict(whole.statuses)) == (known.tally, dict(known.statuses))
            asked = since(SYSTEM, session, one, day_of(LATER), LATER)
            assert not any(comparing.compare(SYSTEM, session, asked, day_of(LATER), LATER).unexplained)

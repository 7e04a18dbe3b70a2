"""The pieces of a bureau's first screen add up to what the other queries answer, on any day, known at any instant."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

import pytest

from app.coverage.ledger import Tally
from app.coverage.projection_models import DAY, MONTH, YEAR
from app.coverage.queries import Ask, EnterpriseFilter, coverage, enterprises, matrix, trend
from app.coverage.queries.asking import resolve
from app.coverage.queries.dashboard import dashboard, history
from app.coverage.queries.enterprises import first_enterprises
from app.coverage.queries.figures import whole_statuses, whole_tally
from app.coverage.queries.spans import spans_before
from app.coverage.queries.sums import Only
from app.kit.dates import day_of
from app.kit.scope import SYSTEM
from app.ops.db import Database
from tests.coverage.chronicle import create, write
from tests.coverage.histories import FIRST, LAST, Story, tell

TODAY = LAST + timedelta(days=400)
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 4, tzinfo=UTC)
"""After everything that a story tells."""


@pytest.fixture
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('dashboard')}/story.db"


@pytest.fixture
def story(database: Database) -> Story:
    create(database)
    told = tell(Random(11), 30)
    write(database, told)
    return told


def asks(story: Story) -> list[Ask]:
    rng = Random(5)
    found = []
    for plan in ("alpha", "beta"):
        for _ in range(8):
            on = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
            known_at = rng.choice([None, rng.choice(story.steps).at])
            found.append(Ask(plan, on, known_at, key_enterprises=rng.random() < 0.3))
    return found


def test_the_whole_is_what_coverage_answers(database: Database, story: Story) -> None:
    counted = 0
    with database.reading() as session:
        for ask in asks(story):
            board = dashboard(SYSTEM, session, ask, TODAY, NOW)
            answer = coverage(SYSTEM, session, ask, TODAY, NOW)
            assert board.figures() == answer.figures, ask
            counted += answer.figures.required
    assert counted


def test_the_parts_add_up(database: Database, story: Story) -> None:
    with database.reading() as session:
        for ask in asks(story):
            board = dashboard(SYSTEM, session, ask, TODAY, NOW)
            whole = board.figures().tally
            assert total(board.by_post().values()) == total(board.by_industry().values()) == whole
            assert total(board.by_post_and_industry().values()) == whole
            cells = matrix(SYSTEM, session, ask, TODAY, NOW).cells
            assert {k: t for k, t in board.by_post_and_industry().items() if t != Tally()} == {
                k: f.tally for k, f in cells.items() if f.tally != Tally()
            }


def test_regions_are_those_of_coverage_by_region(database: Database, story: Story) -> None:
    with database.reading() as session:
        for ask in asks(story):
            for top in dashboard(SYSTEM, session, ask, TODAY, NOW).question.tops:
                here = replace(ask, region=top)
                rows = coverage(SYSTEM, session, replace(here, by="region"), TODAY, NOW).rows
                found = dashboard(SYSTEM, session, here, TODAY, NOW).by_region(top)
                assert found == {row.key: row.figures for row in rows}


def test_filters_take_their_part_of_the_whole(database: Database, story: Story) -> None:
    with database.reading() as session:
        for ask in asks(story):
            board = dashboard(SYSTEM, session, ask, TODAY, NOW)
            for (post, industry), tally in board.by_post_and_industry().items():
                part = dashboard(SYSTEM, session, ask, TODAY, NOW, industry=industry, post=post)
                assert part.figures().tally == tally
                assert history(session, part, [part.on]) == (tally,)


def test_the_whole_can_be_asked_for_alone(database: Database, story: Story) -> None:
    with database.reading() as session:
        for ask in asks(story):
            board = dashboard(SYSTEM, session, ask, TODAY, NOW)
            for industry, post in [(None, None), *((i, p) for p, i in board.by_post_and_industry())]:
                part = dashboard(SYSTEM, session, ask, TODAY, NOW, industry=industry, post=post)
                figures, only = part.figures(), Only(industry, post)
                assert whole_tally(session, part.question, only) == figures.tally
                assert whole_statuses(session, part.question, only) == replace(figures, tally=Tally())


def test_lists_add_up_to_the_figures(database: Database, story: Story) -> None:
    everybody = EnterpriseFilter()
    with database.reading() as session:
        for ask in asks(story):
            rows = enterprises(SYSTEM, session, ask, everybody, TODAY, NOW, size=1000).rows
            figures = coverage(SYSTEM, session, ask, TODAY, NOW).figures
            assert total(row.figures.tally for row in rows) == figures.tally
            assert Counter(row.status for row in rows) == figures.statuses


def test_a_plan_that_had_not_begun_lists_who_was_known_to_come(database: Database, story: Story) -> None:
    counted = 0
    with database.reading() as session:
        for code, step in product(("alpha", "beta"), story.steps):
            begins = resolve(SYSTEM, session, Ask(code, known_at=step.at), TODAY, NOW).plan.starts_on
            if day_of(step.at) < begins:
                for on in (begins, begins + timedelta(days=100)):
                    ask = Ask(code, on, step.at)
                    rows = enterprises(SYSTEM, session, ask, EnterpriseFilter(), TODAY, NOW, size=1000).rows
                    figures = coverage(SYSTEM, session, ask, TODAY, NOW).figures
                    assert total(row.figures.tally for row in rows) == figures.tally
                    assert Counter(row.status for row in rows) == figures.statuses
                    assert rows == tuple(
                        sorted(rows, key=lambda row: (row.status != "undeclared", -row.missing, row.id))
                    )
                    counted += len(rows)
    assert counted


def test_the_first_of_several_lists_are_those_of_each(database: Database, story: Story) -> None:
    wanted = [
        (EnterpriseFilter("undeclared"), 2),
        (EnterpriseFilter(declared=True), 3),
        (EnterpriseFilter(stale=True), 2),
    ]
    with database.reading() as session:
        for ask in asks(story):
            alone = [enterprises(SYSTEM, session, ask, only, TODAY, NOW, size=size) for only, size in wanted]
            together = first_enterprises(SYSTEM, session, ask, wanted, TODAY, NOW)
            assert together == [list(page.rows) for page in alone]


def test_no_more_stale_ones_are_looked_for_than_there_are(database: Database, story: Story) -> None:
    counted = 0
    with database.reading() as session:
        for ask in asks(story):
            stale = coverage(SYSTEM, session, ask, TODAY, NOW).figures.stale
            found = enterprises(SYSTEM, session, ask, EnterpriseFilter(stale=True), TODAY, NOW)
            bounded = enterprises(SYSTEM, session, ask, EnterpriseFilter(stale=True), TODAY, NOW, most=stale)
            assert bounded == found
            assert len(found.rows) == stale
            assert all(row.stale for row in found.rows)
            counted += stale
    assert counted


def test_history_is_the_trend(database: Database, story: Story) -> None:
    with database.reading() as session:
        for ask in asks(story):
            points = trend(SYSTEM, session, ask, 12, TODAY, NOW)
            board = dashboard(SYSTEM, session, ask, TODAY, NOW)
            days: list[date] = [point.on for point in points]
            assert history(session, board, days) == tuple(point.figures.tally for point in points)


def total(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole = whole.plus(tally)
    return whole


def test_the_shorter_way_round_counts_every_day_once() -> None:
    """Years, months and days, added and taken away, make up each day until the one asked about, and no other."""
    first = date(2019, 12, 1)
    for on in (first + timedelta(days=days) for days in range(31, 900)):
        counted: Counter[date] = Counter()
        for span in spans_before(on):
            for day in (first + timedelta(days=days) for days in range(1200)):
                counted[day] += span.sign * (span.first <= PERIOD[span.grain](day) <= span.last)
        assert all(count == (day <= on) for day, count in counted.items()), on


PERIOD: dict[int, Callable[[date], date]] = {
    YEAR: lambda day: day.replace(month=1, day=1),
    MONTH: lambda day: day.replace(day=1),
    DAY: lambda day: day,
}

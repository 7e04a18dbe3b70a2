"""The path to full coverage of a small town: what changed explains every figure, and the lists hold who turned."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path as File

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage import forecast
from app.coverage.forecast import Change, Stretch
from app.coverage.ledger import Tally
from app.coverage.models import EnterpriseEntry, Entry
from app.coverage.queries import Ask, coverage, paths
from app.coverage.queries.asking import resolve
from app.coverage.queries.paths import Path, enterprise_path, region_path
from app.coverage.queries.turns import Kind, Turn, Turning, turns
from app.kit.dates import end_of
from app.kit.errors import Problem
from app.kit.scope import SYSTEM, Scope
from app.ops.db import Database
from tests.coverage import town
from tests.coverage.town import BOILERS, FORGE, MILL, PLAN
from tests.support.databases import sqlite_copy

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
FIRST, DEADLINE = date(2021, 1, 1), date(2025, 12, 31)
PLACES = (Ask(PLAN), Ask(PLAN, region="450202"), Ask(PLAN, enterprise=MILL), Ask(PLAN, enterprise=FORGE))


@dataclass(frozen=True)
class Reader:
    """Asks about the story that was written."""

    session: Session

    def path(self, ask: Ask) -> Path:
        if ask.enterprise is None:
            return region_path(SYSTEM, self.session, ask, TODAY, NOW)[1]
        question = resolve(SYSTEM, self.session, ask, TODAY, NOW)
        return enterprise_path(self.session, question, TODAY)

    def tally(self, ask: Ask, on: date) -> Tally:
        return coverage(SYSTEM, self.session, replace(ask, on=on), TODAY, NOW).figures.tally

    def full(self, ask: Ask, on: date) -> bool:
        figures = coverage(SYSTEM, self.session, replace(ask, on=on), TODAY, NOW).figures
        return figures.full

    def turned(self, ask: Ask, kind: Kind, stretch: Stretch) -> list[Turn]:
        wanted = Turning(kind, stretch.from_on, stretch.to_on)
        return list(turns(SYSTEM, self.session, ask, wanted, TODAY, NOW, size=500).rows)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, sqlite_template: File) -> Iterator[Reader]:
    database = Database(sqlite_copy(sqlite_template, tmp_path_factory.mktemp("paths")))
    with database.session() as session:
        town.build(session)
    with database.reading() as session:
        yield Reader(session)
    database.close()


def asks() -> list[Ask]:
    """Ask about days of the plan's course, in the town, a district and two enterprises."""
    days = [date(2022, 6, 1) + timedelta(days=n) for n in range(0, 1300, 97)]
    return [replace(place, on=day) for place in PLACES for day in days]


def test_every_week_ends_where_the_one_before_did_but_for_what_changed(reader: Reader) -> None:
    for ask in asks():
        for (_, before), (week, end) in pairwise(reader.path(ask).weeks):
            change = Change(week.to_on, week.gained, week.lost, week.required, week.covered)
            assert forecast.after(before, [change])[:2] == end[:2], (ask, week)
            assert end[:2] == reader.tally(ask, week.to_on)[:2]


def test_who_is_counted_as_turned_is_in_the_list(reader: Reader) -> None:
    gained = lost = 0
    for ask in asks():
        for week, _ in reader.path(ask).weeks:
            listed = len(reader.turned(ask, "gained", week)), len(reader.turned(ask, "lost", week))
            assert (week.gained, week.lost) == listed, (ask, week)
            gained, lost = gained + week.gained, lost + week.lost
    assert (gained > 20, lost > 5) == (True, True)


def test_a_large_region_is_told_from_its_entries_alone(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = [reader.path(replace(PLACES[0], on=ask.on)) for ask in asks()[:14]]
    monkeypatch.setattr(paths, "LARGE", 0)
    netted = [reader.path(replace(PLACES[0], on=ask.on)) for ask in asks()[:14]]
    seen = 0
    for one, other in zip(counted, netted, strict=True):
        for (week, end), (net, same) in zip(one.weeks, other.weeks, strict=True):
            assert end == same
            assert net.gained - net.lost + net.covered == week.gained - week.lost + week.covered
            assert net.required == week.required
            assert abs(net.gained - week.gained) <= abs(week.required) + abs(week.covered) + week.lost
            seen += net.gained
    assert seen


def test_what_was_known_to_come_is_what_the_figures_of_later_days_were_then(reader: Reader) -> None:
    lapsing = 0
    for ask in asks():
        outlook = reader.path(ask).outlook
        if outlook is None or ask.on is None:
            continue
        then = reader.tally(replace(ask, known_at=end_of(ask.on)), outlook.deadline)
        gap_then = reader.tally(replace(ask, known_at=end_of(ask.on)), ask.on)
        moved = (then.required - then.covered) - (gap_then.required - gap_then.covered)
        assert outlook.gap_at_deadline - outlook.gap == moved, ask
        lapsing += outlook.lapsing
    assert lapsing


def test_after_the_deadline_the_lines_add_up_to_what_is_still_missing(reader: Reader) -> None:
    for place in PLACES:
        path = reader.path(place)
        found = path.aftermath
        assert found is not None
        assert found.then == reader.tally(place, DEADLINE)
        assert found.now == reader.tally(place, TODAY)
        assert found.gap_now == found.gap_then - found.gained + found.lost - found.left
        assert path.then_known == reader.tally(replace(place, known_at=end_of(DEADLINE)), DEADLINE)
        assert path.then_known != found.then


def test_coverage_was_full_on_the_day_the_last_officer_was_trained(reader: Reader) -> None:
    assert reader.path(Ask(PLAN, enterprise=BOILERS)).full_since == town.FULL_ON
    assert reader.path(Ask(PLAN, region="450205")).full_since == town.FULL_ON
    assert reader.path(Ask(PLAN, region="450205", on=town.FULL_ON - timedelta(days=1))).full_since is None
    before = Ask(PLAN, region="450205", known_at=town.at(town.FULL_ON))
    assert reader.path(before).full_since is None


def test_full_since_is_the_first_of_all_full_days(reader: Reader) -> None:
    entries = (
        reader.session.scalars(select(Entry.effective_on)),
        reader.session.scalars(select(EnterpriseEntry.effective_on)),
    )
    days = sorted({day for found in entries for day in found if FIRST <= day <= TODAY})
    for place in (*PLACES, Ask(PLAN, region="450205")):
        full = (day for day in days if reader.full(place, day))
        assert reader.path(place).full_since == next(full, None), place


def test_turns_are_paged_in_the_order_of_their_days(reader: Reader) -> None:
    ask, wanted = Ask(PLAN), Turning("gained", FIRST, TODAY)
    whole = turns(SYSTEM, reader.session, ask, wanted, TODAY, NOW, size=500).rows
    after: str | None = None
    paged: list[Turn] = []
    while True:
        page = turns(SYSTEM, reader.session, ask, wanted, TODAY, NOW, after=after, size=2)
        paged += page.rows
        after = page.after
        if after is None:
            break
    assert tuple(paged) == whole
    assert len(whole) > 4
    assert [turn.on for turn in whole] == sorted(turn.on for turn in whole)
    with pytest.raises(Problem, match="This page of the list"):
        turns(SYSTEM, reader.session, ask, wanted, TODAY, NOW, after="nonsense")


def test_people_are_for_those_who_may_see_them_in_their_reach(reader: Reader) -> None:
    wanted = Turning("gained", FIRST, TODAY)
    figures_only = replace(SYSTEM, personal=False)
    with pytest.raises(Problem) as refused:
        turns(figures_only, reader.session, Ask(PLAN), wanted, TODAY, NOW)
    assert refused.value.status == 403
    elsewhere = Scope(regions=frozenset({"450202"}), enterprises=frozenset(), person=None, personal=True)
    with pytest.raises(Problem) as unknown:
        turns(elsewhere, reader.session, Ask(PLAN, region="450205"), wanted, TODAY, NOW)
    assert unknown.value.status == 404

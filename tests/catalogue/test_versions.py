"""Course versions: loaded once, kept for ever, current from a day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.catalogue import queries, service
from app.catalogue.parse import Course, Figure, parse_course
from app.catalogue.service import CoursesLoaded
from app.kit.errors import Problem
from tests.catalogue.course_files import FACTS, course_files

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 2, 20, tzinfo=UTC)
"""Already Tuesday in Shanghai."""


def ladders(**changes: object) -> Course:
    course, _ = parse_course("ladders", course_files(), FACTS)
    assert course is not None
    return replace(course, **changes)  # type: ignore[arg-type]


def load(session: Session, now: datetime, **changes: object) -> CoursesLoaded:
    return service.load(session, [ladders(**changes)], now, "系统")


def test_loading_twice_changes_nothing(session: Session) -> None:
    assert service.would_change(session, [ladders()])
    assert load(session, MONDAY).added == ("ladders",)
    assert not service.would_change(session, [ladders()])
    assert load(session, TUESDAY) == CoursesLoaded((), (), ("ladders",), ())
    assert [v.number for v in queries.versions(session, "ladders")] == [1]


def test_a_changed_course_is_a_new_version_and_the_old_one_stays(session: Session) -> None:
    load(session, MONDAY)
    assert load(session, TUESDAY, title="新的梯子").changed == ("ladders",)
    first, second = queries.versions(session, "ladders")
    assert (first.course, second.course.title) == (ladders(), "新的梯子")
    assert (first.current_from, second.current_from) == (date(2021, 1, 1), date(2026, 3, 3))
    assert (second.number, second.change, second.retake_from, second.recorded_at) == (2, "editorial", None, TUESDAY)
    assert queries.version(session, first.id) == first


def test_a_record_finds_the_version_of_its_day(session: Session) -> None:
    load(session, MONDAY)
    load(session, TUESDAY, title="新的梯子")
    numbers = {
        on: queries.version_on(session, "ladders", on).number for on in map(date, (2020, 2022, 2027), *[(1, 1, 1)] * 2)
    }
    assert list(numbers.values()) == [1, 1, 2]
    assert queries.current(session, "ladders", date(2026, 3, 2)).number == 1
    assert queries.current(session, "ladders", date(2026, 3, 3)).number == 2
    with pytest.raises(Problem):
        queries.current(session, "ladders", date(2020, 12, 31))
    with pytest.raises(Problem):
        queries.version_on(session, "ramps", date(2026, 3, 3))
    with pytest.raises(Problem):
        queries.version(session, 99)


def test_the_file_may_set_a_later_first_day(session: Session) -> None:
    load(session, MONDAY)
    load(session, MONDAY, note="二", current_from=date(2026, 9, 1))
    load(session, TUESDAY, note="三", current_from=date(2026, 9, 1))
    assert [v.current_from for v in queries.versions(session, "ladders")][1:] == [date(2026, 9, 1)] * 2
    assert queries.current(session, "ladders", date(2026, 8, 31)).number == 1
    assert queries.current(session, "ladders", date(2026, 9, 1)).number == 3
    assert [v.number for v in queries.listing(session)] == [3]
    assert [v.number for v in queries.listing(session, date(2026, 8, 31))] == [1]


def test_a_retake_counts_once_for_its_date(session: Session) -> None:
    again = {"change": "retake", "retake_from": date(2026, 7, 1)}
    load(session, MONDAY)
    assert load(session, MONDAY, note="二", **again).retakes == ("ladders",)
    assert load(session, TUESDAY, note="错字改正", **again).retakes == ()
    assert [(v.number, v.retake_from) for v in queries.retakes(session)] == [(2, date(2026, 7, 1))]
    assert load(session, TUESDAY, note="四", **{**again, "retake_from": date(2027, 1, 1)}).retakes == ("ladders",)
    assert [v.number for v in queries.retakes(session)] == [2, 4]


def test_a_first_version_makes_nobody_take_it_again(session: Session) -> None:
    assert load(session, MONDAY, change="retake", retake_from=date(2026, 7, 1)).retakes == ()
    assert queries.retakes(session) == ()


def test_a_figure_is_found_by_its_content_in_any_version(session: Session) -> None:
    load(session, MONDAY)
    old = ladders().modules[0].figures[0]
    new = Figure(old.name, old.svg.replace("梯子", "长梯"))
    modules = (replace(ladders().modules[0], figures=(new,)), *ladders().modules[1:])
    load(session, TUESDAY, modules=modules)
    assert queries.figure(session, "ladders", old.digest, old.name) == old.svg
    assert queries.figure(session, "ladders", new.digest, new.name) == new.svg
    for wrong in (
        ("ladders", old.digest, "other.svg"),
        ("ladders", "0" * 16, old.name),
        ("ramps", old.digest, old.name),
    ):
        with pytest.raises(Problem):
            queries.figure(session, *wrong)

"""Days end in Shanghai; months are clipped to their end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.dates import add_days, add_months, day_in, day_of, end_of, iso_instant, start_of
from app.kit.errors import Problem

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 1, 1))


BASIC = [
    "20250101",
    "2025-W01-1",
    "2025-1-1",
    "2025-01-01T00:00",
    " 2025-01-01",
    "2025-01-01\n",
    "２０２５-01-01",
    "2025-02-30",
]


@pytest.mark.parametrize("text", BASIC)
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(Problem) as refused:
        day_in(text)
    assert (refused.value.status, refused.value.code) == (422, "on")
    assert day_in("2025-01-01") == date(2025, 1, 1)


def test_an_instant_is_written_with_its_dashes() -> None:
    with pytest.raises(ValueError, match="YYYY"):
        iso_instant("20250101T120000+08:00")
    assert iso_instant("2025-01-01T12:00:00+08:00") == datetime(2025, 1, 1, 4, tzinfo=UTC)


def test_leap_day_plus_a_year_is_clipped() -> None:
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


def test_a_late_evening_in_utc_is_the_next_day_in_shanghai() -> None:
    assert day_of(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == date(2026, 1, 1)
    assert day_of(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)) == date(2025, 12, 31)


@given(DAYS)
def test_a_day_is_from_its_start_to_its_end(day: date) -> None:
    assert day_of(start_of(day)) == day == day_of(end_of(day))
    assert end_of(day) + timedelta(microseconds=1) == start_of(day + timedelta(days=1))


@given(DAYS, st.integers(0, 600))
def test_adding_months_keeps_the_day_or_takes_the_months_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_open_ends_do_not_overflow() -> None:
    assert add_days(date.max, 1) == date.max
    assert add_days(date.min, -1) == date.min

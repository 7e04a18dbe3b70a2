"""Where the ink of drawn figures goes."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.web.charts import FULL, NARROW, WIDE, LineChart, Sample, Story, even_share, line_chart, stacked

START, DEADLINE = date(2021, 1, 1), date(2025, 12, 31)


def told(on: date, today: date, *, until: date | None = None) -> LineChart:
    """Draw a plan that is half covered on the day asked about, sampled every ten days until then (or later)."""
    last = until or on
    days = {START + timedelta(days=n) for n in range(0, (last - START).days, 10)} | {on, last}
    days |= {DEADLINE} if last > DEADLINE else set()
    samples = tuple(Sample(day, 200, 100, 0.5) for day in sorted(days))
    return line_chart(Story(START, DEADLINE, on, today, samples), WIDE)


def points(line: str) -> list[tuple[float, float]]:
    pairs = [point.split(",") for point in line.split()]
    return [(float(x), float(y)) for x, y in pairs]


def test_half_stands_half_way_up_and_the_deadline_at_the_right_end() -> None:
    chart = told(date(2024, 6, 30), date(2026, 11, 22))
    assert chart.dot is not None
    assert chart.dot.y == (WIDE.top + WIDE.bottom) / 2
    assert chart.deadline == WIDE.right
    assert WIDE.left < chart.dot.x < WIDE.right
    assert chart.later == chart.ahead == ""


def test_behind_is_the_distance_to_the_even_path_and_ends_with_the_deadline() -> None:
    story = Story(START, DEADLINE, date(2024, 6, 30), date(2026, 1, 1), ())
    assert told(story.on, story.today).behind == even_share(story, story.on) - 0.5
    assert told(DEADLINE, date(2026, 11, 22)).behind is None
    assert even_share(story, START - timedelta(days=1)) == 0
    assert even_share(story, DEADLINE) == 1


def test_after_the_deadline_the_line_goes_on_and_both_figures_are_told() -> None:
    chart = told(DEADLINE, date(2026, 11, 22), until=date(2026, 11, 22))
    assert chart.at_deadline is not None
    assert chart.latest is not None
    assert chart.latest.sample.on == date(2026, 11, 22)
    assert chart.told == chart.latest
    assert points(chart.past)[-1][0] == points(chart.later)[0][0] == chart.deadline
    assert points(chart.later)[-1][0] == WIDE.right


def test_days_to_come_are_drawn_apart_from_what_is_known() -> None:
    today = date(2024, 1, 1)
    chart = told(date(2024, 6, 30), today)
    assert points(chart.past)[-1][0] <= points(chart.ahead)[0][0]
    assert points(chart.ahead)[-1][0] == chart.told_x - 14


def test_figures_beside_a_dot_never_stand_on_the_deadline() -> None:
    for days in range(0, (DEADLINE - START).days, 30):
        chart = told(START + timedelta(days=days), date(2026, 11, 22))
        assert chart.told_x + 100 < chart.deadline or chart.told_x > chart.deadline


def test_a_day_without_a_ratio_has_no_point_and_an_empty_trend_is_an_empty_sheet() -> None:
    samples = (Sample(START, 0, 0, None), Sample(START + timedelta(days=30), 10, 5, 0.5))
    chart = line_chart(Story(START, DEADLINE, START, DEADLINE, samples), NARROW)
    assert chart.past == ""
    assert chart.dot is None
    assert line_chart(Story(START, DEADLINE, START, DEADLINE, ()), NARROW).told is None


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=7))
def test_parts_lie_in_order_side_by_side_and_end_at_the_end(counts: list[int]) -> None:
    parts = stacked((str(n), count) for n, count in enumerate(counts))
    assert [(part.code, part.count) for part in parts] == [(str(n), c) for n, c in enumerate(counts) if c]
    assert all(a.x + a.width < b.x for a, b in pairwise(parts))
    assert not parts or abs(parts[-1].x + parts[-1].width - FULL) < 0.2

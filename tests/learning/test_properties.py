"""The pure rules of credit and presence, held to what they promise whatever is reported."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.learning.credit import State, decide
from app.learning.intervals import Span, beginning, length, union, without
from app.learning.presence import MARGIN_MS, Often, moments
from tests.learners import NOON
from tests.learning.player import MINUTE

LONG = 600
SPANS = st.lists(
    st.tuples(st.integers(0, 700_000), st.integers(1, 700_000)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    max_size=4,
)
REPORTS = st.lists(st.tuples(st.integers(0, 120_000), SPANS), max_size=20)


@given(
    reports=REPORTS, hold=st.none() | st.integers(0, LONG * 1000), skip=st.booleans(), rate=st.sampled_from([1, 1.5])
)
def test_no_series_of_reports_earns_more_than_patience(
    reports: list[tuple[int, list[Span]]], hold: int | None, skip: bool, rate: float
) -> None:
    """Credit stays within the clock x the rate, the module, the day and the check; it never shrinks."""
    state = State((), LONG * 1000, NOON, 0, 300_000, hold, skip, rate)
    now, total = NOON, 0
    for wait, spans in reports:
        now += timedelta(milliseconds=wait)
        decision = decide(spans, state, now)
        assert decision.credited_ms >= 0
        assert length(decision.seen) == total + decision.credited_ms
        assert decision.credited_until <= now
        total += decision.credited_ms
        state = State(decision.seen, LONG * 1000, decision.credited_until, total, 300_000, hold, skip, rate)
        patient = int((now - NOON) / timedelta(milliseconds=1) * rate) + 1
        assert total <= min(patient, LONG * 1000, 300_000, hold if hold is not None else LONG * 1000)


@settings(max_examples=60)
@given(seed=st.text(max_size=8), before=st.integers(0, 3_600_000), needed=st.integers(60_000, 900_000))
def test_checks_stand_where_the_setting_says(seed: str, before: int, needed: int) -> None:
    often = Often(5 * MINUTE, 8 * MINUTE)
    found = moments(seed, before, needed, often)
    assert found == moments(seed, before, needed, often)
    assert all(MARGIN_MS <= at <= needed - MARGIN_MS for at in found)
    assert all(b - a >= often.least_ms for a, b in pairwise(found))
    assert len(found) <= needed // often.least_ms + 1
    assert moments(seed, before, needed, Often(0, 0)) == ()


@given(spans=SPANS, known=SPANS, some=st.integers(0, 900_000))
def test_what_is_added_is_new_and_no_more_than_asked(spans: list[Span], known: list[Span], some: int) -> None:
    fresh = without(spans, known)
    assert length(fresh) + length(known) == length((*spans, *known))
    assert length(beginning(fresh, some)) == min(some, length(fresh))
    assert union((*fresh, *known)) == union((*spans, *known))

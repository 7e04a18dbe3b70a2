"""What a report of reading time is worth: nobody can claim more than they could have done, nobody honest is stuck."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.learning.credit import CARRY, Decision, State, decide
from app.learning.intervals import Span, first_gap, length

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MINUTE = 60_000
NO_CAP = 8 * 45 * MINUTE


def fresh(needed_ms: int = 5 * MINUTE, cap_ms: int = NO_CAP, seen: tuple[Span, ...] = ()) -> State:
    return State(seen, needed_ms, NOON, 0, cap_ms)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_minute_read_in_a_minute_counts_as_a_minute() -> None:
    decision = decide([(0, MINUTE)], fresh(), after(60))
    assert (decision.credited_ms, decision.seen, decision.complete) == (MINUTE, ((0, MINUTE),), False)


def test_a_claim_counts_no_more_than_the_wall_clock() -> None:
    assert decide([(0, 5 * MINUTE)], fresh(), after(60)).credited_ms == MINUTE


def test_time_played_twice_counts_once() -> None:
    decision = decide([(0, MINUTE), (0, MINUTE), (30_000, 90_000)], fresh(seen=((0, MINUTE),)), after(600))
    assert decision.credited_ms == 30_000


def test_nothing_counts_past_the_first_gap() -> None:
    decision = decide([(0, 10_000), (20_000, 60_000)], fresh(), after(600))
    assert decision.seen == ((0, 10_000),)


def test_a_line_lost_for_ten_minutes_loses_nothing_that_could_have_been_read() -> None:
    decision = decide([(0, 5 * MINUTE)], fresh(), after(600))
    assert decision.complete


def test_a_slow_report_followed_by_a_quick_one_loses_nothing() -> None:
    first = decide([(0, 15_000)], fresh(), after(18))
    state = State(first.seen, 5 * MINUTE, first.credited_until, 0, NO_CAP)
    assert decide([(15_000, 30_000)], state, after(30.1)).credited_ms == 15_000


def test_idle_time_with_the_line_up_is_not_saved_up() -> None:
    idle = decide([], fresh(), after(600))
    state = State(idle.seen, 5 * MINUTE, idle.credited_until, 0, NO_CAP)
    assert decide([(0, 5 * MINUTE)], state, after(601)).credited_ms == 1000 + CARRY.total_seconds() * 1000


def test_the_days_cap_stops_credit_and_says_so() -> None:
    decision = decide([(0, MINUTE)], State((), 5 * MINUTE, NOON, NO_CAP - 20_000, NO_CAP), after(60))
    assert (decision.credited_ms, decision.capped) == (20_000, True)


def test_a_clock_that_steps_back_credits_nothing_and_gives_nothing_back() -> None:
    decision = decide([(0, MINUTE)], fresh(), after(-30))
    assert (decision.credited_ms, decision.credited_until) == (0, NOON)


@dataclass(frozen=True)
class Report:
    wait_ms: int
    spans: list[Span]


SPAN = st.tuples(st.integers(0, 400_000), st.integers(0, 400_000))
REPORTS = st.lists(st.builds(Report, st.integers(0, 200_000), st.lists(SPAN, max_size=4)), max_size=20)


def run(reports: list[Report], needed_ms: int, cap_ms: int) -> tuple[list[Decision], int]:
    """Play reports one after another; give the decisions and the wall-clock that passed, in milliseconds."""
    state, passed, made = fresh(needed_ms, cap_ms), 0, list[Decision]()
    for report in reports:
        passed += report.wait_ms
        decision = decide(report.spans, state, NOON + timedelta(milliseconds=passed))
        made.append(decision)
        earned = state.earned_today_ms + decision.credited_ms
        state = State(decision.seen, needed_ms, decision.credited_until, earned, cap_ms)
    return made, passed


@given(REPORTS, st.integers(60_000, 300_000), st.integers(0, 400_000))
def test_credit_never_exceeds_wall_clock_need_or_cap(reports: list[Report], needed_ms: int, cap_ms: int) -> None:
    made, passed = run(reports, needed_ms, cap_ms)
    total = sum(decision.credited_ms for decision in made)
    assert total <= min(passed, needed_ms, cap_ms)
    assert all(0 <= decision.credited_ms <= decision.allowed_ms for decision in made)
    assert total == (length(made[-1].seen) if made else 0)
    assert all(decision.complete == (length(decision.seen) == needed_ms) for decision in made)


@given(REPORTS, st.integers(60_000, 300_000))
def test_credit_only_covers_what_was_claimed_from_the_start_on(reports: list[Report], needed_ms: int) -> None:
    made, _ = run(reports, needed_ms, NO_CAP)
    claimed = [span for report in reports for span in report.spans]
    for decision in made:
        assert first_gap(claimed) >= length(decision.seen)


@given(st.lists(st.integers(1_000, 120_000), min_size=1, max_size=30), st.integers(60_000, 300_000), st.data())
def test_an_honest_learner_always_completes(waits: list[int], needed_ms: int, data: st.DataObject) -> None:
    """Reads from where credit ended, all the time, reporting at whatever pace the line allows."""
    state, clock = fresh(needed_ms), NOON
    for _ in range(needed_ms // 1_000 + 1):
        wait = data.draw(st.sampled_from(waits))
        clock += timedelta(milliseconds=wait)
        position = length(state.seen)
        decision = decide([(position, position + wait)], state, clock)
        state = State(decision.seen, needed_ms, decision.credited_until, 0, NO_CAP)
        if decision.complete:
            return
    raise AssertionError(length(state.seen))

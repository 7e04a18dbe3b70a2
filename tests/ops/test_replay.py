"""When a replica may answer: never late unseen, never without the reader's own writes, never before K has settled."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ops.replay import SETTLING, Heard, Needs, Refusal, Replay, is_settling, refusal, whole_until
from app.ops.replica import Freshness
from app.workflows.reporting import needs

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ago(seconds: float) -> datetime:
    return NOON - timedelta(seconds=seconds)


def replay(
    *, replayed: int = 100, committed: datetime | None = None, heard: Heard | None = None, standby: bool = True
) -> Replay:
    return Replay(NOON, standby, replayed, committed, heard)


def test_one_that_has_all_that_was_sent_is_not_late_however_long_ago_the_last_commit_was() -> None:
    idle = replay(committed=ago(3600), heard=Heard(NOON, 100))
    assert whole_until(idle, ()) == NOON


def test_one_that_has_not_replayed_all_is_as_late_as_its_last_commit() -> None:
    paused = replay(committed=ago(7), heard=Heard(NOON, 101))
    assert whole_until(paused, ()) == ago(7)


def test_a_long_transaction_is_no_delay_when_what_was_sent_a_second_ago_has_arrived() -> None:
    importing = replay(committed=ago(300), heard=Heard(NOON, 150))
    assert whole_until(importing, (Heard(ago(2), 90), Heard(ago(1), 100), Heard(ago(0.5), 120))) == ago(1)


def test_one_that_hears_nothing_counts_from_its_last_commit_and_without_any_nothing_is_certain() -> None:
    assert whole_until(replay(committed=ago(30)), ()) == ago(30)
    assert whole_until(replay(), ()) is None
    assert refusal(replay(), None, Needs(), MINUTE) is Refusal.LATE


def test_a_commit_that_the_primarys_clock_puts_into_the_future_gives_no_negative_delay() -> None:
    assert whole_until(replay(committed=ago(-5)), ()) == NOON


@pytest.mark.parametrize(
    ("state", "until", "asked", "expected"),
    [
        (replay(), NOON, Needs(), None),
        (replay(), ago(60), Needs(), None),
        (replay(), ago(60.1), Needs(), Refusal.LATE),
        (replay(standby=False), NOON, Needs(), Refusal.NO_REPLICA),
        (replay(replayed=100), NOON, Needs(written=100), None),
        (replay(replayed=99), NOON, Needs(written=100), Refusal.OWN_WRITE),
        (replay(), NOON, Needs(known_at=NOON - SETTLING), None),
        (replay(), ago(1), Needs(known_at=NOON - SETTLING), Refusal.UNSETTLED),
        (replay(), NOON, Needs(known_at=NOON), Refusal.UNSETTLED),
    ],
)
def test_who_may_answer(state: Replay, until: datetime, asked: Needs, expected: Refusal | None) -> None:
    assert refusal(state, until, asked, MINUTE) is expected


positions = st.integers(0, 50)
instants = st.integers(0, 7200).map(ago)


@given(
    replayed=positions,
    words=st.lists(st.builds(Heard, instants, positions), max_size=6),
    committed=st.none() | instants,
    asked=st.builds(Needs, st.none() | instants, positions),
)
def test_what_is_answered_is_never_older_than_it_says(
    replayed: int, words: list[Heard], committed: datetime | None, asked: Needs
) -> None:
    state = replay(replayed=replayed, committed=committed, heard=words[0] if words else None)
    until = whole_until(state, words[1:])
    if refusal(state, until, asked, MINUTE) is not None:
        return
    assert until is not None
    assert until == committed or any(word.at == until and word.written <= replayed for word in words)
    assert NOON - until <= MINUTE
    assert replayed >= asked.written
    assert asked.known_at is None or not is_settling(asked.known_at, until)


def test_a_delay_is_shown_in_whole_seconds_and_is_nothing_only_when_there_is_none() -> None:
    shown = [Freshness(timedelta(seconds=seconds)).seconds for seconds in (0, 0.001, 1, 1.2)]
    assert shown == [0, 1, 1, 2]


def test_what_a_question_needs_is_read_from_its_address_and_the_browsers_memory() -> None:
    assert needs("2025-12-31", "77") == Needs(datetime(2025, 12, 31, 15, 59, 59, 999999, tzinfo=UTC), 77)
    assert needs("2025-12-31T18:00:00+08:00").known_at == datetime(2025, 12, 31, 10, tzinfo=UTC)
    for nonsense in ("", "yesterday", "-1", "9" * 30, "٣", "9999-12-31"):
        assert needs(nonsense, nonsense) == Needs()

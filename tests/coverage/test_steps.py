"""The steps of a post in a plan follow each other by day, and on a day by what follows from what."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.coverage.rules import Span
from app.coverage.steps import ORDER, Fact, Post, Step, steps
from app.coverage.turning import Stood, known_since
from app.kit.dates import NEVER

START = date(2024, 1, 1)
AT = datetime(2024, 1, 2, 8, tzinfo=UTC)
DAYS = st.integers(0, 12).map(lambda n: START + timedelta(days=n))
DEEDS = st.lists(
    st.builds(Step, DAYS, st.sampled_from(ORDER[3:12]), st.sampled_from(("law", "lessons", "leader"))), max_size=14
)


def span(first: int, last: int | None, *, covered: bool = False, region: str = "450202") -> Span:
    until = NEVER if last is None else START + timedelta(days=last)
    who = (1, 1, 1, 1, "team_leader", region, "machinery", False)
    return Span(*who, START + timedelta(days=first), until, covered, waived=False)


def kinds(told: tuple[Step, ...]) -> list[tuple[int, str]]:
    return [((step.on - START).days, step.kind) for step in told]


def test_a_post_is_taken_up_taken_in_covered_and_left() -> None:
    post = Post(START, START + timedelta(days=20), AT, AT)
    told = steps(post, (span(2, 5), span(5, 20, covered=True)), [Step(START + timedelta(days=5), "passed", "law")])
    assert kinds(told) == [(0, "assigned"), (2, "taken_in"), (5, "passed"), (5, "covered"), (20, "left")]
    assert told[0].recorded_at == told[-1].recorded_at == AT


def test_a_move_keeps_the_standing_and_a_gap_takes_the_post_out_and_in_again() -> None:
    spans = (span(0, 4, covered=True), span(4, 8, covered=True, region="450205"), span(10, None, covered=True))
    told = kinds(steps(Post(START, NEVER, AT, None), spans, []))
    assert told == [
        (0, "assigned"),
        (0, "taken_in"),
        (0, "covered"),
        (4, "moved"),
        (8, "out"),
        (10, "taken_in"),
        (10, "covered"),
    ]


def test_a_move_rests_on_what_was_recorded_of_the_enterprise_for_its_day() -> None:
    spans = (span(0, 4), span(4, 8, region="450205"))
    noise = Fact(START + timedelta(days=4), "industry", AT, "somebody else")
    moved = Fact(START + timedelta(days=4), "region", AT + timedelta(days=9), "the bureau")
    closed = Fact(START + timedelta(days=8), "closed_on", AT, "the county")
    post = Post(START, NEVER, AT, None, "import", "Chen")
    told = {step.kind: step for step in steps(post, spans, [], (noise, moved, closed))}
    assert (told["moved"].recorded_at, told["moved"].evidence.fact) == (moved.recorded_at, "region")
    assert told["moved"].evidence.actor == "the bureau"
    assert (told["out"].evidence.fact, told["out"].evidence.actor) == ("closed_on", "the county")
    assert (told["taken_in"].recorded_at, told["taken_in"].evidence.declared) == (AT, "import")
    assert told["taken_in"].evidence.actor == "Chen"


def test_when_it_became_known_that_somebody_is_covered_is_read_off_the_ledger() -> None:
    later, last = AT + timedelta(days=30), AT + timedelta(days=60)
    day, until = START + timedelta(days=5), START + timedelta(days=9)
    post, spans = Post(START, NEVER, AT, None), (span(0, 5), span(5, 9, covered=True), span(9, None))
    held = [
        Stood(START, NEVER, covered=False, recorded_at=AT, superseded_at=later),
        Stood(START, day, False, later, None),
        Stood(day, NEVER, True, later, last),
        Stood(day, until, True, last, None),
        Stood(until, NEVER, False, last, None),
    ]
    told = {step.kind: step.recorded_at for step in steps(post, spans, [], (), held)}
    assert (told["covered"], told["uncovered"]) == (later, last)


def test_what_the_ledger_said_for_a_while_only_is_known_since_it_said_so_again() -> None:
    instants = [AT + timedelta(days=n) for n in range(4)]
    held = [Stood(START, NEVER, n % 2 == 1, at, at + timedelta(days=1)) for n, at in enumerate(instants)]
    assert known_since([*held[:-1], held[-1]._replace(superseded_at=None)], START, covered=True) == instants[3]
    assert known_since(held[:-1], START, covered=True) is None


def test_a_lapse_is_told_before_what_follows_from_it() -> None:
    day = START + timedelta(days=6)
    told = steps(Post(START, NEVER, AT, None), (span(0, 6, covered=True), span(6, None)), [Step(day, "expired", "law")])
    assert kinds(told)[-2:] == [(6, "expired"), (6, "uncovered")]


def test_what_is_done_after_leaving_does_not_concern_the_post() -> None:
    left = START + timedelta(days=10)
    deeds = [Step(left + timedelta(days=n), "passed", "law") for n in (-1, 0, 1)]
    told = steps(Post(START, left, AT, AT), (span(0, 10),), deeds)
    assert kinds(told) == [(0, "assigned"), (0, "taken_in"), (9, "passed"), (10, "left")]


@given(DEEDS, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_in_which_things_were_read(deeds: list[Step], rng: Random) -> None:
    post = Post(START, START + timedelta(days=30), AT, AT)
    spans = (span(1, 6), span(6, 30, covered=True))
    told = steps(post, spans, deeds)
    shuffled = rng.sample(deeds, len(deeds))
    assert steps(post, spans, shuffled) == told
    assert set(deeds) <= set(told)
    for one, next_ in pairwise(told):
        assert (one.on, ORDER.index(one.kind)) <= (next_.on, ORDER.index(next_.kind))

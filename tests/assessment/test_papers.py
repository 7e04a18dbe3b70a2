"""Papers: a seed is a paper; unverified items never reach one; attempts come in rounds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.papers import Closed, allowance, draw
from app.catalogue.shapes import Draw
from tests.courses import bank, small_course, small_paper

COURSE = small_course()
PAPER = small_paper()
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SEEDS = st.text(min_size=1, max_size=20)


@given(SEEDS)
def test_the_same_seed_draws_the_same_paper(seed: str) -> None:
    assert draw(COURSE, PAPER, seed) == draw(COURSE, PAPER, seed)


@given(SEEDS)
def test_a_paper_follows_its_blueprint(seed: str) -> None:
    questions = draw(COURSE, PAPER, seed)
    assert [q.item.kind for q in questions] == ["single"] * 5 + ["multiple"] * 3 + ["true_false"] * 2
    assert len({q.item.id for q in questions}) == len(questions)
    assert all(q.item.topic == "law" for q in questions if q.item.kind == "true_false")


@given(SEEDS)
def test_options_are_shuffled_but_for_true_and_false(seed: str) -> None:
    for question in draw(COURSE, PAPER, seed):
        assert sorted(question.options) == list(range(len(question.item.options)))
        if question.item.kind == "true_false":
            assert question.shown == ("正确", "错误")
        assert {question.shown[place] for place in question.right} == {
            question.item.options[index] for index in question.item.right
        }


def test_every_item_and_every_order_gets_its_turn() -> None:
    drawn = [question for n in range(300) for question in draw(COURSE, PAPER, str(n))]
    assert {question.item.id for question in drawn} == {item.id for item in bank()}
    assert len({question.options for question in drawn if question.item.kind == "single"}) == 24


def test_unverified_items_are_never_drawn() -> None:
    items = tuple(replace(item, verified=item.id not in {"s0", "s1", "s2"}) for item in bank())
    course = replace(COURSE, items=items)
    assert all(q.item.verified for n in range(50) for q in draw(course, PAPER, str(n)))


def test_a_topics_draw_picks_before_a_general_one() -> None:
    paper = replace(PAPER, draws=(Draw("true_false", 4, None), Draw("true_false", 2, "law")))
    course = replace(
        COURSE,
        items=tuple(replace(item, topic="use") if item.id in {"t0", "t1", "t2", "t3"} else item for item in bank()),
    )
    for n in range(20):
        questions = draw(course, paper, str(n))
        assert [q.item.topic for q in questions[4:]] == ["law", "law"]


def test_a_bank_that_is_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="9 single items are wanted"):
        draw(COURSE, replace(PAPER, draws=(Draw("single", 9, None),)), "seed")


def failed(*hours: float) -> list[Closed]:
    return [Closed(NOON + timedelta(hours=hour), passed=False) for hour in hours]


@pytest.mark.parametrize(("used", "left"), [(0, 3), (1, 2), (2, 1)])
def test_failed_attempts_use_up_a_round(used: int, left: int) -> None:
    given_now = allowance(PAPER, failed(*range(used)), NOON + timedelta(hours=5))
    assert (given_now.left, given_now.next_at) == (left, None)


def test_after_the_last_attempt_comes_a_pause_and_then_a_new_round() -> None:
    closed = failed(0, 1, 2)
    end = NOON + timedelta(hours=26)
    assert allowance(PAPER, closed, end - timedelta(seconds=1)).next_at == end
    assert allowance(PAPER, closed, end).left == 3
    assert allowance(PAPER, [*closed, *failed(30)], end + timedelta(hours=5)).left == 2


def test_a_pass_ends_a_round() -> None:
    closed = [*failed(0, 1), Closed(NOON + timedelta(hours=2), passed=True), *failed(3)]
    assert allowance(PAPER, closed, NOON + timedelta(hours=4)).left == 2

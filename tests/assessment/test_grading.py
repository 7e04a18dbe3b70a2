"""Grading: exactly the right options, each question worth the same, the mark reached or not."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.grading import grade
from app.assessment.papers import Question, draw
from tests.courses import small_course, small_paper

QUESTIONS = draw(small_course(), small_paper(), "seed")
KEY = {place: question.right for place, question in enumerate(QUESTIONS)}


def test_all_right_is_a_hundred() -> None:
    result = grade(QUESTIONS, KEY, 80)
    assert (result.score, result.passed, all(result.right)) == (100.0, True, True)


def test_nothing_answered_is_nothing() -> None:
    result = grade(QUESTIONS, {}, 80)
    assert (result.score, result.passed) == (0.0, False)


@pytest.mark.parametrize("change", ["too few", "too many", "none"])
def test_a_multiple_choice_is_all_or_nothing(change: str) -> None:
    place = next(place for place, question in enumerate(QUESTIONS) if question.item.kind == "multiple")
    chosen = {"too few": KEY[place][:1], "too many": tuple(range(5)), "none": ()}[change]
    result = grade(QUESTIONS, {**KEY, place: chosen}, 80)
    assert (result.right[place], result.score) == (False, 90.0)


@given(st.sets(st.integers(0, 9)), st.integers(1, 100))
def test_the_score_is_the_share_and_the_mark_decides(wrong: set[int], pass_mark: int) -> None:
    result = grade(QUESTIONS, {place: chosen for place, chosen in KEY.items() if place not in wrong}, pass_mark)
    share = Fraction(100 * (10 - len(wrong)), 10)
    assert result.score == float(share)
    assert result.passed == (share >= pass_mark)


@given(st.integers(1, 60), st.data())
def test_a_shown_score_never_reaches_the_mark_without_a_pass(total: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, total))
    questions = [Question(QUESTIONS[0].item, QUESTIONS[0].options)] * total
    result = grade(questions, dict.fromkeys(range(right), KEY[0]), 80)
    assert result.passed == (result.score >= 80) == (Fraction(right, total) >= Fraction(80, 100))

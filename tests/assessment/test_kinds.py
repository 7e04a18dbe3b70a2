"""Grading beyond choices: texts, numbers, orders, pairs, and cases whose parts share the points."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assessment.answers import NOTHING, Chosen, answered, fitting, kept
from app.assessment.grading import Adjustment, corrected, earned, grade, score
from app.assessment.papers import Question, draw, shuffled
from app.catalogue.answers import number, plain, written_right
from tests.assessment.kinds import every_kind, key, mixed_course

COURSE = mixed_course()
QUESTIONS = draw(COURSE, COURSE.papers[0], "seed")
KINDS: dict[str, Question] = {one.item.kind: one for one in QUESTIONS}
KEY = {place: key(question) for place, question in enumerate(QUESTIONS)}
SEEDS = st.text(min_size=1, max_size=8)


@given(SEEDS)
def test_the_right_answer_earns_everything_however_it_is_shuffled(seed: str) -> None:
    for item in every_kind():
        question = shuffled(item, seed)
        assert earned(question, key(question)) == 1
        assert fits(question, key(question)) == key(question)


@given(SEEDS)
def test_what_is_to_be_put_in_order_is_not_shown_in_order(seed: str) -> None:
    question = shuffled(every_kind()[5], seed)
    assert sorted(question.options) == [0, 1, 2]
    assert question.shown != ("甲", "乙", "丙")
    assert [question.shown[place] for place in question.right] == ["甲", "乙", "丙"]


def test_every_other_order_is_wrong() -> None:
    for kind in ("order", "match"):
        question = KINDS[kind]
        assert [p for p in permutations(range(3)) if earned(question, p)] == [question.right]


@pytest.mark.parametrize("text", ["通风", " 通 风\u3000", "ＣＯ２检测", "co2检测"])
def test_a_filled_in_answer_is_compared_by_its_letters(text: str) -> None:
    assert written_right(every_kind()[3], text)


@pytest.mark.parametrize("text", ["", "通风。", "不通风", "通"])
def test_another_answer_is_wrong(text: str) -> None:
    assert not written_right(every_kind()[3], text)


@pytest.mark.parametrize("text", ["1.5", "1.4", "1.6", "１．５", "1.50 米", "+1.5", "1.5米"])
def test_a_number_within_the_tolerance_is_right(text: str) -> None:
    assert written_right(every_kind()[4], text)


@pytest.mark.parametrize("text", ["1.39", "1.61", "-1.5", "1.5厘米", "一米五", "1.5.0", "1e0", "NaN", "15"])
def test_any_other_is_wrong(text: str) -> None:
    assert not written_right(every_kind()[4], text)


@given(st.decimals(-(10**9), 10**9, places=3, allow_nan=False))
def test_a_number_is_exactly_what_is_written(value: object) -> None:
    exact = replace(every_kind()[4], value=float(str(value)), tolerance=0.0)
    assert written_right(exact, str(value))
    assert written_right(exact, plain(float(str(value))))
    assert not written_right(exact, f"{value}1")


def test_thousands_may_be_separated() -> None:
    assert [number("12,000"), number("1,2"), number("1,000,00")] == [Decimal(12000), None, None]


def test_each_part_of_a_case_is_worth_the_same() -> None:
    place = len(QUESTIONS) - 1
    parts = KEY[place]
    assert isinstance(parts, tuple)
    two = grade(QUESTIONS, {**KEY, place: (*parts[:2], ())}, 80)
    assert two.earned[place] == Fraction(2, 3)
    assert two.score == 95.8
    assert (two.right[place], two.passed) == (False, True)


def test_a_share_is_never_rounded_up_to_the_mark() -> None:
    case = KINDS["case"]
    parts = key(case)
    assert isinstance(parts, tuple)
    result = grade([case], {0: (*parts[:2], ())}, 67)
    assert (result.score, result.passed) == (66.6, False)


@given(st.data())
def test_answers_that_fit_are_graded_and_kept_and_others_are_refused(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(QUESTIONS))
    places = st.lists(st.integers(-2, 5), max_size=5)
    chosen = data.draw(st.one_of(st.text(max_size=80), places, st.lists(places, max_size=4)))
    fitted = fits(question, chosen)
    if fitted is None:
        return
    assert fits(question, fitted) == fitted
    assert kept(jsoned(fitted)) == fitted
    assert 0 <= earned(question, fitted) <= 1
    assert not (earned(question, fitted) == 1 and not answered(question.item.kind, fitted))


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [
        ("single", "甲"),
        ("single", [4]),
        ("single", [True]),
        ("order", [0, 1]),
        ("order", [0, 1, 3]),
        ("match", [0, 1, -2]),
        ("fill", [0]),
        ("fill", "长" * 61),
        ("case", [[0], [0]]),
        ("case", [[0], [0], [2]]),
        ("case", [0, 0, 0]),
    ],
)
def test_what_no_page_could_send_is_refused(kind: str, chosen: object) -> None:
    assert fits(KINDS[kind], chosen) is None


def test_a_half_answer_is_kept_but_not_counted() -> None:
    half = fits(KINDS["match"], [2, NOTHING, NOTHING])
    assert half == (2, NOTHING, NOTHING)
    assert not answered("match", half)
    assert fits(KINDS["match"], [NOTHING] * 3) == ()
    assert fits(KINDS["case"], [[], [], []]) == ()
    assert not answered("case", ((0,), (), (1,)))


def test_a_corrected_item_earns_what_either_key_gives() -> None:
    before = QUESTIONS[0]
    new = replace(before.item, right=((before.item.right[0] + 1) % 4,))
    adjusted = [Adjustment(0, new)]
    by_new = {0: corrected(before, new).right}
    assert grade(QUESTIONS, by_new, 80).score == 0
    assert score(QUESTIONS, by_new, 80, adjusted).earned[0] == 1
    assert score(QUESTIONS, KEY, 80, adjusted).score == 100
    assert score(QUESTIONS, {}, 80, adjusted).score == 0


def test_a_bad_item_is_everybodys() -> None:
    assert score(QUESTIONS, {}, 80, [Adjustment(3, None)]).score == 12.5


def test_an_item_with_other_options_cannot_be_compared() -> None:
    for item in every_kind()[1:3]:
        with pytest.raises(ValueError, match="corrected item"):
            corrected(QUESTIONS[0], item)
    with pytest.raises(ValueError, match="other options"):
        corrected(QUESTIONS[0], replace(QUESTIONS[0].item, options=("甲", "乙", "丙", "戊")))


@given(st.data())
def test_no_adjustment_takes_anything_away_and_their_order_does_not_matter(data: st.DataObject) -> None:
    answers = {place: data.draw(st.sampled_from([KEY[place], ()])) for place in KEY}
    voids = st.builds(Adjustment, st.integers(0, len(QUESTIONS) - 1), st.none())
    keys = st.integers(0, 3).map(lambda right: Adjustment(0, replace(QUESTIONS[0].item, right=(right,))))
    adjustments = data.draw(st.lists(st.one_of(voids, keys), max_size=4))
    before, after = grade(QUESTIONS, answers, 80), score(QUESTIONS, answers, 80, adjustments)
    assert all(new >= old for old, new in zip(before.earned, after.earned, strict=True))
    assert score(QUESTIONS, answers, 80, adjustments[::-1]) == after


def fits(question: Question, chosen: object) -> Chosen | None:
    return fitting(question.item.kind, len(question.options), [len(part.options) for part in question.parts], chosen)


def jsoned(chosen: Chosen) -> object:
    return chosen if isinstance(chosen, str) else [list(one) if isinstance(one, tuple) else one for one in chosen]

"""An attempt on the server: one at a time, answers in order, a deadline with a little grace, rounds with a pause."""

from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from app.assessment import evidence, queries, service
from app.assessment.answers import Chosen
from app.assessment.service import Answer, Graded, HandIn, OpenAttempt
from app.catalogue.queries import CourseVersionRow
from app.kit.errors import Problem
from app.kit.scope import Scope
from tests.assessment.kinds import key as right_answer
from tests.assessment.kinds import mixed_course
from tests.courses import small_course, small_paper
from tests.learners import a_person, at, load

HALF_HOUR = 30 * 60


@pytest.fixture
def wei(session: Session) -> int:
    return a_person(session)


@pytest.fixture
def version(session: Session) -> CourseVersionRow:
    return load(session, small_course())


@pytest.fixture
def attempt(session: Session, wei: int, version: CourseVersionRow) -> int:
    return service.open_attempt(session, OpenAttempt(wei, version, "seed"), at())


def key(session: Session, attempt_id: int, version: CourseVersionRow, *, wrong: int = 0) -> tuple[Answer, ...]:
    """Give the right answers, the first few of them left empty."""
    row = queries.own_attempt(Scope(person=1), session, attempt_id)
    questions = evidence.questions_of(row, version)
    return tuple(
        Answer(place, question.right if place >= wrong else (), flagged=False, sequence=1)
        for place, question in enumerate(questions)
    )


def hand_in(session: Session, wei: int, attempt_id: int, *answers: Answer, seconds: float = 60) -> Graded:
    return service.close(session, HandIn(wei, attempt_id, answers), at(seconds), at(seconds))


def chosen(session: Session, wei: int, attempt_id: int, position: int) -> Chosen:
    return queries.sitting(Scope(person=wei), session, attempt_id).questions[position].chosen


def test_a_second_tab_gets_the_same_attempt(
    session: Session, wei: int, version: CourseVersionRow, attempt: int
) -> None:
    assert service.open_attempt(session, OpenAttempt(wei, version, "other"), at(60)) == attempt
    shown = queries.sitting(Scope(person=wei), session, attempt)
    assert (len(shown.questions), shown.attempt.deadline_at) == (10, at(HALF_HOUR))


def test_what_is_shown_before_the_submission_holds_no_key(session: Session, wei: int, attempt: int) -> None:
    text = repr(queries.sitting(Scope(person=wei), session, attempt))
    assert "题干" in text
    assert "解释" not in text
    assert "right" not in text
    with pytest.raises(Problem) as refused:
        queries.review(Scope(person=wei), session, attempt)
    assert refused.value.status == 404


def test_nobody_else_sees_or_touches_an_attempt(session: Session, attempt: int) -> None:
    luo = a_person(session, "罗敏", 2)
    for act in (
        lambda: queries.sitting(Scope(person=luo), session, attempt),
        lambda: queries.review(Scope(regions=None, personal=True), session, attempt),
        lambda: service.save(session, luo, attempt, (), at(1)),
        lambda: hand_in(session, luo, attempt),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.status == 404


def test_answers_are_saved_and_an_older_page_cannot_overwrite_them(session: Session, wei: int, attempt: int) -> None:
    service.save(session, wei, attempt, [Answer(0, (1,), flagged=True, sequence=3)], at(10))
    saved = service.save(session, wei, attempt, [Answer(0, (2,), flagged=False, sequence=3)], at(11))
    assert saved.answers == (Answer(0, (1,), flagged=True, sequence=3),)
    assert chosen(session, wei, attempt, 0) == (1,)
    service.save(session, wei, attempt, [Answer(0, (), flagged=False, sequence=4)], at(12))
    assert chosen(session, wei, attempt, 0) == ()


@pytest.mark.parametrize(
    "answer",
    [
        Answer(10, (0,), flagged=False, sequence=1),
        Answer(0, (4,), flagged=False, sequence=1),
        Answer(0, (0, 0), flagged=False, sequence=1),
        Answer(0, (0,), flagged=False, sequence=0),
    ],
)
def test_answers_that_no_page_could_send_are_refused(session: Session, wei: int, attempt: int, answer: Answer) -> None:
    with pytest.raises(Problem) as refused:
        service.save(session, wei, attempt, [answer], at(1))
    assert refused.value.status == 422


def test_all_right_passes_and_is_explained_afterwards(
    session: Session, wei: int, version: CourseVersionRow, attempt: int
) -> None:
    graded = hand_in(session, wei, attempt, *key(session, attempt, version))
    assert (graded.attempt.score, graded.attempt.outcome, graded.fresh) == (100.0, "passed", True)
    review = queries.review(Scope(person=wei), session, attempt)
    assert all(question.correct and question.chosen == question.right for question in review.questions)
    assert review.questions[0].explanation.startswith("解释")


def test_handing_in_again_changes_nothing(session: Session, wei: int, version: CourseVersionRow, attempt: int) -> None:
    first = hand_in(session, wei, attempt, *key(session, attempt, version, wrong=3))
    again = hand_in(session, wei, attempt, *key(session, attempt, version), seconds=90)
    assert (again.attempt, again.fresh) == (first.attempt, False)
    assert (again.attempt.score, again.attempt.outcome) == (70.0, "failed")
    with pytest.raises(Problem) as refused:
        service.save(session, wei, attempt, [Answer(0, (1,), flagged=False, sequence=9)], at(91))
    assert refused.value.code == "attempt_closed"


@pytest.mark.parametrize(("late", "score"), [(4.9, 100.0), (5.1, 10.0)])
def test_answers_count_until_five_seconds_after_the_deadline(
    session: Session, wei: int, version: CourseVersionRow, attempt: int, late: float, score: float
) -> None:
    answers = key(session, attempt, version)
    service.save(session, wei, attempt, answers[:1], at(10))
    graded = hand_in(session, wei, attempt, *answers, seconds=HALF_HOUR + late)
    assert graded.attempt.score == score
    assert graded.attempt.submitted_at == at(HALF_HOUR + late if late < 5 else HALF_HOUR)


def test_an_attempt_that_ran_out_takes_no_more_answers_and_waits_to_be_closed(
    session: Session, wei: int, attempt: int
) -> None:
    assert queries.overdue(session, wei, at(HALF_HOUR + 5)) == ()
    assert queries.overdue(session, wei, at(HALF_HOUR + 6)) == (attempt,)
    with pytest.raises(Problem) as refused:
        service.save(session, wei, attempt, [Answer(0, (1,), flagged=False, sequence=1)], at(HALF_HOUR + 6))
    assert refused.value.code == "attempt_over"


def test_after_a_round_of_failures_comes_a_pause(session: Session, wei: int, version: CourseVersionRow) -> None:
    for n in range(3):
        opened = service.open_attempt(session, OpenAttempt(wei, version, str(n)), at(100 * n))
        hand_in(session, wei, opened, seconds=100 * n + 50)
    listed = queries.attempts(Scope(person=wei), session, wei, ["ladders"])
    assert queries.allowed(small_paper(), listed, at(300)).next_at == at(250, days=1)
    with pytest.raises(Problem) as refused:
        service.open_attempt(session, OpenAttempt(wei, version, "4"), at(300))
    assert refused.value.code == "cool_down"
    assert "2026-03-03 12:04" in str(refused.value)
    assert service.open_attempt(session, OpenAttempt(wei, version, "4"), at(251, days=1))


def test_every_kind_is_saved_graded_and_explained(session: Session, wei: int) -> None:
    version = load(session, mixed_course())
    opened = service.open_attempt(session, OpenAttempt(wei, version, "seed"), at())
    own = Scope(person=wei)
    questions = evidence.questions_of(queries.own_attempt(own, session, opened), version)
    answers = [Answer(place, right_answer(one), flagged=False, sequence=1) for place, one in enumerate(questions)]
    text = repr(queries.sitting(own, session, opened))
    assert not any(secret in text for secret in ("通风", "1.5", "accept", "tolerance", "right"))
    assert service.save(session, wei, opened, answers, at(1)).answers == tuple(answers)
    session.expire_all()
    assert queries.sitting(own, session, opened).answered == len(questions)
    half = Answer(7, ((0,), (), ()), flagged=False, sequence=2)
    graded = hand_in(session, wei, opened, half)
    shown = queries.review(own, session, opened).questions
    assert [one.correct for one in shown] == [True] * 7 + [False]
    assert shown[7].earned in {0, Fraction(1, 3)}
    assert graded.attempt.score == int((7 + shown[7].earned) * 1000 / 8) / 10
    assert (shown[3].right_text, shown[4].right_text) == ("通风 / 先通风 / CO2检测", "1.5 ± 0.1 米")


def test_an_attempt_of_the_time_before_there_were_kinds_can_be_read(
    session: Session, wei: int, version: CourseVersionRow, attempt: int
) -> None:
    stored = queries.own_attempt(Scope(person=wei), session, attempt)
    assert all(set(body) == {"item", "options"} for body in stored.questions)

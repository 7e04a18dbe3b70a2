"""Three questions a day: mistakes first, each explained at once, each again on its day; offices see no names."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment import practice, queries, succession
from app.assessment import service as assessment
from app.assessment.drill import drill
from app.assessment.mistakes import mistakes
from app.assessment.models import PracticeCard, PracticeReview
from app.assessment.practice import Answer, Today
from app.assessment.practice_bank import asked_on
from app.assessment.retention import LEAST_PEOPLE, retention
from app.assessment.service import HandIn, OpenAttempt
from app.catalogue import queries as catalogue
from app.catalogue.item import Item
from app.catalogue.queries import CourseVersionRow
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.organisations.models import Enterprise, PostAssignment, Region
from tests.courses import small_course
from tests.learners import a_person, at, load

LADDERS = frozenset({"ladders"})


@pytest.fixture
def wei(session: Session) -> int:
    return a_person(session)


@pytest.fixture
def version(session: Session) -> CourseVersionRow:
    return load(session, small_course())


def today(session: Session, person: int, days: float = 0) -> Today:
    return practice.today(session, person, LADDERS, at(days=0) + timedelta(days=days))


def answer_next(session: Session, person: int, days: float = 0, *, right: bool = True) -> int:
    """Answer the next question of a day, rightly or not at all."""
    due = today(session, person, days).next
    assert due is not None
    now = at() + timedelta(days=days)
    item = next(one for one in load_items(session) if one.id == due.item)
    question = asked_on(item, person, day_of(now))
    chosen = question.right if right else ()
    return practice.answer(session, Answer(person, LADDERS, due.course_code, due.item, chosen), now)


def load_items(session: Session) -> tuple[Item, ...]:
    return catalogue.versions(session, "ladders")[-1].course.items


def fail_exam(session: Session, person: int, version: CourseVersionRow) -> set[str]:
    """Sit an exam without an answer; give the questions."""
    attempt = assessment.open_attempt(session, OpenAttempt(person, version, "seed"), at(-7200))
    assessment.close(session, HandIn(person, attempt), at(-7000), at(-7000))
    return {body["item"] for body in queries.own_attempt(Scope(person=person), session, attempt).questions}


def test_who_has_learned_nothing_has_nothing_to_practise(session: Session, wei: int, version: CourseVersionRow) -> None:
    assert practice.today(session, wei, (), at()) == Today(0, 0, 0, None)
    assert practice.glance(session, wei, (), at()).of == 0


def test_mistakes_come_first_and_three_make_a_day(session: Session, wei: int, version: CourseVersionRow) -> None:
    wrong = fail_exam(session, wei, version)
    assert {mistake.item for mistake in mistakes(session, wei)} == wrong
    for done in range(3):
        now = today(session, wei)
        assert (now.done, now.of) == (done, 3)
        assert now.next is not None
        assert now.next.item in wrong
        answer_next(session, wei)
    after = today(session, wei)
    assert (after.done, after.of, after.streak, after.next) == (3, 3, 1, None)
    assert practice.glance(session, wei, LADDERS, at()).done == 3


def test_a_question_shows_no_key_and_its_answer_is_explained(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    text = repr(today(session, wei).next)
    assert "题干" in text
    assert not any(secret in text for secret in ("解释", "right"))
    told = practice.answered(session, wei, answer_next(session, wei))
    assert (told.question.correct, told.question.explanation[:2]) == (True, "解释")
    assert told.due_on is not None
    assert told.due_on > day_of(at())
    luo = a_person(session, "罗敏", 2)
    with pytest.raises(Problem):
        practice.answered(session, luo, told.id)


def test_sending_twice_is_one_answer(session: Session, wei: int, version: CourseVersionRow) -> None:
    due = today(session, wei).next
    assert due is not None
    given = Answer(wei, LADDERS, due.course_code, due.item, ())
    first = practice.answer(session, given, at())
    assert practice.answer(session, given, at(5)) == first
    assert len(session.scalars(select(PracticeReview)).all()) == 1


def test_what_was_wrong_is_due_tomorrow_from_midnight(session: Session, wei: int, version: CourseVersionRow) -> None:
    answer_next(session, wei, right=False)
    card = session.scalars(select(PracticeCard)).one()
    assert card.due_on == day_of(at(days=1))
    for _ in range(2):
        answer_next(session, wei)
    midnight = 12 / 24
    assert today(session, wei, midnight - 0.01).next is None
    due = today(session, wei, midnight + 0.01).next
    assert due is not None
    assert due.item == card.item
    review = practice.answered(session, wei, answer_next(session, wei, midnight + 0.01))
    assert review.question.correct
    rows = session.scalars(select(PracticeReview).order_by(PracticeReview.id)).all()
    assert [row.spaced for row in rows] == [False, False, False, True]
    assert today(session, wei, midnight + 0.01).streak == 2


def test_what_is_not_asked_today_and_what_does_not_fit_is_refused(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    due = today(session, wei).next
    assert due is not None
    for given, status in (
        (Answer(wei, LADDERS, "ladders", "none", ()), 409),
        (Answer(wei, frozenset(), "ladders", due.item, ()), 409),
        (Answer(wei, LADDERS, "ladders", due.item, (9,)), 422),
    ):
        with pytest.raises(Problem) as refused:
            practice.answer(session, given, at())
        assert refused.value.status == status


def test_nothing_of_a_course_is_shown_while_its_exam_runs(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    fail_exam(session, wei, version)
    assessment.open_attempt(session, OpenAttempt(wei, version, "again"), at(-10))
    assert today(session, wei).next is None
    assert mistakes(session, wei) == ()
    with pytest.raises(Problem) as refused:
        drill(session, wei, "ladders", 1, at())
    assert refused.value.code == "practice_exam"


def test_a_drill_goes_through_the_whole_bank(session: Session, wei: int, version: CourseVersionRow) -> None:
    items = {drill(session, wei, "ladders", place, at()).item.id for place in range(1, 21)}
    assert items == {item.id for item in version.course.items}
    with pytest.raises(Problem):
        drill(session, wei, "ladders", 21, at())


def test_one_person_in_two_records_keeps_one_practice(session: Session, wei: int, version: CourseVersionRow) -> None:
    double = a_person(session, "韦大勇", 2)
    for person in (wei, double):
        for _ in range(3):
            answer_next(session, person)
    both = session.scalars(select(PracticeCard.item).where(PracticeCard.person_id == wei)).all()
    theirs = session.scalars(select(PracticeCard.item).where(PracticeCard.person_id == double)).all()
    succession.hand_over(session, double, wei)
    kept = session.scalars(select(PracticeCard.item).where(PracticeCard.person_id == wei)).all()
    assert sorted(kept) == sorted({*both, *theirs})
    assert session.scalars(select(PracticeReview).where(PracticeReview.person_id == double)).all() == []


def test_offices_see_topics_of_enough_people_within_reach(session: Session, version: CourseVersionRow) -> None:
    session.add(Region(code="450000", name="广西", parent=None))
    session.flush()
    session.add(Enterprise(id=7, uscc="9145000000000000XX", name="龙江", region="450000"))
    session.flush()
    for number in range(LEAST_PEOPLE):
        person = a_person(session, f"工人{number}", 10 + number)
        for _ in range(3):
            answer_next(session, person, right=False)
        while today(session, person, 1).next:
            answer_next(session, person, 1)
        post = {"post": "team_leader", "trade": "", "starts_on": day_of(at(days=-9)), "recorded_at": at()}
        session.add(PostAssignment(person_id=person, enterprise_id=7, ends_on=None, void=False, **post))
        session.flush()
        told = retention(Scope(regions=frozenset({"450000"}), personal=True), session, day_of(at(days=1)))
        assert told
        shown = [one for one in told if one.people is not None]
        assert all(one.people is not None and one.people >= LEAST_PEOPLE for one in shown)
        if number + 1 < LEAST_PEOPLE:
            assert not shown
    assert all(one.share == 1 for one in shown)
    assert retention(Scope(regions=frozenset({"440000"})), session, day_of(at(days=1))) == ()

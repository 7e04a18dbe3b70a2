"""Practice entered many days at once leaves what the same answers, given day by day, would have left."""

from dataclasses import astuple
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessment import practice
from app.assessment.answers import kept
from app.assessment.models import PracticeCard, PracticeReview
from app.assessment.practice import Answer
from app.assessment.practice_history import Practised, practise_many
from app.assessment.spacing import DAILY
from app.kit.dates import day_of, start_of
from tests.courses import small_course
from tests.learners import a_person, at, load

LADDERS = frozenset({"ladders"})
FIRST = day_of(at())
DAYS = tuple(FIRST + timedelta(days=after) for after in (0, 1, 4, 5, 9, 16))
REVIEW = ("course_code", "course_version_id", "item", "topic", "day", "drawn", "chosen", "right", "spaced")
CARD = ("course_code", "item", "due_on", "state", "step", "stability", "difficulty", "due_at", "reviewed_at")


def values(row: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in names)


def told(session: Session, person: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    reviews = session.scalars(select(PracticeReview).where(PracticeReview.person_id == person)).all()
    cards = session.scalars(select(PracticeCard).where(PracticeCard.person_id == person)).all()
    return [values(row, REVIEW) for row in reviews], sorted(values(row, CARD) for row in cards)


def test_it_is_what_day_by_day_would_have_left(session: Session) -> None:
    load(session, small_course())
    wei = a_person(session)
    count = practise_many(session, [Practised(wei, LADDERS, DAYS, 0.6)])
    reviews, cards = told(session, wei)
    assert len(reviews) == count == DAILY * len(DAYS)
    assert {row[-2] for row in reviews} == {True, False}
    assert any(row[-1] for row in reviews)
    for table in (PracticeReview, PracticeCard):
        session.execute(table.__table__.delete())  # type: ignore[attr-defined]
    for _, _, item, _, day, _, chosen, _, _ in reviews:
        now = start_of(day) + timedelta(hours=13)
        practice.answer(session, Answer(wei, LADDERS, "ladders", item, kept(chosen)), now)
    assert told(session, wei) == (reviews, cards)


def test_who_practised_on_no_day_leaves_nothing(session: Session) -> None:
    load(session, small_course())
    nobody = Practised(a_person(session), LADDERS, (), 0.6)
    assert practise_many(session, [nobody]) == 0
    assert astuple(nobody)[2] == ()

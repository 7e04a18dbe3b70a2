"""An item turns out wrong: attempts are graded anew in the candidates' favour, and who passes by it is certified."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assessment import evidence, queries, results
from app.assessment import service as assessment
from app.assessment.item_figures import course_figures
from app.assessment.models import Attempt, AttemptAdjustment
from app.assessment.regrading import Regrade
from app.assessment.service import Answer, HandIn, OpenAttempt
from app.awards.models import Award
from app.catalogue.item import Item
from app.catalogue.queries import CourseVersionRow
from app.identity.models import AuditEvent
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.workflows.regrade_item import ItemRegraded, regrade_item
from app.workflows.replay_award import replay_award
from app.workflows.submit_exam import submit_exam
from tests.courses import small_course
from tests.learners import NOON, a_person, at, load, read_all

AUTHOR = Actor(None, "钟慧")
LATER = NOON + timedelta(days=3)


@pytest.fixture
def wei(session: Session) -> int:
    return a_person(session)


@pytest.fixture
def version(session: Session, wei: int) -> CourseVersionRow:
    version = load(session, small_course())
    read_all(session, wei, version, start=at(-600))
    return version


def sit(session: Session, person: int, version: CourseVersionRow, wrong: int) -> int:
    """Sit an exam with the first few questions wrong: the neighbour of the right option is chosen."""
    attempt = assessment.open_attempt(session, OpenAttempt(person, version, "seed"), at())
    questions = evidence.questions_of(queries.own_attempt(Scope(person=person), session, attempt), version)
    answers = tuple(
        Answer(place, ((one.right[0] + 1) % 4,) if place < wrong else one.right, flagged=False, sequence=1)
        for place, one in enumerate(questions)
    )
    submit_exam(session, HandIn(person, attempt, answers), at(60))
    return attempt


def chosen_item(session: Session, person: int, attempt: int, version: CourseVersionRow, place: int = 0) -> Item:
    """Give the item at a place of the paper with the key that makes what was chosen there right."""
    row = queries.own_attempt(Scope(person=person), session, attempt)
    question = evidence.questions_of(row, version)[place]
    chosen = evidence.chosen_of(session, attempt)[place]
    assert isinstance(chosen[0], int)
    return replace(question.item, right=(question.options[chosen[0]],))


def correct(session: Session, version: CourseVersionRow, item: Item) -> None:
    items = tuple(item if one.id == item.id else one for one in version.course.items)
    load(session, replace(version.course, items=items, note="更正"), when=LATER)


def regraded(session: Session, item: str, **changes: bool) -> ItemRegraded:
    return regrade_item(session, Regrade("ladders", item, "答案有误", **changes), AUTHOR, LATER)


def test_who_passes_by_it_gets_the_award_of_the_day_of_the_exam(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    attempt = sit(session, wei, version, wrong=3)
    item = chosen_item(session, wei, attempt, version)
    correct(session, version, item)
    done = regraded(session, item.id)
    assert len(done.award_ids) == 1
    award = session.get_one(Award, done.award_ids[0])
    assert (award.completed_on, award.score, award.attempt_id) == (day_of(at()), 80.0, attempt)
    assert award.evidence["adjustments"] == [session.scalar(select(AttemptAdjustment.id))]
    assert award.recorded_at >= LATER
    assert [step.message for step in replay_award(session, award.id).steps if not step.right] == []
    shown = queries.review(Scope(person=wei), session, attempt)
    assert (shown.attempt.score, shown.attempt.passed, shown.questions[0].adjusted) == (80.0, True, True)
    assert [row.passed for row in results.closed(session, wei)] == [True]
    untouched = session.get_one(Attempt, attempt)
    assert (untouched.score, untouched.outcome) == (70.0, "failed")
    assert session.scalar(select(AuditEvent.action).where(AuditEvent.action == "item.regrade"))


def test_again_it_changes_nothing(session: Session, wei: int, version: CourseVersionRow) -> None:
    item = chosen_item(session, wei, sit(session, wei, version, wrong=3), version)
    correct(session, version, item)
    regraded(session, item.id)
    again = regraded(session, item.id)
    assert (again.regraded.adjusted, again.award_ids, again.regraded.unchanged) == ((), (), 1)
    assert session.scalar(select(func.count()).select_from(AttemptAdjustment)) == 1


def test_no_pass_is_taken_away(session: Session, wei: int, version: CourseVersionRow) -> None:
    attempt = sit(session, wei, version, wrong=2)
    right = chosen_item(session, wei, attempt, version, place=2)
    correct(session, version, replace(right, right=((right.right[0] + 1) % 4,)))
    done = regraded(session, right.id)
    assert (done.regraded.adjusted, done.award_ids) == ((), ())
    assert queries.attempt(Scope(person=wei), session, attempt).score == 80.0


def test_a_bad_item_gives_everybody_its_points(session: Session, wei: int, version: CourseVersionRow) -> None:
    attempt = sit(session, wei, version, wrong=4)
    for place in (0, 1):
        assert len(
            regraded(session, chosen_item(session, wei, attempt, version, place).id, void=True).regraded.adjusted
        )
    assert queries.attempt(Scope(person=wei), session, attempt).score == 80.0
    assert session.scalar(select(func.count()).select_from(Award)) == 1


def test_an_item_with_other_options_is_told_and_left(session: Session, wei: int, version: CourseVersionRow) -> None:
    item = chosen_item(session, wei, sit(session, wei, version, wrong=3), version)
    correct(session, version, replace(item, options=("甲", "乙", "丙", "戊")))
    assert (regraded(session, item.id).regraded.incomparable, regraded(session, item.id).award_ids) == (1, ())


def test_what_cannot_be_graded_anew_is_refused(session: Session, version: CourseVersionRow) -> None:
    for asked in (Regrade("ladders", "none", "x"), Regrade("ramps", "s0", "x"), Regrade("ladders", "s0", " ")):
        with pytest.raises(Problem):
            regrade_item(session, asked, AUTHOR, LATER)


def test_authors_see_how_items_were_answered(session: Session, wei: int, version: CourseVersionRow) -> None:
    sit(session, wei, version, wrong=3)
    shown = course_figures(session, "ladders")
    assert shown.attempts == 1
    asked = [one.figures for one in shown.items if one.figures.count]
    assert len(asked) == 10
    assert sorted(one.facility for one in asked if one.facility is not None) == [0.0] * 3 + [1.0] * 7
    assert all(sum(one.picks) >= 1 for one in asked)

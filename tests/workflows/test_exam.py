"""From the first page to the certificate: reading opens the exam, a pass makes the award, a revocation undoes it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.assessment import evidence
from app.assessment import queries as assessment
from app.assessment.service import Answer, HandIn, save
from app.awards import queries as awards
from app.awards import service as award_service
from app.awards.models import Award
from app.awards.service import AwardRecord
from app.catalogue.queries import CourseVersionRow
from app.identity import queries as identity
from app.identity.service import Actor
from app.kit.errors import Problem
from app.kit.scope import SYSTEM, Scope
from app.learning import queries as learning
from app.learning.models import LearningReceipt
from app.learning.service import Receipt
from app.workflows import learn
from app.workflows.learn import daily_cap_ms
from app.workflows.open_exam import open_exam
from app.workflows.revoke_award import RevokeAward, revoke_award
from app.workflows.submit_exam import Submitted, close_overdue, submit_exam
from tests.courses import small_course
from tests.learners import a_person, at, load, read_all

TODAY = date(2026, 3, 2)
LUO = Actor(None, "罗局")


@pytest.fixture
def wei(session: Session) -> int:
    return a_person(session)


@pytest.fixture
def version(session: Session) -> CourseVersionRow:
    return load(session, small_course(valid_months=12))


def right_answers(session: Session, wei: int, attempt: int, version: CourseVersionRow) -> tuple[Answer, ...]:
    row = assessment.own_attempt(Scope(person=wei), session, attempt)
    questions = evidence.questions_of(row, version)
    return tuple(Answer(place, q.right, flagged=False, sequence=1) for place, q in enumerate(questions))


def pass_exam(
    session: Session, wei: int, version: CourseVersionRow, *, seconds: float = 200, days: int = 0
) -> Submitted:
    attempt = open_exam(session, wei, "ladders", at(seconds, days))
    answers = right_answers(session, wei, attempt, version)
    return submit_exam(session, HandIn(wei, attempt, answers), at(seconds + 60, days))


def test_the_exam_opens_when_everything_is_read(session: Session, wei: int, version: CourseVersionRow) -> None:
    with pytest.raises(Problem) as refused:
        open_exam(session, wei, "ladders", at())
    assert refused.value.code == "not_learned"
    done = read_all(session, wei, version)
    attempt = open_exam(session, wei, "ladders", done)
    assert open_exam(session, wei, "ladders", done + timedelta(seconds=5)) == attempt


def test_a_pass_makes_an_award_with_its_evidence(session: Session, wei: int, version: CourseVersionRow) -> None:
    read_all(session, wei, version)
    made = pass_exam(session, wei, version)
    assert (made.score, made.passed) == (100.0, True)
    assert made.award_id is not None
    award = awards.certificate(Scope(person=wei), session, made.award_id, TODAY)
    assert (award.completed_on, award.valid_until, award.origin, award.mode) == (
        TODAY,
        date(2027, 3, 2),
        "exam",
        "online",
    )
    assert (award.holder_name, award.score, award.hours) == ("韦大勇", 100.0, 1.0)
    evidence = session.scalars(select(Award.evidence)).one()
    assert [module["credited_ms"] for module in evidence["modules"]] == [60_000, 60_000]
    assert evidence["attempt"] == made.attempt_id


def test_handing_in_twice_makes_one_award(session: Session, wei: int, version: CourseVersionRow) -> None:
    read_all(session, wei, version)
    made = pass_exam(session, wei, version)
    assert submit_exam(session, HandIn(wei, made.attempt_id), at(400)) == made
    assert session.scalar(select(func.count()).select_from(Award)) == 1


def test_a_holder_of_a_valid_certificate_needs_no_exam(session: Session, wei: int, version: CourseVersionRow) -> None:
    read_all(session, wei, version)
    pass_exam(session, wei, version)
    with pytest.raises(Problem) as refused:
        open_exam(session, wei, "ladders", at(600))
    assert refused.value.code == "held"


def test_an_award_expires_and_the_course_is_learned_again(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    read_all(session, wei, version)
    pass_exam(session, wei, version)
    state = learn.course_state(Scope(person=wei), session, wei, "ladders", at(days=365))
    assert (state.stage, state.progress.done) == ("learning", 0)
    read_all_through_the_workflow(session, wei, version)
    assert pass_exam(session, wei, version, days=366).award_id is not None


def read_all_through_the_workflow(session: Session, wei: int, version: CourseVersionRow) -> None:
    now = at(days=365)
    for module in version.course.modules:
        opened = learn.open_module(session, wei, "ladders", module.slug, now)
        assert opened.position_ms == 0
        now += timedelta(seconds=60)
        receipt = Receipt(wei, opened.token, 1, ((0, 60_000),))
        assert learn.receive(session, receipt, now).complete


def test_an_attempt_that_ran_out_counts_with_what_was_saved(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    read_all(session, wei, version)
    attempt = open_exam(session, wei, "ladders", at(200))
    save(session, wei, attempt, right_answers(session, wei, attempt, version)[:9], at(300))
    assert close_overdue(session, wei, at(201 + 30 * 60)) == ()
    (closed,) = close_overdue(session, wei, at(days=3))
    assert (closed.score, closed.passed) == (90.0, True)
    award = awards.held(awards.of_person(SYSTEM, session, wei, TODAY), "ladders")
    assert award is not None
    assert award.completed_on == TODAY


def test_a_late_submission_is_graded_without_its_late_answers(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    read_all(session, wei, version)
    attempt = open_exam(session, wei, "ladders", at(200))
    answers = right_answers(session, wei, attempt, version)
    result = submit_exam(session, HandIn(wei, attempt, answers), at(200 + 30 * 60 + 6))
    assert (result.score, result.passed, result.award_id) == (0.0, False, None)


def test_an_exam_needs_the_evidence_of_reading(session: Session, wei: int, version: CourseVersionRow) -> None:
    read_all(session, wei, version)
    session.execute(delete(LearningReceipt))
    with pytest.raises(Problem) as refused:
        open_exam(session, wei, "ladders", at(200))
    assert refused.value.code == "evidence"


def test_the_stages_of_a_course(session: Session, wei: int, version: CourseVersionRow) -> None:
    def stage(seconds: float) -> str:
        return learn.course_state(Scope(person=wei), session, wei, "ladders", at(seconds)).stage

    assert stage(0) == "learning"
    read_all(session, wei, version)
    assert stage(200) == "exam"
    for n in range(3):
        attempt = open_exam(session, wei, "ladders", at(200 + n))
        assert stage(200 + n) == "sitting"
        submit_exam(session, HandIn(wei, attempt), at(200 + n))
    assert stage(300) == "waiting"
    assert stage(25 * 3600) == "exam"
    pass_exam(session, wei, version, seconds=25 * 3600)
    assert stage(26 * 3600) == "held"


def test_a_revocation_is_kept_with_who_and_why_and_the_course_is_owed_again(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    read_all(session, wei, version)
    award_id = pass_exam(session, wei, version).award_id or 0
    assert revoke_award(SYSTEM, session, RevokeAward(award_id, None, "代考"), LUO, at(600)) == wei
    state = learn.course_state(Scope(person=wei), session, wei, "ladders", at(700))
    assert (state.certificate, state.stage) == (None, "learning")
    (event,) = identity.audit_trail(session, action="award.revoke")
    assert (event.actor, event.subject_id, event.detail["reason"]) == ("罗局", str(award_id), "代考")


def test_a_certificate_out_of_reach_cannot_be_revoked(session: Session, wei: int, version: CourseVersionRow) -> None:
    read_all(session, wei, version)
    award_id = pass_exam(session, wei, version).award_id or 0
    elsewhere = Scope(regions=frozenset({"440100"}), personal=True)
    with pytest.raises(Problem) as refused:
        revoke_award(elsewhere, session, RevokeAward(award_id, None, "代考"), LUO, at(600))
    assert refused.value.status == 404


def test_a_retake_asks_for_the_new_version_from_its_day(session: Session, wei: int, version: CourseVersionRow) -> None:
    read_all(session, wei, version)
    pass_exam(session, wei, version)
    retake = replace(small_course(title="新规"), change="retake", retake_from=date(2026, 4, 1))
    load(session, retake, when=at(days=1))
    own = Scope(person=wei)
    assert learn.course_state(own, session, wei, "ladders", at(days=29)).stage == "held"
    state = learn.course_state(own, session, wei, "ladders", at(days=30))
    assert (state.stage, state.version.number, state.progress.begun) == ("learning", 2, False)


def test_training_elsewhere_does_not_use_up_what_was_read_here(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    read_all(session, wei, version)
    elsewhere = AwardRecord(wei, "ladders", date(2024, 1, 5), "韦大勇")
    award_service.record(session, elsewhere, at(500))
    state = learn.course_state(Scope(person=wei), session, wei, "ladders", at(600))
    assert (state.stage, state.progress.complete) == ("exam", True)


def test_the_cap_of_a_day_is_the_strictest_plans(session: Session) -> None:
    assert daily_cap_ms((), TODAY) == 8 * 45 * 60_000
    assert learning.learned(session, 1, TODAY) == ()

"""An award comes out of its evidence as it was recorded, or it is said which step does not."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.assessment.models import Attempt, AttemptAnswer
from app.assessment.service import HandIn
from app.awards import service as awards
from app.awards.evidence import find
from app.awards.models import Award
from app.awards.service import AwardRecord
from app.catalogue.queries import CourseVersionRow
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.learning.history import Reading, read_many
from app.learning.models import LearningReceipt, LearningSession, ModuleDeed, PresenceCheck
from app.learning.presence import Often
from app.workflows.learn import course_state
from app.workflows.module_work import attempt, decide, tick
from app.workflows.open_exam import open_exam
from app.workflows.replay_award import replay_award
from app.workflows.submit_exam import submit_exam
from tests.courses_kinds import course_of, of_kind
from tests.learners import NOON, a_person, load
from tests.learning.player import MINUTE, Page
from tests.workflows.test_exam import right_answers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OFTEN = Often(2 * MINUTE, 3 * MINUTE)


@pytest.fixture
def wei(session: Session) -> int:
    return a_person(session)


@pytest.fixture
def version(session: Session) -> CourseVersionRow:
    """Give a course with a page of ten minutes, a case, a checklist, a quiz and a film."""
    kinds = (of_kind("case", 2), of_kind("checklist", 3), of_kind("quiz", 4), of_kind("video", 5, 120))
    return load(session, course_of(of_kind("page", 1, 600), *kinds))


@pytest.fixture
def award(session: Session, wei: int, version: CourseVersionRow) -> int:
    """Let Wei learn everything, answer what is asked, and pass."""
    now = NOON
    for module in version.course.modules:
        page = Page(session, wei, version, module.slug, OFTEN, now=now).open().read(module.needed_seconds + 30)
        now = page.now
    state, modules = course_state(Scope(person=wei), session, wei, "ladders", now), version.course.modules
    decide(session, wei, state, modules[1], "gate", 0, now)
    tick(session, wei, state, modules[2], (0, 1, 2), now)
    attempt(session, wei, state, modules[3], {"s0": (0,), "m0": (0, 1), "t0": (1,)}, now)
    sat = open_exam(session, wei, "ladders", now + timedelta(seconds=10))
    answers = right_answers(session, wei, sat, version)
    made = submit_exam(session, HandIn(wei, sat, answers), now + timedelta(seconds=200)).award_id
    assert made is not None
    return made


def failing(session: Session, award: int) -> list[str]:
    session.flush()
    session.expire_all()
    return [step.message % step.details for step in replay_award(session, award).steps if not step.right]


def test_an_honest_award_comes_out_step_by_step(session: Session, award: int) -> None:
    found = replay_award(session, award)
    assert failing(session, award) == []
    assert len(found.steps) == 5 + 3 + 3 + 1
    asked = [step.details["asked"] for step in found.steps if "asked" in step.details]
    assert sum(asked) == len(session.scalars(select(PresenceCheck)).all()) >= 3


def test_it_is_found_by_its_number_or_id(session: Session, award: int) -> None:
    number = session.get_one(Award, award).number
    assert find(session, number.lower()) == find(session, str(award)) == award
    with pytest.raises(Problem):
        find(session, "CV0")


def forget_receipts(session: Session) -> None:
    session.execute(delete(LearningReceipt).where(LearningReceipt.sequence == 3))


def inflate_receipts(session: Session) -> None:
    session.execute(update(LearningReceipt).values(received_at=NOON + timedelta(seconds=1)))


def forget_answers_to_checks(session: Session) -> None:
    session.execute(update(PresenceCheck).values(answered_at=None))


def forget_the_case(session: Session) -> None:
    session.execute(delete(ModuleDeed).where(ModuleDeed.kind == "choice"))


def forge_the_quiz(session: Session) -> None:
    detail = {"answers": [[1], [2], [0]], "right": [True, True, True]}
    session.execute(update(ModuleDeed).where(ModuleDeed.kind == "try").values(detail=detail))


def change_an_answer(session: Session) -> None:
    session.execute(update(AttemptAnswer).where(AttemptAnswer.position.in_((0, 1, 2))).values(chosen=[]))


def answer_late(session: Session) -> None:
    for row in session.scalars(select(AttemptAnswer).where(AttemptAnswer.position == 0)):
        row.saved_at += timedelta(hours=3)


def change_the_paper(session: Session) -> None:
    session.execute(update(Attempt).values(seed="another"))


def raise_the_score(session: Session) -> None:
    session.execute(update(Award).values(score=99.0))


def move_the_day(session: Session) -> None:
    session.execute(update(Award).values(completed_on=date(2026, 1, 1)))


FORGERIES: list[tuple[Callable[[Session], None], str]] = [
    (forget_receipts, "seconds proven"),
    (inflate_receipts, "seconds proven"),
    (forget_answers_to_checks, "seconds proven"),
    (forget_the_case, "what it asks"),
    (forge_the_quiz, "what it asks"),
    (change_an_answer, "graded again"),
    (answer_late, "saved between"),
    (change_the_paper, "the seed draws"),
    (raise_the_score, "graded again"),
    (move_the_day, "Award:"),
]


@pytest.mark.parametrize(("forge", "said"), FORGERIES)
def test_whatever_is_changed_is_found(
    session: Session, award: int, forge: Callable[[Session], None], said: str
) -> None:
    forge(session)
    found = failing(session, award)
    assert found
    assert all(said in message for message in found), found


def test_an_imported_award_cannot_be_worked_out(session: Session, wei: int, version: CourseVersionRow) -> None:
    record = AwardRecord(wei, version.course_code, date(2026, 2, 1), "韦大勇")
    found = replay_award(session, awards.record(session, record, NOON))
    assert (found.right, len(found.steps)) == (False, 1)


def test_what_was_entered_afterwards_comes_out_too(session: Session, wei: int, version: CourseVersionRow) -> None:
    """The sample's people learned by the same rules, deeds included."""
    (end,) = read_many(session, [Reading(wei, version, NOON)], NOON)
    sat = open_exam(session, wei, "ladders", end)
    made = submit_exam(session, HandIn(wei, sat, right_answers(session, wei, sat, version)), end + timedelta(minutes=5))
    assert made.award_id is not None
    assert failing(session, made.award_id) == []
    assert session.scalars(select(LearningSession.checks)).first() == []

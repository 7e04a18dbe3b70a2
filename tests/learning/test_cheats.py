"""What auto-player scripts do, and that none of it gains credit beyond what a patient learner would have."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.bodies import Rules
from app.catalogue.queries import CourseVersionRow
from app.kit.errors import Problem
from app.learning import deeds
from app.learning.checks import AnswerCheck, answer
from app.learning.conditions import CHOICE
from app.learning.credit import CARRY
from app.learning.models import LearningReceipt, PresenceCheck
from app.learning.presence import Often
from app.learning.replay import replay
from app.learning.rows import OpenModule
from tests.courses import small_course
from tests.courses_kinds import course_of, of_kind
from tests.learners import NOON, a_person, load
from tests.learning.player import MINUTE, SOON, Page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LONG = 600


@pytest.fixture
def wei(session: Session) -> int:
    return a_person(session)


@pytest.fixture
def film(session: Session) -> CourseVersionRow:
    """Give a film of ten minutes, and a page of ten after it."""
    return load(session, course_of(of_kind("video", 1, LONG), of_kind("page", 2, LONG)))


def test_sixteen_fold_speed_earns_no_more_than_the_clock(session: Session, wei: int, film: CourseVersionRow) -> None:
    page = Page(session, wei, film).open()
    for second in range(1, 41):
        page.wait(1).report(((second - 1) * 16_000, second * 16_000))
    assert page.credited <= 40_000


def test_a_seek_to_the_end_earns_nothing(session: Session, wei: int, film: CourseVersionRow) -> None:
    page = Page(session, wei, film).open().wait(30)
    assert page.report((LONG * 1000 - 30_000, LONG * 1000)).credited_ms == 0
    assert not page.complete


def test_an_ended_event_is_only_a_claim_to_the_last_second(session: Session, wei: int, film: CourseVersionRow) -> None:
    page = Page(session, wei, film).open().wait(2)
    assert page.report((0, 1), (LONG * 1000 - 1, LONG * 1000)).credited_ms <= 1
    assert not page.complete


def test_a_canned_receipt_for_the_whole_film_is_worth_the_time_that_passed(
    session: Session, wei: int, film: CourseVersionRow
) -> None:
    page = Page(session, wei, film).open().wait(1)
    assert page.report((0, LONG * 1000)).credited_ms == 1_000


def test_a_replayed_receipt_counts_once(session: Session, wei: int, film: CourseVersionRow) -> None:
    page = Page(session, wei, film).open().wait(10)
    page.report((0, 10_000))
    for _ in range(20):
        page.wait(10).report((0, 10_000), sequence=1)
        page.report((0, 10_000))
    assert page.credited == 10_000


def test_receipts_of_an_earlier_session_are_dead(session: Session, wei: int, film: CourseVersionRow) -> None:
    first = Page(session, wei, film).open().wait(10)
    first.report((0, 10_000))
    second = Page(session, wei, film, now=first.now).open()
    with pytest.raises(Problem) as refused:
        first.wait(60).report((10_000, 60_000))
    assert refused.value.code == "taken_over"
    assert second.wait(1).report((10_000, 60_000)).credited_ms == 1_000


def test_twenty_tabs_and_devices_earn_as_much_as_one(session: Session, wei: int, film: CourseVersionRow) -> None:
    """Every tab opens in turn and claims all the time since the first began, for its own module."""
    now, total = NOON, {"001-step": 0, "002-step": 0}
    for turn in range(20):
        module = ("001-step", "002-step")[turn % 2]
        page = Page(session, wei, film, module, now=now).open().wait(6)
        page.report((page.position, LONG * 1000))
        now, total[module] = page.now, page.credited
    assert sum(total.values()) <= (now - NOON).total_seconds() * 1000


def test_the_clients_clock_is_never_asked(session: Session, wei: int, film: CourseVersionRow) -> None:
    """A report bears no time at all: spans are of the film's own time, and far ones are cut."""
    page = Page(session, wei, film).open().wait(5)
    assert page.report((0, 86_400_000)).credited_ms == 5_000


def test_without_an_answer_credit_stops_for_ever(session: Session, wei: int, film: CourseVersionRow) -> None:
    page = Page(session, wei, film, often=SOON).open()
    for _ in range(60):
        page.wait(15).report((0, LONG * 1000))
    assert page.check is not None
    assert page.credited == page.check.at_ms < 3 * MINUTE + 1
    assert page.wait(3600).report((0, LONG * 1000)).credited_ms == 0


def test_reopening_does_not_shake_a_check_off(session: Session, wei: int, film: CourseVersionRow) -> None:
    page = Page(session, wei, film, often=SOON).open()
    for _ in range(20):
        page.wait(15).report((0, LONG * 1000))
    stopped = page.credited
    for _ in range(5):
        page.wait(60).open()
        assert page.check is not None
        assert page.wait(60).report((0, LONG * 1000)).credited_ms == 0
    assert page.credited == stopped


def test_guessing_does_not_answer_and_waiting_for_it_earns_nothing(
    session: Session, wei: int, film: CourseVersionRow
) -> None:
    page = Page(session, wei, film, often=SOON).open()
    while page.check is None:
        page.wait(15).report((0, LONG * 1000))
    stopped = page.credited
    for _ in range(4):
        assert not page.wait(60).answer(wrongly=True)
    assert page.report((0, LONG * 1000)).credited_ms == 0
    assert page.answer()
    page.wait(1).report((0, LONG * 1000))
    assert page.credited - stopped <= CARRY.total_seconds() * 1000 + 1_000
    wrong = session.scalars(select(PresenceCheck.wrong).where(PresenceCheck.answered_at.is_not(None)))
    assert sum(wrong) == 4


def test_a_check_cannot_be_answered_before_it_is_asked(session: Session, wei: int, film: CourseVersionRow) -> None:
    page = Page(session, wei, film, often=SOON).open().wait(15)
    page.report((0, 15_000))
    for word in ("helmet", "cone", "mask"):
        with pytest.raises(Problem) as refused:
            answer(session, AnswerCheck(wei, page.token, 2 * MINUTE, word), page.now)
        assert refused.value.status == 404


def test_a_silence_longer_than_any_module_earns_no_more_than_one(session: Session, wei: int) -> None:
    version = load(session, small_course(modules=1, seconds=3600))
    page = Page(session, wei, version).open().wait(3 * 3600)
    assert page.report((0, 3_600_000)).credited_ms == 15 * MINUTE


def test_a_module_of_a_course_that_somebody_else_opened_is_theirs(
    session: Session, wei: int, film: CourseVersionRow
) -> None:
    """Luo has Wei's token, out of a log: neither time nor deeds nor checks can be sent for somebody else."""
    page = Page(session, wei, film, often=SOON).open().wait(30)
    luo = a_person(session, "罗敏", 2)
    stolen = Page(session, luo, film, token=page.token, now=page.now)
    with pytest.raises(Problem) as refused:
        stolen.report((0, 30_000))
    assert refused.value.status == 404
    assert session.scalar(select(func.count()).select_from(LearningReceipt)) == 0


def test_what_a_module_asks_is_not_bought_with_time(session: Session, wei: int) -> None:
    version = load(session, course_of(of_kind("case", 1, 60)))
    page = Page(session, wei, version).open().read(90)
    assert (page.credited, page.complete) == (60_000, False)
    where = OpenModule(wei, version, "001-step")
    assert deeds.note(session, where, CHOICE, {"scene": "gate", "choice": 0}, page.now).complete


def test_time_is_not_bought_with_deeds(session: Session, wei: int) -> None:
    version = load(session, course_of(of_kind("case", 1, 60)))
    where = OpenModule(wei, version, "001-step")
    noted = deeds.note(session, where, CHOICE, {"scene": "gate", "choice": 0}, NOON)
    assert (noted.fulfilled, noted.complete) == (True, False)


def test_a_decision_about_a_scene_that_was_not_reached_ends_nothing(session: Session, wei: int) -> None:
    version = load(session, course_of(of_kind("case", 1, 60)))
    where = OpenModule(wei, version, "001-step")
    assert not deeds.note(session, where, CHOICE, {"scene": "elsewhere", "choice": 0}, NOON).fulfilled


def test_a_module_of_half_an_hour_never_goes_unasked(session: Session, wei: int) -> None:
    version = load(session, small_course(modules=1, seconds=1800))
    page = Page(session, wei, version, often=Often(5 * MINUTE, 8 * MINUTE)).open().read(1900)
    assert page.complete
    found = replay(session, wei, version, "001-step")
    assert 3 <= found.asked == found.answered <= 6
    assert found.read


def test_a_film_that_may_be_skipped_counts_each_second_once(session: Session, wei: int) -> None:
    version = load(session, course_of(of_kind("video", 1, 120, Rules(skip_forward=True))))
    page = Page(session, wei, version).open()
    page.wait(30).report((60_000, 90_000))
    page.wait(30).report((60_000, 90_000))
    assert (page.credited, page.position) == (30_000, 0)
    page.wait(60).report((0, 60_000))
    assert (page.credited, page.position, page.complete) == (90_000, 90_000, False)
    assert page.wait(30).report((90_000, 120_000)).complete
    assert replay(session, wei, version, "001-step").seen == ((0, 120_000),)

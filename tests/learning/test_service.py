"""Learning on the server: one live device, receipts once, a day's cap, evidence that can be replayed."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.learning import queries
from app.learning.models import LearningReceipt
from app.learning.replay import replay
from app.learning.rows import OpenModule
from app.learning.service import open_session
from tests.courses import small_course
from tests.learners import a_person, at, load, open_module, progressed, read_all, report


def learned_ms(session: Session, person: int, day: date) -> int:
    return sum(row.credited_ms for row in queries.learned(session, person, day))


def studied(session: Session, person: int, on: date) -> CourseVersionRow:
    rows = queries.progress_rows(Scope(person=person), session, person, ["ladders"])
    return queries.studied_version(session, rows, "ladders", on)


def test_reading_is_credited_and_completes_the_module(session: Session) -> None:
    wei, version = a_person(session), load(session, small_course())
    opened = open_module(session, wei, version)
    assert (opened.position_ms, opened.needed_ms, opened.complete) == (0, 60_000, False)
    first = report(session, wei, opened.token, 1, (0, 15_000), when=at(15))
    assert (first.position_ms, first.complete) == (15_000, False)
    assert report(session, wei, opened.token, 2, (15_000, 60_000), when=at(61)).complete
    progress = progressed(session, wei, version)
    assert (progress.done, progress.complete, progress.next_module, progress.left_ms) == (1, False, "002-step", 60_000)
    assert progress.modules[0].completed_at == at(61)


def test_a_report_that_arrives_twice_counts_once_and_gets_the_same_answer(session: Session) -> None:
    wei, version = a_person(session), load(session, small_course())
    opened = open_module(session, wei, version)
    first = report(session, wei, opened.token, 1, (0, 15_000), when=at(15))
    assert report(session, wei, opened.token, 1, (0, 30_000), when=at(30)) == first
    assert report(session, wei, opened.token, 2, (15_000, 30_000), when=at(31)).position_ms == 30_000


def test_progress_goes_on_on_another_device_and_the_first_is_told(session: Session) -> None:
    wei, version = a_person(session), load(session, small_course())
    phone = open_module(session, wei, version)
    report(session, wei, phone.token, 1, (0, 15_000), when=at(15))
    tablet = open_module(session, wei, version, when=at(20))
    assert tablet.position_ms == 15_000
    with pytest.raises(Problem) as refused:
        report(session, wei, phone.token, 2, (15_000, 30_000), when=at(30))
    assert (refused.value.status, refused.value.code) == (409, "taken_over")
    assert report(session, wei, phone.token, 1, (0, 15_000), when=at(31)).credited_ms == 15_000
    assert report(session, wei, tablet.token, 1, (15_000, 60_000), when=at(30)).position_ms == 25_000


def test_nobody_reports_for_somebody_else(session: Session) -> None:
    wei, luo = a_person(session), a_person(session, "罗敏", 2)
    opened = open_module(session, wei, load(session, small_course()))
    for person, token in ((luo, opened.token), (wei, "unknown")):
        with pytest.raises(Problem) as refused:
            report(session, person, token, 1, (0, 15_000), when=at(15))
        assert refused.value.status == 404


@pytest.mark.parametrize(("sequence", "spans"), [(0, [(0, 1)]), (1, [(5, 5)]), (1, [(-1, 5)]), (1, [(0, 1)] * 201)])
def test_malformed_reports_are_refused(session: Session, sequence: int, spans: list[tuple[int, int]]) -> None:
    wei = a_person(session)
    opened = open_module(session, wei, load(session, small_course()))
    with pytest.raises(Problem) as refused:
        report(session, wei, opened.token, sequence, *spans, when=at(15))
    assert refused.value.status == 422


def test_an_unknown_module_is_not_found(session: Session) -> None:
    wei, version = a_person(session), load(session, small_course())
    with pytest.raises(Problem) as refused:
        open_module(session, wei, version, "009-step")
    assert refused.value.status == 404


def test_the_days_cap_holds_over_courses_and_ends_at_midnight_in_shanghai(session: Session) -> None:
    wei, version = a_person(session), load(session, small_course(), small_course("stairs"))
    stairs = catalogue.current(session, "stairs", date(2026, 3, 2))
    first = open_module(session, wei, version)
    report(session, wei, first.token, 1, (0, 50_000), when=at(50), cap=90_000)
    second = open_module(session, wei, stairs, when=at(50))
    full = report(session, wei, second.token, 1, (0, 60_000), when=at(120), cap=90_000)
    assert (full.position_ms, full.capped) == (40_000, True)
    assert learned_ms(session, wei, date(2026, 3, 2)) == 90_000
    past_midnight = at(12 * 3600 + 1)
    assert report(session, wei, second.token, 2, (40_000, 60_000), when=past_midnight, cap=90_000).complete
    assert learned_ms(session, wei, day_of(past_midnight)) == 20_000


def test_progress_can_be_replayed_from_its_receipts(session: Session) -> None:
    wei, version = a_person(session), load(session, small_course())
    phone = open_module(session, wei, version)
    report(session, wei, phone.token, 1, (0, 60_000), when=at(12))
    report(session, wei, phone.token, 2, (5_000, 40_000), when=at(30))
    tablet = open_module(session, wei, version, when=at(40))
    report(session, wei, tablet.token, 1, (30_000, 60_000), when=at(55))
    credited = progressed(session, wei, version).modules[0].credited_ms
    assert 30_000 < credited < 60_000
    assert replay(session, wei, version, "001-step").seen == ((0, credited),)


def test_a_forged_receipt_does_not_survive_the_replay(session: Session) -> None:
    wei, version = a_person(session), load(session, small_course())
    opened = open_module(session, wei, version)
    report(session, wei, opened.token, 1, (0, 60_000), when=at(12))
    session.execute(update(LearningReceipt).values(allowed_ms=60_000, credited_ms=60_000))
    assert replay(session, wei, version, "001-step").seen == ((0, 12_000),)


def test_an_unfinished_learner_stays_with_the_version_begun(session: Session) -> None:
    wei, luo = a_person(session), a_person(session, "罗敏", 2)
    first = load(session, small_course())
    opened = open_module(session, wei, first)
    report(session, wei, opened.token, 1, (0, 15_000), when=at(15))
    second = load(session, small_course(title="梯子安全（修订）"), when=at(days=1))
    today = day_of(at(days=1))
    assert studied(session, wei, today).number == 1
    assert studied(session, luo, today).number == second.number == 2


def test_a_retake_in_force_moves_everybody_to_the_new_version(session: Session) -> None:
    wei = a_person(session)
    first = load(session, small_course())
    read_all(session, wei, first)
    retake = replace(small_course(title="梯子安全（新规）"), change="retake", retake_from=date(2026, 3, 10))
    load(session, retake, when=at(days=1))
    assert studied(session, wei, date(2026, 3, 9)).number == 1
    assert studied(session, wei, date(2026, 3, 10)).number == 2


def test_what_an_award_used_up_is_learned_again_from_zero(session: Session) -> None:
    wei, version = a_person(session), load(session, small_course())
    done = read_all(session, wei, version)
    assert progressed(session, wei, version, since=done).done == 0
    again = open_session(session, OpenModule(wei, version, "001-step", since=done), at(days=400))
    assert (again.position_ms, again.complete) == (0, False)
    report(session, wei, again.token, 1, (0, 20_000), when=at(20, days=400))
    assert replay(session, wei, version, "001-step").seen == ((0, 20_000),)
    progress = progressed(session, wei, version, since=done)
    assert [module.credited_ms for module in progress.modules] == [20_000, 0]


def test_progress_is_out_of_reach_for_others(session: Session) -> None:
    wei, luo = a_person(session), a_person(session, "罗敏", 2)
    with pytest.raises(Problem) as refused:
        queries.progress_rows(Scope(person=luo), session, wei, ["ladders"])
    assert refused.value.status == 404

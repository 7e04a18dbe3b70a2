"""What happens to honest learners: none gets stuck, and none repeats more than half a minute."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalogue.queries import CourseVersionRow
from app.learning.presence import Often
from app.learning.replay import replay
from tests.courses import small_course
from tests.learners import a_person, load
from tests.learning.player import MINUTE, SOON, Page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
REPEATED_MS = 30_000


@pytest.fixture
def wei(session: Session) -> int:
    return a_person(session)


@pytest.fixture
def version(session: Session) -> CourseVersionRow:
    """Give one page of fifteen minutes."""
    return load(session, small_course(modules=1, seconds=900))


def finish(page: Page) -> Page:
    """Read on to the end; it must come."""
    page.read((900_000 - page.position) / 1000)
    assert page.complete, page.position
    return page


def test_a_suspended_tab_goes_on_where_it_stopped(session: Session, wei: int, version: CourseVersionRow) -> None:
    page = Page(session, wei, version).open().read(120).wait(3600)
    assert page.position == 120_000
    finish(page)


def test_a_line_that_is_lost_for_ten_minutes_loses_nothing(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    page = Page(session, wei, version).open().read(60).wait(600)
    page.report((60_000, 660_000))
    assert page.position == 660_000
    finish(page)


def test_a_lost_line_over_a_presence_check_loses_nothing_either(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    """Nobody could be asked meanwhile: the checks are asked one after the other, then all that was read counts."""
    page = Page(session, wei, version, often=SOON).open().read(60)
    read_to = page.position + 600_000
    page.wait(600).report((page.position, read_to))
    assert page.check is not None
    assert page.position < read_to
    page.settle(read_to)
    assert read_to - page.position <= REPEATED_MS
    finish(page)
    assert replay(session, wei, version, "001-step").read


def test_a_check_that_waits_all_night_costs_nothing_but_the_night(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    page = Page(session, wei, version, often=SOON).open()
    while page.check is None:
        start = page.position
        page.wait(15).report((start, start + 15_000))
    stopped, read_to = page.position, start + 15_000
    page.wait(10 * 3600).answer()
    page.report((stopped, read_to))
    assert read_to - page.position <= REPEATED_MS
    finish(page)


def test_a_locked_phone_repeats_at_most_what_was_not_reported(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    """Locked fourteen seconds after the last report, and the page was thrown away: it is opened again."""
    page = Page(session, wei, version).open().read(300).wait(14)
    read_to = page.position + 14_000
    page.wait(1800).open()
    assert 0 <= read_to - page.position <= REPEATED_MS
    finish(page)


def test_a_reload_during_a_check_asks_again_and_goes_on(session: Session, wei: int, version: CourseVersionRow) -> None:
    page = Page(session, wei, version, often=SOON).open()
    while page.check is None:
        start = page.position
        page.wait(15).report((start, start + 15_000))
    stopped = page.position
    page.wait(5).open()
    assert page.check is not None
    assert page.position == stopped
    assert page.answer()
    finish(page)


def test_two_devices_hand_over_to_each_other(session: Session, wei: int, version: CourseVersionRow) -> None:
    phone = Page(session, wei, version, often=SOON).open().read(200)
    tablet = Page(session, wei, version, often=SOON, now=phone.now).open()
    assert tablet.position == phone.position
    tablet.read(200)
    phone.now = tablet.now
    phone.open()
    assert phone.position == tablet.position
    finish(phone)
    assert replay(session, wei, version, "001-step").read


def test_a_report_whose_answer_was_lost_is_sent_again_for_nothing(
    session: Session, wei: int, version: CourseVersionRow
) -> None:
    page = Page(session, wei, version).open().wait(15)
    first = page.report((0, 15_000))
    again = page.wait(20).report((0, 35_000), sequence=1)
    assert again == first
    page.report((15_000, 35_000))
    assert page.position == 35_000
    finish(page)


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.integers(1, 200)),
        st.tuples(st.just("away"), st.integers(1, 40_000)),
        st.tuples(st.just("offline"), st.integers(1, 600)),
        st.tuples(st.just("reload"), st.integers(0, 14)),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_whatever_happens_the_end_comes_and_little_is_repeated(session: Session, acts: list[tuple[str, int]]) -> None:
    number = test_whatever_happens_the_end_comes_and_little_is_repeated.__dict__
    number["n"] = number.get("n", 1000) + 1
    person = a_person(session, number=number["n"])
    version = load(session, small_course(modules=1, seconds=900))
    page = Page(session, person, version, often=Often(2 * MINUTE, 4 * MINUTE)).open()
    for act, seconds in acts:
        _happen(page, act, seconds)
    page.settle(page.position)
    finish(page)
    assert replay(session, person, version, "001-step").read


def _happen(page: Page, act: str, seconds: int) -> None:
    before = page.position
    if act == "read":
        page.read(seconds)
        assert page.position >= min(900_000, before + seconds * 1000) - REPEATED_MS
    elif act == "away":
        page.wait(seconds)
        assert page.position == before
    elif act == "offline":
        read_to = min(900_000, before + seconds * 1000)
        page.wait(seconds)
        if read_to > before:
            page.report((before, read_to))
            page.settle(read_to)
        assert read_to - page.position <= REPEATED_MS
    else:
        page.wait(seconds).open()
        page.settle(page.position)
        assert page.position >= before

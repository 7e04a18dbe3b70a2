"""Modules of every kind in a browser: what is decided, ticked and answered stays; films come in ranges of bytes."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from httpx import Response

from app.catalogue import service as loading
from app.catalogue import store
from app.catalogue.bodies import Media, Stored
from app.catalogue.kinds.media import stored_digest
from app.identity import service as identity
from app.ops.db import Database
from app.web.media import asked_part
from tests.courses_kinds import course_of, of_kind
from tests.learners import a_person
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.web.learning.conftest import Clock
from tests.web.learning.test_player import send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FILM = bytes(range(256)) * 4096
DIGEST = stored_digest(FILM)
ADDRESS = f"/media/{DIGEST}/climb.mp4"
COURSE = "/courses/ladders"


@pytest.fixture
def wei(database: Database, sign_in: SignIn, time: Clock) -> Browser:
    """Sign Wei in, who may learn a course with a module of every kind."""
    film = replace(of_kind("video", 4), body=Media(Stored(DIGEST, "climb.mp4", "video/mp4", len(FILM)), 60, None, ""))
    course = course_of(of_kind("case", 1), of_kind("checklist", 2), of_kind("quiz", 3), film, of_kind("slides", 5))
    with database.session() as session:
        store.keep(session, store.stored_of([course]), {DIGEST: FILM})
        loading.load(session, [course], time.now(), "cli")
        account = identity.open_worker_account(session, a_person(session), "韦大勇", time.now())
    return sign_in(account)


def post(browser: Browser, path: str, **fields: object) -> Response:
    answer: Response = browser.post(path, data={"csrf": browser.csrf, **fields}, follow_redirects=True)
    return answer


def learn(browser: Browser, time: Clock, module: str) -> None:
    """Spend a module's time."""
    opened = send(browser, f"{COURSE}/modules/{module}/sessions").json()
    time.forward(61)
    body = {"token": opened["token"], "sequence": 1, "spans": [[0, 60_000]]}
    assert send(browser, "/learning/receipts", body).json()["read"] is True


def test_a_case_is_decided_step_by_step_and_remembered(wei: Browser, time: Clock) -> None:
    case = f"{COURSE}/modules/001-step"
    assert "你站在池边" in wei.get(case).text
    assert "头晕" not in wei.get(case).text
    page = post(wei, case + "/choices", scene="gate", choice="1").text
    assert "头晕" in page
    assert "退回去重选" in page
    page = post(wei, case + "/turns", way="back").text
    assert "头晕" not in page
    post(wei, case + "/choices", scene="gate", choice="0")
    page = wei.get(case).text
    assert "都平安" in page
    assert "案例到此结束" in page
    learn(wei, time, "001-step")
    assert "本单元已学完" in wei.get(case).text


def test_time_alone_does_not_finish_a_module_that_asks_for_more(wei: Browser, time: Clock) -> None:
    learn(wei, time, "002-step")
    page = wei.get(f"{COURSE}/modules/002-step").text
    assert "还差一步：逐条打勾" in page
    post(wei, f"{COURSE}/modules/002-step/ticks", point=["0", "1"])
    assert "还差一步：逐条打勾" in wei.get(f"{COURSE}/modules/002-step").text
    page = post(wei, f"{COURSE}/modules/002-step/ticks", point=["0", "1", "2"]).text
    assert "本单元已学完" in page
    assert len(re.findall(r"<input[^>]* checked", page)) == 3


def test_a_checkpoint_is_judged_on_the_server_and_keeps_its_key(wei: Browser, time: Clock) -> None:
    quiz = f"{COURSE}/modules/003-step"
    assert "解释" not in wei.get(quiz).text
    page = post(wei, quiz + "/tries", **{"a-s0": "1", "a-m0": ["0", "1"]}).text
    assert "3 题答对 1 题" in page
    assert "解释" not in page
    page = post(wei, quiz + "/tries", **{"a-s0": "0", "a-m0": ["0", "1"]}).text
    assert "已通过" in page
    assert "解释s0" in page
    assert post(wei, quiz + "/tries", **{"a-s0": "1"}).text.count("已通过") == 1
    learn(wei, time, "003-step")
    assert "本单元已学完" in wei.get(quiz).text


def test_not_a_byte_of_a_checkpoint_depends_on_which_option_is_right(
    wei: Browser, database: Database, time: Clock
) -> None:
    page = wei.get(f"{COURSE}/modules/003-step").text
    course = course_of(of_kind("case", 1), of_kind("checklist", 2), of_kind("quiz", 3))
    items = tuple(
        replace(item, right=(3,)) if item.kind == "single" else replace(item, right=(1,)) for item in course.items
    )
    with database.session() as session:
        loading.load(session, [replace(course, items=items, note="别的答案")], time.now(), "cli")
    other = wei.get(f"{COURSE}/modules/003-step").text
    form = re.compile(r'<ol class="asked">.*?</ol>', re.DOTALL)
    assert form.search(page)[0] == form.search(other)[0]  # type: ignore[index]


@pytest.mark.parametrize("fields", [{"a-s0": "9"}, {"a-s0": "x"}, {"a-m0": ["0", "77"]}])
def test_impossible_answers_are_refused(wei: Browser, fields: dict[str, object]) -> None:
    assert post(wei, f"{COURSE}/modules/003-step/tries", **fields).status_code == 422


def test_forms_of_one_kind_do_not_fit_another(wei: Browser) -> None:
    assert post(wei, f"{COURSE}/modules/005-step/choices", scene="gate", choice="0").status_code == 404
    assert post(wei, f"{COURSE}/modules/005-step/ticks", point="0").status_code == 404
    assert post(wei, f"{COURSE}/modules/005-step/tries").status_code == 404
    assert post(wei, f"{COURSE}/modules/001-step/choices", scene="gate", choice="7").status_code == 404
    assert post(wei, f"{COURSE}/modules/002-step/ticks", point="7").status_code == 404


def test_the_course_is_done_when_every_module_is(wei: Browser, time: Clock) -> None:
    assert send(wei, COURSE + "/attempts").status_code == 409
    for number in range(1, 6):
        learn(wei, time, f"{number:03d}-step")
    assert send(wei, COURSE + "/attempts").status_code == 409
    post(wei, f"{COURSE}/modules/001-step/choices", scene="gate", choice="0")
    post(wei, f"{COURSE}/modules/002-step/ticks", point=["0", "1", "2"])
    post(wei, f"{COURSE}/modules/003-step/tries", **{"a-s0": "0", "a-m0": ["0", "1"]})
    started = wei.post(COURSE + "/attempts", data={"csrf": wei.csrf})
    assert started.status_code == 303
    assert started.headers["location"].startswith("/attempts/")


def test_a_film_comes_whole_or_by_ranges(wei: Browser) -> None:
    whole = wei.get(ADDRESS)
    assert (whole.status_code, whole.content == FILM, whole.headers["accept-ranges"]) == (200, True, "bytes")
    assert whole.headers["content-length"] == str(len(FILM))
    for asked, start, end in (("0-99", 0, 100), ("300000-600000", 300_000, 600_001), ("-5", len(FILM) - 5, len(FILM))):
        part = wei.get(ADDRESS, headers={"Range": f"bytes={asked}"})
        assert part.status_code == 206
        assert part.content == FILM[start:end]
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{len(FILM)}"
    past = wei.get(ADDRESS, headers={"Range": f"bytes={len(FILM)}-"})
    assert (past.status_code, past.headers["content-range"]) == (416, f"bytes */{len(FILM)}")


def test_a_film_that_is_known_is_not_sent_again(wei: Browser) -> None:
    tag = wei.get(ADDRESS).headers["etag"]
    assert wei.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
    fresh = wei.get(ADDRESS, headers={"Range": "bytes=0-9", "If-Range": tag})
    stale = wei.get(ADDRESS, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (fresh.status_code, stale.status_code) == (206, 200)
    head = wei.head(ADDRESS)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(FILM)), b"")


def test_a_film_is_for_who_is_signed_in_and_under_its_own_name(wei: Browser, anybody: Browser) -> None:
    assert wei.get(f"/media/{DIGEST}/other.mp4").status_code == 404
    assert wei.get(f"/media/{'0' * 32}/climb.mp4").status_code == 404
    assert anybody.get(ADDRESS).status_code == 303


@pytest.mark.usefixtures("database")
def test_ranges_are_read_as_the_standard_says() -> None:
    assert asked_part(None, 10) is None
    assert asked_part("items=0-5", 10) is None
    assert asked_part("bytes=0-1,3-4", 10) is None
    assert asked_part("bytes=5-3", 10) is None
    part = asked_part("bytes=7-", 10)
    assert part is not None
    assert (part.start, part.end) == (7, 10)


def test_a_presence_check_stops_credit_until_it_is_answered(wei: Browser, database: Database, time: Clock) -> None:
    long = course_of(of_kind("page", 1, 900))
    with database.session() as session:
        loading.load(session, [replace(long, note="长")], time.now(), "cli")
    opened = send(wei, f"{COURSE}/modules/001-step/sessions").json()
    assert opened["check"] is None
    assert "checks" not in opened
    found, sequence = None, 0
    while not found and sequence < 60:
        sequence += 1
        time.forward(15)
        body = {"token": opened["token"], "sequence": sequence, "spans": [[0, 900_000]]}
        found = send(wei, "/learning/receipts", body).json()["check"]
    assert found is not None
    assert timedelta(minutes=5) <= timedelta(milliseconds=found["at_ms"]) <= timedelta(minutes=8)
    given = {"token": opened["token"], "at_ms": found["at_ms"]}
    wrong = next(word for word in found["options"] if word != found["word"])
    again = send(wei, "/learning/presence", {**given, "word": wrong}).json()
    assert again["right"] is False
    assert send(wei, "/learning/presence", {**given, "word": again["check"]["word"]}).json()["right"] is True
    time.forward(15)
    body = {"token": opened["token"], "sequence": sequence + 1, "spans": [[0, 900_000]]}
    assert send(wei, "/learning/receipts", body).json()["credited_ms"] > 0

"""The exam in a browser: rules first, answers saved, handed in once, explained afterwards, and never a key before."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.assessment import evidence, queries
from app.catalogue import queries as catalogue
from app.catalogue import service as loading
from app.kit.scope import Scope
from app.ops import clock
from app.ops.db import Database
from app.ops.settings import ROOT
from app.workflows import open_exam
from tests.web.browsers import Browser
from tests.web.learning.conftest import LAW, Clock
from tests.world import World

pytestmark = [pytest.mark.parametrize("database_url", ["sqlite"], indirect=True), pytest.mark.usefixtures("learned")]


@pytest.fixture
def attempt(wei: Browser) -> str:
    return wei.submit(f"/courses/{LAW}/attempts").headers["location"]


def key(database: Database, person: int, attempt: str) -> list[tuple[int, ...]]:
    with database.reading() as session:
        row = queries.own_attempt(Scope(person=person), session, int(attempt.rsplit("/", 1)[1]))
        version = catalogue.version(session, row.course_version_id)
        return [question.right for question in evidence.questions_of(row, version)]


def filled(right: list[tuple[int, ...]]) -> dict[str, object]:
    fields: dict[str, object] = {f"q{place}": list(map(str, chosen)) for place, chosen in enumerate(right)}
    return fields | {f"s{place}": "1" for place in range(len(right))}


def test_the_rules_and_the_attempts_left_are_shown_before(wei: Browser) -> None:
    page = wei.get(f"/courses/{LAW}/exam").text
    for rule in ("35 分钟", "80 分（满分 100 分）", "3 / 3 次", "要等 24 小时"):
        assert rule in page


def test_starting_twice_leads_to_the_same_attempt(wei: Browser, attempt: str) -> None:
    assert wei.submit(f"/courses/{LAW}/attempts").headers["location"] == attempt
    assert wei.get(f"/courses/{LAW}/exam").headers["location"] == attempt


def test_answers_are_saved_and_shown_again(wei: Browser, attempt: str) -> None:
    body = {"answers": [{"position": 0, "chosen": [2], "flagged": True, "sequence": 1}]}
    saved = wei.post(attempt + "/answers", json=body, headers={"X-CSRF-Token": wei.csrf})
    assert saved.json()["answers"] == body["answers"]
    assert 0 < saved.json()["remaining_ms"] <= 35 * 60_000
    page = wei.get(attempt).text
    assert '<input type="radio" name="q0" value="2" checked>' in page
    assert 'name="f0" value="1" checked' in page


def test_a_pass_leads_to_the_certificate_and_every_question_is_explained(
    wei: Browser, world: World, database: Database, attempt: str
) -> None:
    handed_in = wei.submit(attempt + "/submission", **filled(key(database, world.wei, attempt)))
    assert (handed_in.status_code, handed_in.headers["location"]) == (303, attempt)
    page = wei.get(attempt).text
    assert "考试通过" in page
    assert page.count("出处：") == 25
    certificate = re.search(r'href="(/certificates/\d+)"', page)
    assert certificate
    assert "有效" in wei.get(certificate[1]).text
    assert "您已有这门课的有效证书" in wei.get(f"/courses/{LAW}/exam").text


def test_a_failure_says_how_many_attempts_are_left(wei: Browser, attempt: str) -> None:
    wei.submit(attempt + "/submission")
    page = wei.get(attempt).text
    assert "这次没有通过" in page
    assert "还剩 2 次" in page


def test_time_that_ran_out_closes_the_attempt_at_the_next_look(wei: Browser, attempt: str, time: Clock) -> None:
    time.forward(35 * 60 + 10)
    assert "这次没有通过" in wei.get(attempt).text


def test_nobody_else_sees_an_attempt(
    world: World, attempt: str, browser_of: Callable[[int], Browser], sign_in: Callable[[int], Browser]
) -> None:
    assert browser_of(world.mo).get(attempt).status_code == 404
    assert sign_in(world.luo).get(attempt).status_code in {403, 404}


def test_malformed_answers_are_refused(wei: Browser, attempt: str) -> None:
    assert wei.submit(attempt + "/submission", q0="x", s0="1").status_code == 422
    assert wei.submit(attempt + "/submission", q0="99", s0="1").status_code == 422
    assert "题，共" in wei.get(attempt).text


def sent_before_submission(browser: Browser, attempt: str) -> list[bytes]:
    """Give every answer of the server that a learner can get during an exam, static files included."""
    pages = ["/learning", "/me", "/certificates", f"/courses/{LAW}", f"/courses/{LAW}/exam", attempt]
    got = [browser.get(path).content for path in pages]
    style = re.search(rb'href="(/style-[0-9a-f]+\.css)"', got[0])
    assert style
    got.append(browser.get(style[1].decode()).content)
    files = [file for file in Path(ROOT, "static").rglob("*") if file.is_file()]
    got += [browser.get("/static/" + file.relative_to(ROOT / "static").as_posix()).content for file in files]
    body = {"answers": [{"position": n, "chosen": [0], "flagged": False, "sequence": 1} for n in range(20)]}
    got.append(browser.post(attempt + "/answers", json=body, headers={"X-CSRF-Token": browser.csrf}).content)
    return got


def test_no_explanation_source_or_item_id_is_sent_before_the_submission(
    wei: Browser, database: Database, attempt: str
) -> None:
    sent = b"\n".join(sent_before_submission(wei, attempt))
    with database.reading() as session:
        items = catalogue.current(session, LAW, clock.today()).course.items
    assert len(items) >= 24
    for item in items:
        for secret in (item.explanation, item.source, f'"{item.id}"', f">{item.id}<", item.fact):
            assert secret.encode() not in sent


def test_not_a_byte_of_the_exam_depends_on_which_option_is_right(
    wei: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two versions of the course that differ in nothing but their keys look the same."""
    monkeypatch.setattr(open_exam, "random_token", lambda: "one seed")
    before = wei.get(wei.submit(f"/courses/{LAW}/attempts").headers["location"]).text
    with database.session() as session:
        course = catalogue.current(session, LAW, clock.today()).course
        items = tuple(replace(item, right=_other(item.right, len(item.options))) for item in course.items)
        loading.load(session, [replace(course, items=items)], clock.now(), "cli")
    with database.reading() as session:
        swapped = catalogue.versions(session, LAW)[-1]
    monkeypatch.setattr(catalogue, "version", lambda _session, _id: swapped)
    after = wei.get("/attempts/1").text
    assert _timeless(before) == _timeless(after)


def _other(right: tuple[int, ...], options: int) -> tuple[int, ...]:
    return tuple(sorted((index + 1) % options for index in right))


def _timeless(page: str) -> str:
    return re.sub(r'data-remaining="\d+"', "", page)

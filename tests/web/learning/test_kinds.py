"""Every kind of question on a phone: written, put in order with arrows, matched, told as a case; kept and explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from app.assessment import evidence, queries
from app.assessment import service as assessment
from app.assessment.papers import Question
from app.assessment.service import OpenAttempt
from app.catalogue import queries as catalogue
from app.catalogue import service as loading
from app.identity import service as identity
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.ops import clock
from app.ops.db import Database
from app.web.deps import cookie_name
from tests.assessment.kinds import key, mixed_course
from tests.learners import a_person
from tests.support.serving import hosting
from tests.web.browsers import Browser
from tests.web.conftest import SignIn

PHONE = {"width": 390, "height": 844}
CHOICES = ("single", "multiple", "true_false")


def begin(database: Database) -> tuple[int, int]:
    """Give an account and the attempt that its person has begun, at a paper of every kind."""
    now = clock.now()
    with database.session() as session:
        loading.load(session, [mixed_course()], now, "cli")
        person = a_person(session)
        account = identity.open_worker_account(session, person, "韦大勇", now)
        version = catalogue.current(session, "ladders", day_of(now))
        return account, assessment.open_attempt(session, OpenAttempt(person, version, "seed"), now)


def drawn(database: Database, attempt: int) -> tuple[Question, ...]:
    with database.reading() as session:
        row = queries.own_attempt(Scope(person=1), session, attempt)
        return evidence.questions_of(row, catalogue.version(session, row.course_version_id))


def filled(questions: tuple[Question, ...]) -> dict[str, object]:
    """Give the fields of a form that was filled in rightly, without any script."""
    fields: dict[str, object] = {f"s{place}": "1" for place in range(len(questions))}
    for place, question in enumerate(questions):
        kind, right = question.item.kind, key(question)
        if kind not in CHOICES:
            fields[f"k{place}"] = f"case {len(question.parts)}" if kind == "case" else kind
        if kind == "case":
            fields |= {f"q{place}p{n}": list(map(str, part)) for n, part in enumerate(right) if isinstance(part, tuple)}
        else:
            fields[f"q{place}"] = right if isinstance(right, str) else list(map(str, right))
    return fields


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_without_scripts_is_enough(database: Database, sign_in: SignIn) -> None:
    account, attempt = begin(database)
    browser: Browser = sign_in(account)
    page = browser.get(f"/attempts/{attempt}").text
    for word in ("填空", "填数字", "排序", "配对", "案例题", "第 2 小题，共 3 小题", "单位：米"):
        assert word in page
    assert "先通风" not in page
    browser.submit(f"/attempts/{attempt}/submission", **filled(drawn(database, attempt)))
    page = browser.get(f"/attempts/{attempt}").text
    assert "答对 8 / 8 题" in page
    assert page.count('class="chip held"') >= 8
    assert "1.5 ± 0.1 米" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_answer_of_another_kind_is_refused(database: Database, sign_in: SignIn) -> None:
    account, attempt = begin(database)
    browser = sign_in(account)
    for chosen in ("文字", [[0]], [0, 0], [9], [-1]):
        body = {"answers": [{"position": 0, "chosen": chosen, "flagged": False, "sequence": 1}]}
        sent = browser.post(f"/attempts/{attempt}/answers", json=body, headers={"X-CSRF-Token": browser.csrf})
        assert sent.status_code == 422, chosen


@pytest.fixture
def sitting(
    sqlite_template: Path, tmp_path: Path, page: Page, context: BrowserContext
) -> Iterator[tuple[Page, Database]]:
    """Show the running attempt on a phone."""
    file = tmp_path / "coverall.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    account, attempt = begin(database)
    with database.session() as session:
        token = identity.start_session(session, account, "phone", clock.now())
    with hosting(tmp_path) as url:
        context.add_cookies([{"name": cookie_name(), "value": token, "url": url}])
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        page.goto(f"{url}/attempts/{attempt}")
        yield page, database
    database.close()


def faultless(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.browser
def test_all_kinds_are_answered_kept_and_explained(sitting: tuple[Page, Database]) -> None:
    phone, database = sitting
    questions = drawn(database, 1)
    for place, question in enumerate(questions):
        phone.get_by_role("link", name=f"第 {place + 1} 题，未答").click()
        faultless(phone)
        answer(phone, place, question)
    expect(phone.locator("[data-count]")).to_have_text("已答 8，未答 0")
    expect(phone.locator("[data-saved]")).to_contain_text("答案已保存")
    phone.reload()
    expect(phone.locator("[data-count]")).to_have_text("已答 8，未答 0")
    phone.get_by_role("link", name="第 6 题，已答").click()
    assert phone.locator(".ordering li span").all_text_contents() == ["甲", "乙", "丙"]
    faultless(phone)
    phone.get_by_role("button", name="交卷", exact=True).click()
    phone.get_by_role("dialog").get_by_role("button", name="交卷", exact=True).click()
    expect(phone.get_by_role("heading", name="考试通过")).to_be_visible(timeout=15_000)
    expect(phone.locator(".owe .left")).to_contain_text("100")
    faultless(phone)


def answer(phone: Page, place: int, question: Question) -> None:
    box, kind, right = phone.locator(f"#q{place + 1}"), question.item.kind, key(question)
    if isinstance(right, str):
        box.get_by_role("textbox").fill(right)
    elif kind == "order":
        arrange(phone, ["甲", "乙", "丙"])
    elif kind == "match":
        for n, at in enumerate(right):
            box.locator("select").nth(n).select_option(str(at))
    elif kind == "case":
        for n, part in enumerate(right):
            choose(box.locator("[data-part]").nth(n), part)
    else:
        choose(box, right)


def choose(box: object, chosen: object) -> None:
    for option in chosen:  # type: ignore[attr-defined]
        box.locator(".options label").nth(option).click()  # type: ignore[attr-defined]


def arrange(phone: Page, wanted: list[str]) -> None:
    """Move each step to its place with the keyboard alone; the focus stays on the step that moves."""
    shown = phone.locator(".question:not([hidden]) .ordering li span")
    for place, text in enumerate(wanted):
        while (at := shown.all_text_contents().index(text)) > place:
            button = (
                phone.locator(".question:not([hidden]) .ordering li")
                .nth(at)
                .get_by_role("button", name=f"上移：{text}")
            )
            button.focus()
            phone.keyboard.press("Enter")
            assert text in str(phone.evaluate("document.activeElement.getAttribute('aria-label')"))


@pytest.mark.browser
def test_practice_is_faultless_on_a_phone(sitting: tuple[Page, Database]) -> None:
    phone, _ = sitting
    phone.get_by_role("button", name="交卷（还有 8 题未答）").click()
    phone.get_by_role("dialog").get_by_role("button", name="交卷", exact=True).click()
    expect(phone.get_by_role("heading", name="这次没有通过")).to_be_visible(timeout=15_000)
    home = phone.url.rsplit("/attempts", 1)[0]
    phone.goto(f"{home}/practice")
    faultless(phone)
    phone.get_by_role("button", name="看看对不对").click()
    expect(phone.get_by_text("出处：")).to_be_visible()
    faultless(phone)
    for path in ("/practice/mistakes", "/courses/ladders/practice?at=3"):
        phone.goto(home + path)
        faultless(phone)

"""A worker on a phone with a line that comes and goes: reads a module, sits the exam, takes the certificate."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from app.assessment import evidence, queries
from app.catalogue import queries as catalogue
from app.catalogue import service as loading
from app.identity import service as identity
from app.kit.scope import Scope
from app.ops import clock
from app.ops.db import Database
from app.web.deps import cookie_name
from tests.courses import small_course
from tests.learners import a_person
from tests.support.serving import hosting

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[tuple[str, Database, str]]:
    """Serve one short course (a module of four seconds) to one person; give address, database and session token."""
    file = tmp_path / "coverall.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    now = clock.now()
    with database.session() as session:
        loading.load(session, [small_course(modules=1, seconds=4)], now, "cli")
        account = identity.open_worker_account(session, a_person(session), "韦大勇", now)
        token = identity.start_session(session, account, "phone", now)
    with hosting(tmp_path) as url:
        yield url, database, token
    database.close()


@pytest.fixture
def phone(served: tuple[str, Database, str], page: Page, context: BrowserContext) -> Page:
    url, _, token = served
    context.add_cookies([{"name": cookie_name(), "value": token, "url": url}])
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return page


def faultless(page: Page) -> None:
    """Hold the page to WCAG 2.2 AA, and to the width of the phone."""
    found = Axe().run(page).response["violations"]
    assert not found, [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def right(database: Database, attempt: int) -> list[tuple[int, ...]]:
    with database.reading() as session:
        row = queries.own_attempt(Scope(person=1), session, attempt)
        version = catalogue.version(session, row.course_version_id)
        return [question.right for question in evidence.questions_of(row, version)]


def choose(page: Page, place: int, chosen: tuple[int, ...]) -> None:
    for option in chosen:
        page.locator(f"#q{place + 1} .options label").nth(option).click()


def test_from_the_first_page_to_the_certificate(
    served: tuple[str, Database, str], phone: Page, context: BrowserContext
) -> None:
    url, database, _ = served
    phone.goto(f"{url}/courses/ladders")
    faultless(phone)
    phone.get_by_role("link", name="开始学习").click()
    faultless(phone)
    _read_with_a_broken_line(phone, context)
    phone.goto(f"{url}/courses/ladders/exam")
    faultless(phone)
    phone.get_by_role("button", name="开始考试").click()
    _sit(phone, context, database)
    phone.get_by_role("link", name="查看证书").click()
    expect(phone.get_by_role("heading", name="培训证书")).to_be_visible()
    faultless(phone)
    phone.get_by_role("link", name="别人扫码看到的内容").click()
    expect(phone.get_by_role("heading", name="证书有效")).to_be_visible()
    faultless(phone)


def _read_with_a_broken_line(phone: Page, context: BrowserContext) -> None:
    expect(phone.locator("[data-clock]")).to_contain_text("还需学习 0:0")
    context.set_offline(True)
    expect(phone.get_by_role("status")).to_contain_text("没有网络", timeout=15_000)
    context.set_offline(False)
    expect(phone.locator("[data-clock]")).to_have_text("本单元已学完。", timeout=20_000)


def _sit(phone: Page, context: BrowserContext, database: Database) -> None:
    key = right(database, int(phone.url.rsplit("/", 1)[1]))
    expect(phone.locator("[data-clock]")).to_contain_text(re.compile(r"29:\d\d"))
    faultless(phone)
    choose(phone, 0, key[0])
    expect(phone.locator("[data-saved]")).to_contain_text("答案已保存")
    context.set_offline(True)
    phone.get_by_role("button", name="下一题").click()
    choose(phone, 1, key[1])
    expect(phone.locator("[data-saved]")).to_contain_text("没有网络")
    context.set_offline(False)
    expect(phone.locator("[data-saved]")).to_contain_text("答案已保存", timeout=15_000)
    phone.reload()
    expect(phone.locator("[data-count]")).to_have_text("已答 2，未答 8")
    for place in range(2, len(key)):
        phone.get_by_role("link", name=f"第 {place + 1} 题，未答").click()
        choose(phone, place, key[place])
    phone.get_by_role("button", name="交卷", exact=True).click()
    phone.get_by_role("dialog").get_by_role("button", name="交卷", exact=True).click()
    expect(phone.get_by_role("heading", name="考试通过")).to_be_visible(timeout=15_000)
    faultless(phone)


def test_without_a_line_another_page_says_so_and_leads_to_the_module_that_is_kept(
    served: tuple[str, Database, str], phone: Page, context: BrowserContext
) -> None:
    url, _, _ = served
    phone.goto(f"{url}/learning")
    phone.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    phone.goto(f"{url}/courses/ladders/modules/001-step")
    title = phone.locator("h1").inner_text()
    phone.wait_for_function("() => caches.match(location.pathname).then(Boolean)")
    context.set_offline(True)
    phone.goto(f"{url}/certificates")
    expect(phone.get_by_role("heading", name="没有网络")).to_be_visible()
    expect(phone.locator(".unkept")).to_be_hidden()
    faultless(phone)
    phone.locator(".kept a").click()
    expect(phone.locator("h1")).to_have_text(title)
    context.set_offline(False)
    phone.goto(f"{url}/certificates")
    expect(phone.get_by_role("heading", name="没有网络")).to_have_count(0)


def test_a_second_page_takes_over_and_the_first_says_so(
    served: tuple[str, Database, str], phone: Page, context: BrowserContext
) -> None:
    url, _, _ = served
    address = f"{url}/courses/ladders/modules/001-step"
    phone.goto(address)
    expect(phone.locator("[data-clock]")).to_contain_text("还需学习")
    context.set_offline(True)
    phone.wait_for_timeout(1_500)
    context.set_offline(False)
    second = context.new_page()
    with second.expect_response(lambda answer: answer.url.endswith("/sessions")):
        second.goto(address)
    expect(phone.get_by_role("status")).to_contain_text("另一台设备", timeout=20_000)
    second.close()
    phone.get_by_role("button", name="在这里继续").click()
    expect(phone.locator("[data-clock]")).to_have_text("本单元已学完。", timeout=20_000)


def test_an_older_page_cannot_overwrite_a_newer_answer(
    served: tuple[str, Database, str], phone: Page, context: BrowserContext
) -> None:
    url, _, _ = served
    phone.goto(f"{url}/courses/ladders/modules/001-step")
    expect(phone.locator("[data-clock]")).to_have_text("本单元已学完。", timeout=20_000)
    phone.goto(f"{url}/courses/ladders/exam")
    phone.get_by_role("button", name="开始考试").click()
    second = context.new_page()
    second.goto(phone.url)
    for option in (0, 1):
        choose(second, 0, (option,))
        expect(second.locator("[data-saved]")).to_contain_text("答案已保存")
    choose(phone, 0, (3,))
    expect(phone.get_by_role("status")).to_contain_text("另一个页面改过答案")
    expect(phone.locator("#q1 .options input").nth(1)).to_be_checked()

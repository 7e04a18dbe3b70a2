"""Modules of every kind on a phone: without faults of access, kept when opened again, and without a line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.catalogue import service as loading
from app.identity import service as identity
from app.ops import clock
from app.ops.db import Database
from app.web.deps import cookie_name
from tests.courses_kinds import course_of, of_kind
from tests.learners import a_person
from tests.support.serving import hosting
from tests.web.learning.test_browser import PHONE, faultless

pytestmark = pytest.mark.browser
SECONDS = 4


def until(page: Page, condition: str) -> None:
    """Wait until an expression holds; asked from outside, since the pages forbid what polling inside them needs."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


@pytest.fixture
def at(sqlite_template: Path, tmp_path: Path, page: Page, context: BrowserContext) -> Iterator[str]:
    """Serve a course with a module of each kind to Wei, who is signed in; give the address of its modules."""
    file = tmp_path / "coverall.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    now = clock.now()
    kinds = ("slides", "case", "checklist", "quiz", "page")
    with database.session() as session:
        modules = (of_kind(kind, number, SECONDS) for number, kind in enumerate(kinds, 1))  # type: ignore[arg-type]
        loading.load(session, [course_of(*modules)], now, "cli")
        account = identity.open_worker_account(session, a_person(session), "韦大勇", now)
        token = identity.start_session(session, account, "phone", now)
    database.close()
    with hosting(tmp_path) as url:
        context.add_cookies([{"name": cookie_name(), "value": token, "url": url}])
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        yield f"{url}/courses/ladders/modules"


def test_slides_are_turned_by_buttons_and_keys_and_the_place_is_kept(at: str, page: Page) -> None:
    page.goto(f"{at}/001-step")
    faultless(page)
    page.get_by_role("button", name="下一张").click()
    expect(page.locator("[data-place]")).to_have_text("2 / 2")
    page.reload()
    expect(page.locator("[data-place]")).to_have_text("2 / 2")
    page.locator("[data-deck]").press("ArrowLeft")
    expect(page.locator("[data-place]")).to_have_text("1 / 2")
    expect(page.locator("[data-clock]")).to_have_text("本单元已学完。", timeout=20_000)


def test_a_case_goes_on_while_time_is_counted(at: str, page: Page) -> None:
    page.goto(f"{at}/002-step")
    faultless(page)
    expect(page.locator("[data-clock]")).to_have_text("学时已够，还差一步：把案例走到结尾。", timeout=20_000)
    page.get_by_role("button", name="下去").press("Enter")
    expect(page.locator("[data-clock]")).to_have_text("本单元已学完。")
    expect(page.locator(".outcome")).to_contain_text("头晕")
    expect(page.locator(".outcome")).to_be_focused()
    faultless(page)
    page.get_by_role("button", name="退回去重选").click()
    page.get_by_role("button", name="先通风").click()
    expect(page.locator("#work")).to_contain_text("都平安")
    page.reload()
    expect(page.locator("#work")).to_contain_text("都平安")


def test_ticks_are_saved_as_they_are_made(at: str, page: Page) -> None:
    page.goto(f"{at}/003-step")
    faultless(page)
    for point in range(3):
        page.locator(".points input").nth(point).check()
    expect(page.locator("#work-state")).to_contain_text("3 条已全部勾选")
    page.reload()
    expect(page.locator(".points input:checked")).to_have_count(3)


def test_a_checkpoint_says_what_is_wrong_and_may_be_tried_again(at: str, page: Page) -> None:
    page.goto(f"{at}/004-step")
    faultless(page)
    page.get_by_role("button", name="交卷看结果").click()
    expect(page.locator("#work .outcome")).to_contain_text("3 题答对 0 题")
    page.get_by_text("甲", exact=True).click()
    for words in ("子", "丑"):
        page.get_by_text(words, exact=True).click()
    page.get_by_role("button", name="交卷看结果").click()
    expect(page.locator("#work .outcome")).to_contain_text("已通过")
    faultless(page)


def test_the_module_that_is_open_can_be_read_without_a_line_and_no_time_counts(
    at: str, page: Page, context: BrowserContext
) -> None:
    page.goto(at.removesuffix("/modules"))
    until(page, "navigator.serviceWorker.controller !== null")
    page.goto(f"{at}/005-step")
    until(page, "caches.match(location.pathname).then(Boolean)")
    until(page, "caches.match('/static/js/presence.js').then(Boolean)")
    context.set_offline(True)
    page.reload()
    expect(page.get_by_text("第5页的正文。")).to_be_visible()
    expect(page.locator("[data-say]")).to_have_text("没有网络，可以先看；网络恢复后才开始计时。")
    left = page.locator("[data-clock]").inner_text()
    page.wait_for_timeout(3_000)
    assert page.locator("[data-clock]").inner_text() == left
    context.set_offline(False)
    expect(page.locator("[data-clock]")).to_have_text("本单元已学完。", timeout=30_000)
    page.goto(at.removesuffix("/courses/ladders/modules") + "/sign-in")
    until(page, "caches.match('/courses/ladders/modules/005-step').then((kept) => !kept)")


def test_saving_data_fetches_no_figure_and_colours_follow_the_choice(at: str, page: Page) -> None:
    page.goto(at.removesuffix("/courses/ladders/modules") + "/me/reading")
    faultless(page)
    page.get_by_label("深色").check()
    page.get_by_label("大字").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("html")).to_have_attribute("data-colours", "dark")
    faultless(page)

"""The main job, end to end, in real browsers: roster in, code out, learn, pass, certificate, and the three screens."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.catalogue import queries as catalogue
from app.catalogue.item import WRITTEN, Item
from app.kit.dates import day_of
from app.ops import clock
from app.organisations import corrections
from tests import world
from tests.journeys.conftest import DESK, PASSWORD, PHONE, Town, hold, study

COURSE = "team-leader"
COMMON = ("injury-insurance-law", "safety-rights-and-lessons")
PLAN = "national-2026-2030"
NAME = "陆小明"
ID = world.resident_id(88)
ROSTER = (
    ("姓名", "证件号码", "手机号", "岗位", "上岗日期"),
    (NAME, ID, "13911110088", "班组长", "2026-03-01"),
)

pytestmark = pytest.mark.browser


def import_roster(officer: Page) -> None:
    officer.goto("/imports?kind=roster")
    content = world.as_csv(ROSTER, "gb18030")
    officer.set_input_files("[name=file]", {"name": "名册.csv", "mimeType": "text/csv", "buffer": content})
    officer.click("main form[enctype] button")
    expect(officer.locator(".counts")).to_contain_text("1新增")
    officer.click("#confirm button.main")
    expect(officer.locator("h1")).to_have_text("已导入")


def code_for(officer: Page, town: Town) -> str:
    officer.goto(f"/enterprises/{town.lived.longjiang}/roster")
    officer.locator("tr", has_text=NAME).locator("input[name=person]").check()
    officer.locator("form[data-tray] button.main").click()
    return re.sub(r"\s", "", officer.locator(".slips .code").inner_text())


def activate(worker: Page, code: str) -> None:
    worker.goto(f"/activation#{code}")
    expect(worker.locator("[name=code]")).to_have_value(code)
    worker.fill("[name=password]", PASSWORD)
    worker.click("main form button.main")
    worker.wait_for_url("**/learning")


def read_the_rest(worker: Page) -> None:
    worker.click("main a.main")
    expect(worker.locator("[data-dwell]")).to_contain_text("本单元已学完", timeout=20_000)
    worker.goto(f"/courses/{COURSE}/exam")


def answer_all(worker: Page, town: Town) -> None:
    with town.database.reading() as session:
        version = catalogue.current(session, COURSE, day_of(clock.now()))
    by_stem = {item.stem: item for item in version.course.items}
    questions = worker.locator("[data-question]")
    for place in range(questions.count()):
        question = questions.nth(place)
        worker.locator(f".numbers a[href='#q{place + 1}']").click()
        answer(question, by_stem[question.locator(".words").first.inner_text()])


def answer(question: Locator, item: Item) -> None:
    """Answer a question of any kind as a thumb does."""
    if item.kind in WRITTEN:
        question.locator(".written input").fill(item.accept[0] if item.accept else f"{item.value:g}")
    elif item.kind == "match":
        for place, at in enumerate(item.right):
            question.locator("select").nth(place).select_option(label=item.options[at])
    elif item.kind == "order":
        put_in_order(question, [item.options[at] for at in item.right])
    elif item.kind == "case":
        for place, part in enumerate(item.parts):
            choose(question.locator("[data-part]").nth(place), [part.options[at] for at in part.right])
    else:
        choose(question, [item.options[at] for at in item.right])


def choose(box: Locator, texts: list[str]) -> None:
    for text in texts:
        box.locator(".options label", has=box.page.get_by_text(text, exact=True)).click()


def put_in_order(question: Locator, texts: list[str]) -> None:
    rows = question.locator(".ordering li")
    if rows.locator("span").all_inner_texts() == texts:
        question.get_by_role("button", name="顺序不用改，就这样").click()
    for place, text in enumerate(texts):
        while (at := rows.locator("span").all_inner_texts().index(text)) > place:
            rows.nth(at).locator("[data-way=up]").click()


def headline(page: Page, town: Town, path: str) -> tuple[int, int]:
    """Read covered and required off a page."""
    page.goto(f"{path}?plan={PLAN}")
    covered, required = re.findall(r"[\d,]+", page.locator(".over").first.inner_text())[:2]
    return int(covered.replace(",", "")), int(required.replace(",", ""))


def test_a_worker_learns_and_passes_the_officer_and_the_bureau_see_it(browser: Browser, town: Town) -> None:
    officer, bureau = town.enter(browser, "chen", DESK), town.enter(browser, "luo", DESK)
    enterprise = f"/enterprises/{town.lived.longjiang}"
    import_roster(officer)
    before = headline(bureau, town, "/coverage")
    worker = town.visit(browser, PHONE)
    activate(worker, code_for(officer, town))
    expect(worker.locator("main")).to_contain_text("一线班组长")
    expect(worker.locator("main")).to_contain_text("2030-12-31")

    with town.database.session() as session:
        person = corrections.owner_of(session, ID)
        assert person is not None
        hold(session, ID, NAME, *COMMON)
        study(session, person, COURSE, leave_ms=3_000)
    worker.goto(f"/courses/{COURSE}")
    read_the_rest(worker)
    expect(worker.locator("dl.terms div").nth(3)).to_contain_text("3")
    worker.click("main form button.main")
    answer_all(worker, town)
    worker.click("[data-hand-in]")
    if worker.locator("dialog[open]").count():
        worker.click("dialog button.main")
    expect(worker.locator("h1")).to_have_text("考试通过")

    worker.click("main a.main")
    verified = worker.get_attribute("a[href^='/verify/']", "href")
    pdf = worker.request.get(str(worker.get_attribute("a[href$='.pdf']", "href")))
    assert pdf.body().startswith(b"%PDF")
    stranger = town.visit(browser, PHONE)
    stranger.goto(str(verified))
    expect(stranger.locator("main")).to_contain_text(NAME)

    covered, required = headline(bureau, town, "/coverage")
    assert (covered, required) == (before[0] + 1, before[1])
    officer.goto(f"{enterprise}?plan={PLAN}")
    expect(officer.locator("main")).not_to_contain_text(NAME)

"""Every page that a role can reach by links: no dead link, no script error, no overflow, and axe finds nothing.

One page of each shape is looked at: by axe at the size its reader uses most, for overflow at both sizes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from app.coverage import draft_runs
from app.coverage.draft_runs import QueueRun
from app.kit.scope import SYSTEM
from app.ops.db import Session
from app.plans import drafts
from app.plans import queries as plans
from app.plans.drafts import KeepDraft
from app.workflows import draft_work
from app.workflows.open_exam import open_exam
from app.workflows.settle import SettleFigures, settle_figures
from tests import world
from tests.journeys.conftest import DESK, LOGINS, PHONE, Town, hold, study

pytestmark = pytest.mark.browser
MOST = 60
"""Shapes of addresses that one role may have; more means that the shapes are not told apart."""
FILES = (".xlsx", ".csv", ".toml", ".pdf", ".json")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def shape(address: str) -> str:
    """Tell addresses apart by their path with numbers and secrets left out; queries choose among the same page's."""
    path = re.split("[?#]", address)[0]
    path = re.sub(r"/(verify|imports)/[^/]{20,}", r"/\1/*", path)
    return re.sub(r"/\d+", "/*", path)


def links(page: Page) -> Iterator[str]:
    for address in page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))"):
        if address.startswith("/") and not address.startswith("/static"):
            yield address


def look(page: Page, faults: list[str], address: str) -> None:
    answer = page.goto(address)
    if answer is None or not answer.ok:
        faults.append(f"{address}: {answer.status if answer else 'no answer'}")
        return
    usual = page.viewport_size
    unroll(page)
    for found in Axe().run(page, options=RULES).response["violations"]:
        nodes = [node["html"][:160] for node in found["nodes"][:3]]
        faults.append(f"{address}: {found['id']}: {found['help']}: {nodes}")
    for size in (PHONE, DESK):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{address}: wider than {size['width']} px")
    if usual:
        page.set_viewport_size(usual)


def unroll(page: Page) -> None:
    """Make the window as high as the page: what the bar at its foot covers can be scrolled free, axe does not know."""
    height = page.evaluate("document.documentElement.scrollHeight")
    if page.viewport_size:
        page.set_viewport_size({"width": page.viewport_size["width"], "height": max(600, min(int(height), 12_000))})


def walk(page: Page, start: list[str]) -> list[str]:
    """Follow links from a start; give the faults of all pages."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    queue, seen = list(start), {shape(address) for address in start}
    while queue:
        address = queue.pop(0)
        if address.split("?")[0].endswith(FILES):
            if not page.request.get(address).ok:
                faults.append(f"{address}: the file cannot be had")
            continue
        look(page, faults, address)
        for link in links(page):
            if shape(link) not in seen:
                seen.add(shape(link))
                queue.append(link)
    assert len(seen) < MOST, sorted(seen)
    return faults


def furnish(town: Town) -> int:
    """Give Wei a course read, an exam under way, a course begun and a certificate; give the exam's number.

    Before, Liuzhou's figures are settled.
    """
    with town.database.session() as session:
        asked = SettleFigures("liuzhou-2021-2025", "450200", date(2025, 12, 31))
        settle_figures(SYSTEM, session, asked, world.OPERATOR, world.BEGAN)
    with town.database.session() as session:
        hold(session, world.WEI, "韦大勇", "injury-insurance-law")
        study(session, town.lived.wei, "team-leader")
        study(session, town.lived.wei, "safety-rights-and-lessons", leave_ms=60_000)
        draft(session)
        return open_exam(session, town.lived.wei, "team-leader", datetime.now(UTC))


def draft(session: Session) -> None:
    """Let Liuzhou's bureau have a draft plan whose comparison waits to be done."""
    plan = plans.plan(session, "liuzhou-2021-2025")
    shorter = replace(plan, posts=plan.posts[:-1], requirements=plan.requirements[:-1])
    draft_id = drafts.keep(session, KeepDraft(shorter, plan.id, "draft.toml", "450200", None, "Luo"), world.BEGAN)
    draft_runs.queue(session, QueueRun(draft_id, "compare", "450200", plan.deadline, None, "Luo"), world.BEGAN)


@pytest.mark.parametrize("who", LOGINS)
def test_every_page_of(browser: Browser, town: Town, who: str) -> None:
    attempt = furnish(town)
    draft_work.work(town.database)
    start = ["/", "/account"] + ([f"/attempts/{attempt}"] if who == "wei" else [])
    assert walk(town.enter(browser, who, PHONE if who == "wei" else DESK), start) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_public_page(browser: Browser, town: Town, language: str) -> None:
    page = town.visit(browser, PHONE)
    if language == "en":
        page.goto("/sign-in")
        page.get_by_role("button", name="English").click()
    assert walk(page, ["/sign-in", "/activation", "/verification", "/open", "/settlements/keys"]) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_present_place_is_in_sight_on_a_phone(browser: Browser, town: Town, *, script: bool) -> None:
    page = town.enter(browser, "luo", PHONE)
    if not script:
        page.route("**/places.js*", lambda route: route.abort())
    page.goto("/trainings")
    place = page.locator("[data-places] [aria-current]").bounding_box()
    assert place
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= PHONE["width"]

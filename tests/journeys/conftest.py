"""A served world for browsers: the named people of tests/world.py, who all sign in with one password."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.identity import service as identity
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.learning import deeds
from app.learning.checks import AnswerCheck
from app.learning.conditions import done_rightly
from app.learning.rows import OpenModule
from app.learning.service import Receipt
from app.ops import passwords
from app.ops.db import Database, Session
from app.workflows import learn
from tests import world
from tests.support.databases import sqlite_copy
from tests.support.serving import hosting

PASSWORD = "a password for everyone"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOGINS = {"chen": world.CHEN_PHONE, "luo": world.LUO_PHONE, "guan": "guan", "wei": "13911110001"}


@dataclass(frozen=True)
class Town:
    """The running server, its people and its database."""

    url: str
    lived: world.World
    database: Database

    def enter(self, browser: Browser, who: str, size: dict[str, int]) -> Page:
        """Open a browser of its own at this size and sign somebody in."""
        page = self.visit(browser, size)
        page.goto("/sign-in")
        page.fill("[name=identifier]", LOGINS[who])
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def visit(self, browser: Browser, size: dict[str, int]) -> Page:
        """Open a browser of its own, signed in as nobody."""
        context = browser.new_context(
            base_url=self.url, viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN"
        )
        return context.new_page()


@pytest.fixture
def town(tmp_path: Path, sqlite_world: tuple[Path, world.World]) -> Iterator[Town]:
    file, lived = sqlite_world
    database = Database(sqlite_copy(file, tmp_path))
    with database.session() as session:
        wei = identity.open_worker_account(session, lived.wei, "韦大勇", world.BEGAN)
        for account in (lived.chen, lived.luo, lived.guan, wei):
            identity.set_password(session, account, passwords.hash_password(PASSWORD), world.BEGAN)
    with hosting(tmp_path) as address:
        yield Town(address, lived, database)
    database.close()


def study(session: Session, person: int, course: str, leave_ms: int = 0) -> None:
    """Let somebody have learned a whole course some hours ago, all but the last `leave_ms` of it."""
    now = datetime.now(UTC) - timedelta(hours=6)
    state = learn.course_state(Scope(person=person), session, person, course, now)
    modules = state.version.course.modules
    for module in modules:
        opened = learn.open_module(session, person, course, module.slug, now)
        upto = opened.needed_ms - (leave_ms if module is modules[-1] else 0)
        now += timedelta(milliseconds=upto)
        answer, sequence = learn.receive(session, Receipt(person, opened.token, 1, ((0, upto),)), now), 1
        while answer.check is not None:
            now, sequence = now + timedelta(seconds=3), sequence + 1
            learn.answer_check(session, AnswerCheck(person, opened.token, answer.check.at_ms, answer.check.word), now)
            answer = learn.receive(session, Receipt(person, opened.token, sequence, ((0, upto),)), now)
        for deed in done_rightly(module, state.version.course.items):
            where = OpenModule(person, state.version, module.slug, state.since)
            deeds.note(session, where, deed.kind, deed.detail, now)


def hold(session: Session, resident: str, name: str, *courses: str) -> None:
    """Let somebody hold courses from training elsewhere, completed today."""
    now = datetime.now(UTC)
    rows = [(resident, name, course, day_of(now).isoformat(), "线下") for course in courses]
    world.fill(session, "records", [("证件号码", "姓名", "课程代码", "完成日期", "培训方式"), *rows], now)

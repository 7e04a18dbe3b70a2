"""The list of enterprises most in need says what it shows: how many undeclared, how many gaps, and where all are."""

import re
from datetime import UTC, datetime

import pytest

from app.ops.db import Database
from tests import world
from tests.web.browsers import Browser
from tests.web.liuzhou import PLAN
from tests.web.pages import words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HEADERS = ("uscc", "name", "region", "industry", "insured")


def section(luo: Browser) -> str:
    page: str = luo.get("/coverage", params={"plan": PLAN, "on": "2025-12-31"}).text
    return "<main" + page.partition("最需要督办的用人单位")[2].partition("</header>")[0]


def undeclared(database: Database, count: int) -> None:
    firms = [(world.uscc(number), f"未报{number}厂", "450202", "C34", "9") for number in range(100, 100 + count)]
    with database.session() as session:
        assert not world.fill(session, "enterprises", [HEADERS, *firms], datetime.now(UTC)).errors


def test_where_all_declared_only_gaps_are_shown(luo: Browser) -> None:
    said = section(luo)
    assert words(said).endswith("差额最大的 2 家 全部 2 家")
    assert "未报" not in said


def test_few_undeclared_are_all_shown(luo: Browser, database: Database) -> None:
    undeclared(database, 3)
    assert words(section(luo)).endswith("先列未报 3 家；再列差额最大的 2 家 全部 5 家")


def test_many_undeclared_are_told_with_their_number_and_a_way_to_all(luo: Browser, database: Database) -> None:
    undeclared(database, 7)
    said = section(luo)
    assert "先列未报 3 家 全部未报 7 家 ；再列差额最大的 2 家" in words(said)
    link = re.search(r'href="([^"]+status=undeclared[^"]*)">全部未报 7 家', said)
    assert link
    rows = luo.get(link[1].replace("&amp;", "&")).text
    assert rows.count("未报1") == 7

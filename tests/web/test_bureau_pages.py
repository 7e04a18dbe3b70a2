"""The bureau's pages and exports answer on both databases, with few queries, whatever the size of the world."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from app.ops.db import Database
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.web.filled import statements
from tests.web.liuzhou import PLAN, settle

PATHS = (
    "/coverage",
    "/coverage/enterprises",
    "/coverage/missing",
    "/coverage/people",
    "/coverage/waivers",
    "/coverage.csv",
    "/coverage.xlsx",
    "/coverage/enterprises.csv",
    "/coverage/enterprises.xlsx",
    "/coverage/missing.csv",
    "/coverage/missing.xlsx",
    "/coverage/people.csv",
    "/coverage/people.xlsx",
    "/coverage/waivers.csv",
    "/coverage/waivers.xlsx",
)
ASKED: tuple[dict[str, str], ...] = (
    {},
    {"on": "2025-12-31", "known_at": "2026-02-01", "key": "1"},
    {"on": "2025-12-31"},
    {"on": "2025-12-31", "known_at": "2026-02-01", "own": "1"},
)
MOST_QUERIES = 30


@pytest.fixture
def luo(database: Database, sign_in: SignIn) -> Browser:
    with database.session() as session:
        lived = settle(session)
    return sign_in(lived.luo)


@pytest.fixture
def queries(engine: Engine) -> Iterator[list[str]]:
    with statements(engine) as seen:
        yield seen


def test_every_page_and_export_answers_now_and_as_then_known(luo: Browser, queries: list[str]) -> None:
    for path in PATHS:
        for asked in ASKED:
            queries.clear()
            answer = luo.get(path, params={"plan": PLAN} | asked)
            assert answer.status_code == 200, (path, asked)
            assert answer.content
            assert len(queries) <= MOST_QUERIES, path

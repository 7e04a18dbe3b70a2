"""A text with a NUL, which PostgreSQL cannot hold and SQLite can: nothing is found by it, and nobody's fault is told."""

import pytest

from app.access import service as access
from app.ops.db import Database
from tests.web.browsers import Browser
from tests.world import BEGAN

ADDRESSES = ("/api/v1/plans/%00", "/api/v1/coverage?plan=liuzhou-2021-2025&enterprise=%00")


def test_a_nul_in_an_address_is_no_fault(luo: Browser, database: Database) -> None:
    with database.session() as session:
        token = access.make_token(session, "x", "bureau_viewer", "450200", None, BEGAN)
    for address in ADDRESSES:
        answer = luo.get(address, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code in {404, 422}, address
        assert answer.json()["code"] != "fault"


@pytest.mark.parametrize("text", ["a\0b", "\0"])
def test_a_nul_in_a_search_is_no_fault(luo: Browser, text: str) -> None:
    assert luo.submit("/coverage/enterprises", text=text).status_code in {200, 303, 422}
    assert luo.get("/coverage/people", params={"course": text}).status_code < 500

"""Texts and numbers that no column holds: nothing is found by them on either database, and nobody is at fault."""

import pytest

from app.access import service as access
from app.ops.db import Database
from tests.web.browsers import Browser
from tests.world import BEGAN, World

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


@pytest.mark.parametrize("number", [str(2**31), str(2**63), "9" * 5000, "²"])
def test_a_number_out_of_range_is_no_fault(luo: Browser, lived_in: World, number: str) -> None:
    lists = ("/settlements", "/drafts", "/trainings", f"/enterprises/{lived_in.longjiang}/roster")
    for address in (f"/enterprises/{number}", f"/settlements/{number}", f"/certificates/{number}/evidence"):
        assert luo.get(address).status_code in {404, 422}, address
    for address in lists:
        assert luo.get(address, params={"after": number}).status_code in {200, 422}, address
    for key in (f"{number}.1.1", f"1.{number}.1", f"2024-01-01_{number}"):
        for address in ("/coverage/enterprises", "/coverage/people", "/coverage/waivers", "/trainings"):
            assert luo.get(address, params={"after": key}).status_code in {200, 422}, address


def test_a_waiver_of_no_post_is_refused(luo: Browser, lived_in: World) -> None:
    person = f"/enterprises/{lived_in.longjiang}/people/{lived_in.wei}"
    for post in ("²:liuzhou-2021-2025", f"{2**63}:liuzhou-2021-2025"):
        said = luo.submit(f"{person}/waivers", page=person, of=post, from_on="2024-01-01", reason="abroad")
        assert said.status_code in {404, 422}

"""The JSON API as another program meets it: shapes, tokens, scope, and refusals that say what is wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from app.access import service as access
from app.main import create_app
from app.ops.db import Database
from tests import world
from tests.world import World

PLAN = "liuzhou-2021-2025"
Ask = Callable[..., Response]


@pytest.fixture
def lived(database: Database) -> World:
    with database.session() as session:
        lived = world.build(session)
        records = [("证件号码", "课程代码", "完成日期", "培训方式")]
        records += [(world.WEI, course, "2024-05-20", "线下") for course in world.MACHINERY_LEADER]
        world.fill(session, "records", records)
    return lived


@pytest.fixture
def ask(database: Database, lived: World) -> Iterator[Ask]:
    """Give a function that asks with a token of Liuzhou's bureau, or another."""
    with database.session() as session:
        tokens = {
            "liuzhou": access.make_token(session, "x", "bureau_viewer", "450200", None, world.BEGAN),
            "admin": access.make_token(session, "y", "administrator", None, None, world.BEGAN),
        }
    with TestClient(create_app(database)) as client:

        def asked(path: str, who: str = "liuzhou", **parameters: str) -> Response:
            headers = {"authorization": f"Bearer {tokens[who]}"} if who else {}
            answer: Response = client.get(f"/api/v1{path}", params=parameters, headers=headers)
            return answer

        yield asked


def test_coverage_has_the_shape_that_others_rely_on(ask: Ask) -> None:
    said: dict[str, Any] = ask("/coverage", plan=PLAN, on="2025-12-31", by="region", persons="true").json()
    assert list(said) == [
        *("plan", "on", "known_at", "required", "covered", "waived", "ratio", "persons", "declared"),
        *("enterprises", "rows"),
    ]
    assert (said["required"], said["covered"], said["waived"], said["ratio"]) == (4, 1, 0, 0.25)
    assert (said["persons"], said["declared"], said["known_at"]) == (4, 2, None)
    assert sum(said["enterprises"].values()) == 2
    assert sum(row["required"] for row in said["rows"]) == 4
    rows = {row["key"]: row for row in said["rows"]}
    counts = {"required": 3, "covered": 1, "waived": 0, "ratio": 0.333333}
    assert rows["450202"] == {"key": "450202", "name": "城中区"} | counts
    assert rows["450200"]["ratio"] is None


def test_enterprises_have_a_status_and_known_at_is_echoed(ask: Ask) -> None:
    said = ask("/coverage", plan=PLAN, on="2025-12-31", by="enterprise", known_at="2026-02-01").json()
    assert said["known_at"] == "2026-02-01T23:59:59.999999+08:00"
    assert {row["key"]: row["status"] for row in said["rows"]} == {
        world.LONGJIANG: "incomplete",
        world.LIUBEI: "incomplete",
    }
    assert "persons" not in said


def test_what_lies_out_of_reach_is_neither_counted_nor_found(ask: Ask) -> None:
    assert ask("/coverage", plan="guangdong-2021-2025", on="2025-12-31").json()["required"] == 0
    assert ask("/coverage", plan=PLAN, region="440600").status_code == 404
    assert ask("/coverage", plan=PLAN, enterprise=world.FOSHAN).status_code == 404


@pytest.mark.parametrize(
    ("parameters", "status", "code"),
    [
        ({}, 422, "plan"),
        ({"plan": PLAN, "on": "31.12.2025"}, 422, "on"),
        ({"plan": PLAN, "on": "20251231"}, 422, "on"),
        ({"plan": PLAN, "known_at": "20251231"}, 422, "known_at"),
        ({"plan": PLAN, "known_at": "20251231T180000"}, 422, "known_at"),
        ({"plan": PLAN, "by": "town"}, 422, "by"),
        ({"plan": PLAN, "persons": "perhaps"}, 422, "persons"),
        ({"plan": PLAN, "known-at": "2025-12-31"}, 422, "parameter"),
        ({"plan": PLAN, "known_at": "2999-01-01"}, 422, "known_at_future"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_refusal_says_what_is_wrong(ask: Ask, parameters: dict[str, str], status: int, code: str) -> None:
    answer = ask("/coverage", **parameters)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_token_nothing_is_told_and_the_administrators_gets_figures(ask: Ask) -> None:
    assert ask("/coverage", who="", plan=PLAN).status_code == 401
    assert ask("/plans", who="").status_code == 401
    told = ask("/coverage", who="admin", plan=PLAN)
    assert told.status_code == 200
    assert told.json()["required"] > 0


def test_plans_are_listed_and_shown_as_the_command_line_shows_them(ask: Ask) -> None:
    codes = [plan["code"] for plan in ask("/plans").json()]
    assert codes == ["guangdong-2021-2025", PLAN, "national-2026-2030"]
    shown = ask(f"/plans/{PLAN}").json()
    assert shown["posts"][0] == {"code": "responsible_officer", "name": "分管负责人", "expected": True}
    assert shown["requirements"][0]["courses"][0] == {"code": "injury-insurance-law", "valid_months": None}
    assert ask("/plans/none").status_code == 404

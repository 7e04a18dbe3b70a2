"""Chen holds a course in person for her people, from the open session to the certificates."""

import re
from datetime import date, timedelta

import pytest
from starlette.testclient import TestClient

from app.awards import queries as awards
from app.awards import session_queries
from app.identity import service as identity
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.db import Database
from tests import world as shared
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORM = {
    "course": "team-leader",
    "minutes": "480",
    "place": "二楼会议室",
    "trainer": "农工",
    "provider": "龙江机械有限公司",
}


def opened(browser: Browser, holder: str, held_on: date | None = None, **changes: str) -> str:
    answer = browser.submit("/trainings", holder=holder, held_on=str(held_on or clock.today()), **(FORM | changes))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).split("?")[0]


def lines(browser: Browser, address: str) -> list[str]:
    return re.findall(r'name="row" value="(\d+)"', browser.get(address).text)


def test_from_the_open_session_to_the_certificate(chen: Browser, lived_in: World, database: Database) -> None:
    assert "还没有线下培训班" in chen.get("/trainings").text
    address = opened(chen, f"e{lived_in.longjiang}")
    people = chen.get(f"{address}/people").text
    assert "韦大勇" in people
    assert "梁秀英" not in people
    assert "莫小兰" not in chen.submit(f"{address}/people/search", text="大勇").text
    assert chen.submit(f"{address}/people", person=[lived_in.wei, lived_in.mo, lived_in.huang]).status_code == 303
    sheet = chen.get(f"{address}/sheet").text
    assert "签到表" in sheet
    assert shared.WEI not in sheet

    wei, mo, huang = lines(chen, address)
    marked = chen.submit(f"{address}/attendance", row=[wei, mo, huang], attended=[wei, mo], score=["", "12", ""])
    assert marked.status_code == 303
    page = chen.get(address).text
    assert "办结，发 1 份证书" in page
    assert "成绩不合格" in page
    assert chen.submit(f"{address}/closure").status_code == 303
    closed = chen.get(address).text
    assert "成绩不合格" in closed
    assert "不能再改" in closed
    assert chen.submit(f"{address}/attendance", row=[mo], attended=[mo], score=[""]).status_code == 409
    assert "PX" in chen.get("/trainings").text
    assert "韦大勇" in chen.get(f"{address}.csv").text
    assert "team-leader" not in chen.get("/trainings.csv").text

    with database.reading() as session:
        (award,) = awards.of_person(SYSTEM, session, lived_in.wei, clock.today())
    number = session_queries.session_number(clock.today(), int(address.split("/")[-1]))
    assert number in chen.get(f"/enterprises/{lived_in.longjiang}/people/{lived_in.wei}").text
    evidence = chen.get(f"/certificates/{award.id}/evidence").text
    assert "农工" in evidence
    assert "重算不符" not in evidence


def test_the_worker_sees_the_session_on_the_shelf(
    chen: Browser, lived_in: World, database: Database, sign_in: SignIn
) -> None:
    address = opened(chen, f"e{lived_in.longjiang}")
    chen.submit(f"{address}/people", person=[lived_in.wei])
    (row,) = lines(chen, address)
    chen.submit(f"{address}/attendance", row=[row], attended=[row], score=[""])
    chen.submit(f"{address}/closure")
    with database.session() as session:
        account = identity.open_worker_account(session, lived_in.wei, "韦大勇", clock.now())
    assert "二楼会议室" in sign_in(account).get("/certificates").text


def test_a_short_session_is_told_before_it_is_closed(chen: Browser, lived_in: World) -> None:
    address = opened(chen, f"e{lived_in.longjiang}", minutes="30")
    chen.submit(f"{address}/people", person=[lived_in.wei])
    (row,) = lines(chen, address)
    chen.submit(f"{address}/attendance", row=[row], attended=[row], score=[""])
    page = chen.get(address).text
    assert "办结后不发证书" in page
    assert "办结，不发证书" in page
    assert "0 份证书" not in page


def test_a_session_nobody_is_marked_in_cannot_be_closed(chen: Browser, lived_in: World) -> None:
    address = opened(chen, f"e{lived_in.longjiang}")
    chen.submit(f"{address}/people", person=[lived_in.wei, lived_in.mo])
    page = chen.get(address).text
    assert "还没有登记出勤" in page
    assert f"{address}/closure" not in page
    assert "份证书" not in page
    refused = chen.submit(f"{address}/closure")
    assert refused.status_code == 422
    assert "请先登记谁到场" in refused.text
    wei, mo = lines(chen, address)
    chen.submit(f"{address}/attendance", row=[wei, mo], score=["", ""])
    assert "办结，不发证书" in chen.get(address).text
    assert chen.submit(f"{address}/closure").status_code == 303


def test_what_is_missing_is_told_with_what_was_typed(chen: Browser, lived_in: World) -> None:
    answer = chen.submit("/trainings", holder=f"e{lived_in.longjiang}", held_on="", **FORM)
    assert answer.status_code == 422
    assert "请填培训日期" in answer.text
    assert "二楼会议室" in answer.text
    address = opened(chen, f"e{lived_in.longjiang}", clock.today() + timedelta(days=9))
    chen.submit(f"{address}/people", person=[lived_in.wei])
    assert "办结，发" not in chen.get(address).text
    assert chen.submit(f"{address}/closure").status_code == 422


def test_taking_one_off_takes_off_only_that_one(chen: Browser, lived_in: World) -> None:
    address = opened(chen, f"e{lived_in.longjiang}")
    chen.submit(f"{address}/people", person=[lived_in.wei, lived_in.mo])
    first, second = lines(chen, address)
    assert chen.submit(f"{address}/people", off=[first]).status_code == 303
    assert lines(chen, address) == [second]


def test_a_sheet_of_names_fills_the_list(chen: Browser, lived_in: World) -> None:
    address = opened(chen, f"e{lived_in.longjiang}")
    rows = shared.as_csv([("姓名", "证件号码"), ("韦大勇", shared.WEI), ("梁秀英", shared.LIANG)])
    answer = TestClient.post(chen, f"{address}/sheets", data={"csrf": chen.csrf}, files={"file": ("名单.csv", rows)})
    assert answer.status_code == 200
    assert "已加入名单 1 人" in answer.text
    assert len(lines(chen, address)) == 1


def test_the_bureau_gathers_people_of_several_enterprises(lived_in: World, sign_in: SignIn, chen: Browser) -> None:
    luo = sign_in(lived_in.luo)
    address = opened(luo, "r450200")
    assert "柳北化工" in luo.get(f"{address}/people").text
    assert "佛山铸造" not in luo.submit(f"{address}/people/search", text="有限公司").text
    assert luo.get(f"{address}/people?enterprise={lived_in.foshan}").status_code == 404
    assert "梁秀英" in luo.get(f"{address}/people?enterprise={lived_in.liubei}").text
    assert luo.submit(f"{address}/people", person=[lived_in.wei, lived_in.liang]).status_code == 303
    assert luo.submit(f"{address}/people", person=[lived_in.zhou]).status_code == 404
    assert len(lines(luo, address)) == 2
    assert chen.get(address).status_code == 404
    assert luo.submit("/trainings", holder="r440000", held_on=str(clock.today()), **FORM).status_code == 404

"""What Luo, who manages Liuzhou's bureau, does with settlements, what others see of them, and what anybody may check.

The world: Wei has all three courses on the deadline, Mo one of three; Chen is the officer of Longjiang; Xie looks at
another district; Guan keeps the accounts.
"""

import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from app.coverage.queries import settlements
from app.kit.scope import SYSTEM
from app.ops import signing
from app.ops.db import Database
from app.reports.settlement_files import read
from app.reports.settlement_verdict import judge
from tests import world
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.web.pages import plain
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLAN = "liuzhou-2021-2025"
COURSES = world.MACHINERY_LEADER
MANY_QUERIES = 25


@dataclass(frozen=True)
class Office:
    """Luo's browser, the world it looks at, and a settlement of Liuzhou on the deadline."""

    luo: Browser
    lived: World
    database: Database
    number: int

    @property
    def base(self) -> str:
        return f"/settlements/{self.number}"

    def text(self, path: str) -> str:
        answer = self.luo.get(path)
        assert answer.status_code == 200, answer.text
        return plain(answer.text)

    def seal(self) -> settlements.Seal:
        with self.database.reading() as session:
            return settlements.settlement(SYSTEM, session, self.number).seal

    def record(self, *rows: tuple[str, str]) -> None:
        """Record courses, as (resident ID, course), that were completed before the deadline."""
        records = [("证件号码", "课程代码", "完成日期", "培训方式")]
        records += [(who, course, "2024-05-20", "线下") for who, course in rows]
        with self.database.session() as session:
            assert not world.fill(session, "records", records, now=datetime.now(UTC)).errors


@pytest.fixture
def office(lived_in: World, database: Database, sign_in: SignIn) -> Office:
    luo = sign_in(lived_in.luo)
    office = Office(luo, lived_in, database, 0)
    office.record(*((world.WEI, course) for course in COURSES), (world.MO, COURSES[0]))
    answer = settle(luo)
    assert answer[0] == 303
    return Office(luo, lived_in, database, int(answer[1].rpartition("/")[2]))


def settle(browser: Browser, **asked: str) -> tuple[int, str]:
    form = {"plan": PLAN, "region": "450200", "on": "2025-12-31", "note": "年度总结"} | asked
    answer = browser.submit("/settlements", **form)
    return answer.status_code, answer.headers.get("location", "")


def test_the_first_screen_of_a_settled_day_says_so(office: Office) -> None:
    day = f"/coverage?plan={PLAN}&region=450200&on="
    assert "本日已封账" in office.text(f"{day}2025-12-31")
    assert f'href="{office.base}"' in office.luo.get(f"{day}2025-12-31").text
    assert "本日已封账" not in office.text(f"{day}2025-12-30")


def test_what_is_to_be_frozen_is_shown_first(office: Office) -> None:
    text = office.text(f"/settlements/new?plan={PLAN}&on=2025-12-30")
    assert "封账：柳州市，截至 2025-12-30" in text
    assert "25.0 % 1 已达标 / 4 应培训" in text
    assert "早于计划截止日 2025-12-31" in text
    assert "确认封账" in text


def test_a_running_plan_is_warned_of_and_a_day_to_come_refused(office: Office) -> None:
    assert "计划执行到 2030-12-31 为止" in office.text("/settlements/new?plan=national-2026-2030")
    text = office.text("/settlements/new?plan=national-2026-2030&on=2030-01-01")
    assert "这一天还没到" in text
    assert "确认封账" not in text
    assert "计划尚未开始" in office.text(f"/settlements/new?plan={PLAN}&on=2020-01-01")
    assert settle(office.luo, plan="national-2026-2030", on="2030-01-01")[0] == 422
    assert settle(office.luo, on="2020-01-01")[0] == 422
    assert settle(office.luo, on="yesterday")[0] == 422
    assert settle(office.luo, plan="guangdong-2021-2025")[0] == 422


def test_a_settlement_says_what_who_when_and_how_it_is_proven(office: Office) -> None:
    text = office.text(office.base)
    assert "柳州市封账，截至 2025-12-31" in text
    assert "25.0 % 1 已达标 / 4 应培训" in text
    assert "封账人 罗明" in text
    assert "年度总结" in text
    assert re.search(r"城中区 33\.3% 1 / 3", text)
    assert re.search(r"一线班组长 50\.0% 1 / 2", text)
    assert office.seal().hash in text.replace(" ", "")
    assert "不是法律意义上的电子印章" in text


def test_it_is_listed_and_exported(office: Office) -> None:
    assert re.search(r"柳州市，截至 2025-12-31 .* 25\.0% 1 / 4 .* 罗明 现行", office.text("/settlements"))
    assert "这里还没有封账" in office.text("/settlements?plan=guangdong-2021-2025")
    listed = office.luo.get("/settlements.csv").content.decode("utf-8-sig")
    assert office.seal().hash in listed


def test_the_same_is_not_settled_twice_but_superseded_with_a_reason(office: Office) -> None:
    assert settle(office.luo)[0] == 409
    assert "已经封账" in office.text(f"/settlements/new?plan={PLAN}&on=2025-12-31")
    office.record(*((world.MO, course) for course in world.MACHINE_OPERATOR[1:]))
    assert office.luo.submit(f"{office.base}/supersession", reason=" ").status_code == 422
    answer = office.luo.submit(f"{office.base}/supersession", reason="补录培训记录")
    assert answer.status_code == 303
    newer = office.text(answer.headers["location"])
    assert "重新封账的理由 补录培训记录" in newer
    older = office.text(office.base)
    assert "这份封账已被取代" in older
    assert "25.0 % 1 已达标 / 4 应培训" in older
    assert office.luo.submit(f"{office.base}/supersession", reason="再来").status_code == 409
    assert re.search(r"已被取代", office.text("/settlements"))


def test_what_was_recorded_later_is_explained(office: Office) -> None:
    assert "没有变化" in office.text(f"{office.base}/comparison")
    office.record(*((world.LIANG, course) for course in world.CHEMICALS_LEADER))
    text = office.text(f"{office.base}/comparison")
    assert re.search(r"覆盖率 25\.0% 50\.0% \+25\.00 个百分点", text)
    assert re.search(r"已达标 1 2 \+1", text)
    assert "差额全部有据：封账后的记录使应培训 0、已达标 +1" in text
    assert re.search(r"柳北化工有限公司 封账时 0 / 1 \S+ 现在所知 1 / 1 \S+ 应培训 0 已达标 \+1", text)
    assert "导入培训记录" in office.luo.get(f"{office.base}/comparison").text
    exported = office.luo.get(f"{office.base}/comparison.csv").content.decode("utf-8-sig")
    assert f"{world.LIUBEI},柳北化工有限公司,导入培训记录" in exported
    assert office.luo.get(f"{office.base}/comparison.xlsx").status_code == 200
    assert "25.0 % 1 已达标 / 4 应培训" in office.text(office.base)


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_its_files_prove_themselves_and_a_changed_one_is_found(office: Office, tmp_path: Path, kind: str) -> None:
    answer = office.luo.get(f"{office.base}/settlement.{kind}")
    assert "attachment" in answer.headers["content-disposition"]
    file = tmp_path / f"settled.{kind}"
    file.write_bytes(answer.content)
    verdict = judge(read(file), signing.public_key())
    assert verdict.genuine
    assert verdict.computed == office.seal().hash
    if kind == "json":
        whole = json.loads(answer.content)
        whole["content"]["rows"][0]["covered"] += 1
        file.write_text(json.dumps(whole), "utf-8")
    else:
        book = load_workbook(io.BytesIO(answer.content))
        book["用人单位"]["B2"] = "别的公司"
        book.save(file)
    assert not judge(read(file), signing.public_key()).genuine


def test_its_paper_can_be_had(office: Office) -> None:
    answer = office.luo.get(f"{office.base}/settlement.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_anybody_with_the_hash_may_check_it_and_meets_no_person(office: Office, app: object) -> None:
    seal = office.seal()
    with Browser(app, follow_redirects=False) as stranger:  # type: ignore[arg-type]
        text = plain(stranger.get(f"/settlements/verify/{seal.hash}").text)
        assert "核验通过：数字出自本平台" in text
        assert "25.0 % 1 已达标 / 4 应培训" in text
        assert "罗明" not in text
        assert "龙江" not in text
        assert seal.signature in text.replace(" ", "")
        assert stranger.get(f"/settlements/verify/{'0' * 64}").status_code == 404
        keys = stranger.get("/settlements/keys").text
        assert seal.key_id in keys
        assert "BEGIN PUBLIC KEY" in keys
        office.luo.submit(f"{office.base}/supersession", reason="补录培训记录")
        assert "这份封账已被取代" in plain(stranger.get(f"/settlements/verify/{seal.hash}").text)


def test_others_see_it_only_in_their_region_and_never_settle(office: Office, sign_in: SignIn) -> None:
    xie, guan, chen = (sign_in(account) for account in (office.lived.xie, office.lived.guan, office.lived.chen))
    assert "这里还没有封账" in plain(xie.get("/settlements").text)
    for path in ("", "/comparison", "/settlement.xlsx", "/settlement.json", "/settlement.pdf", "/comparison.csv"):
        assert xie.get(office.base + path).status_code == 404, path
        assert chen.get(office.base + path).status_code == 404, path
        assert guan.get(office.base + path).status_code == 403, path
    assert chen.get("/settlements").status_code == 303
    assert "封账" not in chen.get(f"/enterprises/{office.lived.longjiang}").text
    for browser in (xie, guan, chen):
        assert settle(browser, on="2025-11-30")[0] == 403
        assert browser.submit(f"{office.base}/supersession", reason="x").status_code == 403
    assert settle(office.luo, region="450000")[0] == 404
    assert settle(office.luo, region="440600")[0] == 404


def test_who_settled_stands_in_the_trail(office: Office, sign_in: SignIn) -> None:
    text = plain(sign_in(office.lived.guan).get("/admin/audit").text)
    assert re.search(r"罗明 封账", text)


def test_a_page_asks_the_database_little(office: Office) -> None:
    office.record((world.LIANG, COURSES[0]))
    asked: list[str] = []
    event.listen(office.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    for path in ("/settlements", f"/settlements/new?plan={PLAN}", office.base, f"{office.base}/comparison"):
        asked.clear()
        assert office.luo.get(path).status_code == 200
        assert len(asked) <= MANY_QUERIES, (path, len(asked))


def test_it_reads_in_english_too(office: Office) -> None:
    office.luo.submit("/language", language="en", back="/settlements")
    assert "Figures frozen for a date" in office.text("/settlements")
    assert "Explained in full" not in office.text(f"{office.base}/comparison")
    assert "Nothing has changed." in office.text(f"{office.base}/comparison")


def test_the_day_is_the_plans_deadline_unless_another_is_asked_for(office: Office) -> None:
    assert f"截至 {date(2025, 12, 31)}" in office.text(f"/settlements/new?plan={PLAN}")

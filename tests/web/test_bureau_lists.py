"""The lists behind the bureau's figures and their exports: who, which enterprises, narrowed and searched.

The world: tests/web/liuzhou.py.
"""

import csv
import io
import re

from python_calamine import CalamineWorkbook

from tests import world
from tests.web.bureau import Bureau
from tests.web.filled import settled_once
from tests.web.liuzhou import PLAN, SANMEI, settle
from tests.web.pages import plain

settled, database_url, lived_in = settled_once(settle)


def test_who_is_missing_is_listed_with_the_reason(bureau: Bureau) -> None:
    text = bureau.text("/coverage/missing", on="2025-12-31")
    assert "应培训 4 个任职，还差 2 个" in text
    assert re.search(r"莫小兰 龙江机械有限公司 城中区 机械制造 工伤事故频发岗位作业人员 \S+ 另缺 4 门 未开始", text)
    assert "黄建国" in text
    assert "韦大勇" not in text
    assert "梁秀英" not in text
    leaders = bureau.text("/coverage/missing", on="2025-12-31", post="responsible_officer")
    assert "黄建国" in leaders
    assert "莫小兰" not in leaders
    assert "这里没有人缺培训" in bureau.text("/coverage/missing", on="2025-12-31", industry="hazardous_chemicals")
    assert "这里没有人缺培训" in bureau.text("/coverage/missing", on="2025-12-31", reason="revoked")


def test_a_waiver_is_listed_with_who_and_why_while_it_holds(bureau: Bureau) -> None:
    text = bureau.text("/coverage/waivers", on="2025-12-31")
    assert re.search(r"梁秀英 柳北化工有限公司 一线班组长 2025-01-01 2025-12-31 长期病休 the operator", text)
    exported = bureau.get("/coverage/waivers.csv", on="2025-12-31").content.decode("utf-8-sig")
    assert "梁秀英,柳北化工有限公司,一线班组长,2025-01-01,2025-12-31,长期病休,the operator" in exported
    assert "没有生效的豁免" in bureau.text("/coverage/waivers", on="2026-01-01")


def test_lists_narrow_by_status_and_search_by_name_out_of_the_address(bureau: Bureau) -> None:
    full = bureau.text("/coverage/enterprises", on="2025-12-31", status="full")
    assert "没有符合条件" in full
    part = bureau.text("/coverage/enterprises", on="2025-12-31", status="incomplete")
    assert "龙江机械有限公司" in part
    assert "三门江" not in part
    found = plain(bureau.browser.submit(f"/coverage/enterprises?plan={PLAN}&on=2025-12-31", text="化工").text)
    assert "柳北化工有限公司" in found
    assert "龙江机械有限公司" not in found
    assert "3 家中的 1 家" in found
    assert bureau.get("/coverage/enterprises", status="splendid").status_code == 422


def test_a_search_keeps_the_filters_counts_what_it_found_and_exports_no_more(bureau: Bureau) -> None:
    address = f"/coverage/enterprises?plan={PLAN}&on=2025-12-31&status=incomplete"
    page = bureau.browser.submit(address, text="有限公司").text
    found = plain(page)
    assert "龙江机械有限公司" in found
    assert "柳北化工有限公司" in found
    assert "三门江" not in found
    assert "3 家中的 2 家" in found
    assert "有限公司" not in "".join(re.findall(r'(?:action|href)="([^"]*)"', page))
    narrowed = re.findall(r'formaction="([^"]+)"[^>]*>未报<', page)
    assert len(narrowed) == 1
    undeclared = plain(bureau.browser.submit(narrowed[0].replace("&amp;", "&"), text="有限公司").text)
    assert "三门江" in undeclared
    assert "龙江" not in undeclared
    for kind in ("csv", "xlsx"):
        assert (
            f"/coverage/enterprises.{kind}?plan={PLAN}&amp;region=450200&amp;on=2025-12-31&amp;status=incomplete"
            in page
        )
    sheet = bureau.browser.submit(address.replace("enterprises?", "enterprises.csv?"), text="化工")
    rows = sheet.content.decode("utf-8-sig")
    assert "柳北化工有限公司" in rows
    assert "龙江机械有限公司" not in rows
    assert "名称或统一社会信用代码：化工" in rows
    assert bureau.browser.submit(address.replace("enterprises?", "enterprises.xlsx?"), text="化工").content[:2] == b"PK"
    kind = bureau.browser.submit(address, text="有限公司", industry="machinery").text
    assert "龙江机械有限公司" in plain(kind)
    assert "柳北化工有限公司" not in plain(kind)
    assert "industry=machinery" in kind
    assert (
        bureau.browser.post(address.replace("enterprises?", "enterprises.csv?"), data={"text": "化工"}).status_code
        == 403
    )


def test_a_heading_counts_what_the_filters_leave(bureau: Bureau) -> None:
    assert "共 3 家" in bureau.text("/coverage/enterprises", on="2025-12-31")
    assert "3 家中的 1 家" in bureau.text("/coverage/enterprises", on="2025-12-31", status="undeclared")


def test_exports_say_what_they_show_and_add_up(bureau: Bureau) -> None:
    answer = bureau.get("/coverage.csv", on="2025-12-31", known_at="2026-03-01")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["截至日期", "2025-12-31"] in rows
    assert ["按何时所知", "2026-03-01 23:59:59"] in rows
    assert ["", "合计", "4", "2", "1", "0.500000", "3", "2", "0"] in rows
    assert "attachment" in answer.headers["content-disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(bureau.get("/coverage.xlsx", on="2025-12-31").content))
    sums = [row for row in book.get_sheet_by_name("按岗位").to_python() if row[0] == "合计"]
    assert sums == [["合计", 4.0, 2.0, 1.0, 0.5]]


def test_lists_are_exported_whole_with_masked_ids(bureau: Bureau) -> None:
    missing = bureau.get("/coverage/missing.csv", on="2025-12-31").content.decode("utf-8-sig")
    assert "莫小兰" in missing
    assert world.MO not in missing
    assert world.MO[-4:] in missing
    listed = bureau.get("/coverage/enterprises.csv", on="2025-12-31").content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(listed)) if row and row[0] == SANMEI]
    assert rows == [[SANMEI, "三门江建材有限公司", "柳州市", "非煤矿山", "否", "未报", *[""] * 6, "40", "", "否"]]

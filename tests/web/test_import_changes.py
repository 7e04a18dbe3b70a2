"""What an import would change is shown before it is confirmed: old and new of each field, who would end."""

import re
from datetime import UTC, datetime

import pytest

from app.ops.db import Database
from tests import world
from tests.web.browsers import Browser
from tests.web.uploads import HEADERS, NEW, upload
from tests.world import LONGJIANG, ROSTER, WEI

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def changes(page: str) -> list[list[str]]:
    """Read the rows of what would change off a page, without the first cell's words."""
    table = page.partition('id="changes"')[2].partition("</table>")[0].partition("<tbody>")[2]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def test_what_rows_change_is_shown_before_it_is_confirmed(chen: Browser) -> None:
    wei = next(row for row in ROSTER if row[2] == WEI)
    altered = (*wei[:3], "13912345678", *wei[4:5], "电焊工", "2024-03-01", "2026-05-01")
    address = upload(chen, altered, NEW)
    shown = chen.get(address).text
    assert changes(shown) == [
        ["第 2 行", "韦大勇 · 一线班组长", "工种", wei[5] or "无", "电焊工"],
        ["第 2 行", "韦大勇 · 一线班组长", "上岗日期", wei[6], "2024-03-01"],
        ["第 2 行", "韦大勇 · 一线班组长", "离岗日期", "无", "2026-05-01"],
        ["第 2 行", "韦大勇 · 一线班组长", "手机号", changes(shown)[3][3], "*******5678"],
    ]
    assert changes(shown)[3][3] in {"无", "******"}
    assert "更改和离岗共 1 处" in shown
    assert "13912345678" not in shown
    assert shown.index('id="changes"') < shown.index('id="confirm"')
    chen.submit(f"{address}/confirmation")
    done = chen.get(address).text
    assert "原有记录" in done
    assert changes(done) == changes(shown)
    assert changes(chen.get(upload(chen, altered, NEW)).text) == []


def test_who_would_end_is_named_before_it_is_confirmed(chen: Browser) -> None:
    wei_alone = next(row for row in ROSTER if row[2] == WEI)
    address = upload(chen, wei_alone)
    listed = changes(chen.get(address, params={"full": "1", "as_of": "2026-02-01"}).text)
    assert ["不在文件中", "莫小兰", "离岗日期", "无", "2026-02-01"] in [
        [row[0], row[1].partition(" ")[0], *row[2:]] for row in listed
    ]


def test_only_the_first_of_many_changes_are_listed_with_a_count(chen: Browser, database: Database) -> None:
    people = [
        (LONGJIANG, f"工人{n}", world.resident_id(n), "", "班组长", "", "2024-01-01", "") for n in range(300, 330)
    ]
    with database.session() as session:
        world.fill(session, "roster", (HEADERS, *people), datetime.now(UTC))
    page = chen.get(upload(chen, *((*row[:5], "焊工", *row[6:]) for row in people))).text
    assert len(changes(page)) == 20
    assert "共 30 处更改或离岗，下面是前 20 处" in page


def test_an_import_of_enterprises_shows_old_and_new_and_speaks_of_accounts_only_when_it_opens_some(
    luo: Browser,
) -> None:
    headers = ("uscc", "name", "region", "industry", "insured", "key_enterprise", "officer_name", "officer_phone")
    row = (LONGJIANG, "龙江重工有限公司", "450203", "C34", "99", "是")
    address = upload(luo, (*row, "", ""), kind="enterprises", headers=headers, name="单位.csv")
    told = {line[2]: line[3:] for line in changes(luo.get(address).text)}
    assert told["企业名称"] == ["龙江机械有限公司", "龙江重工有限公司"]
    assert told["行政区划代码"] == ["450202", "450203"]
    assert told["重点企业"][1] == "是"
    luo.submit(f"{address}/confirmation")
    assert "已开通安全员账号" not in luo.get(address).text
    opened = upload(luo, (*row, "蓝天明", "13812340000"), kind="enterprises", headers=headers, name="单位.csv")
    assert [line[2:] for line in changes(luo.get(opened).text)] == [["联系人", "无", "蓝天明"]]
    luo.submit(f"{opened}/confirmation")
    assert "已开通安全员账号（1 个）" in luo.get(opened).text


def test_an_import_of_regions_shows_old_and_new_names(luo: Browser) -> None:
    page = luo.get(
        upload(luo, ("450202", "城中新区", "450200"), kind="regions", headers=("code", "name", "parent"))
    ).text
    assert changes(page) == [["第 2 行", "城中区", "名称", "城中区", "城中新区"]]

"""Wei takes away all that is held about her, and nothing about anybody else."""

import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from app.ops.db import Database
from tests import world as worlds
from tests.web.browsers import Browser
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RECORD = (
    ("证件号码", "姓名", "课程代码", "完成日期", "培训方式", "成绩"),
    (worlds.WEI, "韦大勇", "team-leader", "2025-06-01", "线下", "91"),
    (worlds.ZHOU, "周敏", "team-leader", "2025-06-02", "线下", "92"),
)


def test_everything_held_about_wei_is_in_her_file(
    database: Database, world: World, browser_of: Callable[[int], Browser]
) -> None:
    with database.session() as session:
        worlds.fill(session, "records", RECORD)
    wei = browser_of(world.wei)
    assert "/me/record.xlsx" in wei.get("/me").text
    book = load_workbook(io.BytesIO(wei.get("/me/record.xlsx").content))
    said = {sheet.title: "\n".join(str(cell.value) for row in sheet for cell in row) for sheet in book}
    assert "龙江机械有限公司" in said["我的岗位"]
    assert "韦大勇" in said["我的岗位"]
    assert "一线班组长工伤预防" in said["证书"]
    assert "2025-06-01" in said["证书"]
    assert "培训记录入档" in said["经过"]
    everything = "".join(said.values()) + wei.get("/me/record.csv").text
    assert worlds.WEI not in everything
    assert "周敏" not in everything
    assert "2025-06-02" not in everything

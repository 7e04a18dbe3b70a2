"""`coverall export`: lists of any length as files, the same as the bureau's pages give."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from app.cli import app
from app.kit.errors import Problem
from app.ops.db import Database
from app.ops.settings import settings
from tests import world
from tests.web.liuzhou import PLAN, settle

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _own_database(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with database.session() as session:
        settle(session)
    monkeypatch.setenv("COVERALL_DATABASE_URL", database_url)
    settings.cache_clear()
    yield
    settings.cache_clear()


def export(what: str, file: Path, *words: str) -> None:
    result = CliRunner().invoke(app, ["export", what, str(file), "--plan", PLAN, "--on", "2025-12-31", *words])
    if result.exception:
        raise result.exception


def listed(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    return rows[rows.index([]) + 1 :]


def test_everybody_with_what_they_completed_and_when(tmp_path: Path) -> None:
    export("persons", tmp_path / "everybody.csv")
    headers, *rows = listed(tmp_path / "everybody.csv")
    assert len(rows) == 4
    wei = dict(zip(headers, next(row for row in rows if "韦大勇" in row), strict=True))
    assert (wei["地区"], wei["用人单位"], wei["岗位"]) == ("城中区", "龙江机械有限公司", "一线班组长")
    assert (wei["达标状态"], wei["现状自"], wei["原因"]) == ("已达标", "2024-05-20", "")
    done = {header: value for header, value in wei.items() if header.startswith("结业日期")}
    assert sorted(day for day in done.values() if day) == ["2024-05-20"] * 5
    assert done["结业日期：职业性噪声聋"] == "2024-05-20"
    assert "" in done.values()
    assert world.WEI not in str(rows)
    assert wei["证件号码"].endswith(world.WEI[-4:])
    assert {row[headers.index("达标状态")] for row in rows} == {"已达标", "已豁免", "未达标"}


def test_who_is_missing_in_a_region_as_a_workbook(tmp_path: Path) -> None:
    export("missing", tmp_path / "missing.xlsx", "--region", "450202")
    rows = CalamineWorkbook.from_path(tmp_path / "missing.xlsx").get_sheet_by_name("谁还没达标").to_python()
    assert ["地区", "城中区"] in [row[:2] for row in rows]
    assert {row[5] for row in rows[8:]} == {"莫小兰", "黄建国"}
    export("missing", tmp_path / "none.csv", "--region", "450205")
    assert len(listed(tmp_path / "none.csv")) == 1


def test_the_enterprises_in_english(tmp_path: Path) -> None:
    export("enterprises", tmp_path / "enterprises.csv", "--language", "en")
    headers, *rows = listed(tmp_path / "enterprises.csv")
    assert headers[:3] == ["Unified social credit code", "Enterprise", "Region"]
    assert [row[5] for row in rows] == ["Undeclared", "Posts incomplete", "Posts incomplete"]


def test_a_region_that_does_not_exist_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(Problem):
        export("persons", tmp_path / "none.csv", "--region", "999999")
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize(
    ("name", "words"), [("a.XLSX", ()), ("a", ("--format", "xlsx")), ("a.xlsx", ("--format", "xlsx"))]
)
def test_the_file_is_what_its_name_says(tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    export("enterprises", tmp_path / name, *words)
    assert CalamineWorkbook.from_path(tmp_path / name).sheet_names == ["用人单位"]


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a"])
def test_without_another_ending_it_is_a_csv(tmp_path: Path, name: str) -> None:
    export("enterprises", tmp_path / name)
    assert len(listed(tmp_path / name)) == 4


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.xlsx", ("--format", "csv")), ("a.csv", ("--format", "xlsx")), ("a.xls", ("--format", "xlsx")), ("a.xls", ())],
)
def test_a_name_that_contradicts_the_format_is_refused(tmp_path: Path, name: str, words: tuple[str, ...]) -> None:
    with pytest.raises(Problem, match=r"ends in \."):
        export("enterprises", tmp_path / name, *words)
    assert not list(tmp_path.glob("a.*"))

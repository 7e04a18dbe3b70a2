"""`coverall import` and the commands for people and enterprises, as an operator types them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.kit.errors import Problem
from app.ops.settings import ROOT, settings
from app.ops.sheets import read
from app.reports.import_columns import ROSTER
from tests import world as shared
from tests.world import LONGJIANG, MO, STRANGER, WEI


@pytest.fixture(autouse=True)
def _own_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COVERALL_DATABASE_URL", database_url)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of files, with regions and enterprises imported."""
    coverall("content", "load", str(ROOT / "courses"))
    coverall("import", "regions", str(ROOT / "courses/plans/regions.csv"))
    coverall("import", "enterprises", str(saved(tmp_path / "enterprises.csv", shared.ENTERPRISES)))
    saved(tmp_path / "roster.csv", shared.ROSTER)
    return tmp_path


def saved(file: Path, rows: Sequence[Sequence[str]], encoding: str = "gb18030") -> Path:
    file.write_bytes(shared.as_csv(rows, encoding))
    return file


def coverall(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def counts(*words: str) -> tuple[int, dict[str, object]]:
    code, output = coverall("import", *words, "--json")
    return code, json.loads(output)


def test_counts_come_as_promised(folder: Path) -> None:
    file = str(folder / "roster.csv")
    first = {"rows": 6, "added": 6, "changed": 0, "ended": 0, "unchanged": 0, "refused": 0, "errors": []}
    assert counts("roster", file, "--dry-run") == (0, first)
    assert counts("roster", file) == (0, first)
    assert counts("roster", file) == (0, {**first, "added": 0, "unchanged": 6})
    assert coverall("import", "roster", file)[1].startswith("6 rows, 0 added")


def test_refused_rows_exit_with_1_and_come_back(folder: Path) -> None:
    bad = (LONGJIANG, "农志刚", STRANGER, "", "宇航员", "", "2024-01-05", "")
    file = saved(folder / "bad.csv", [*shared.ROSTER, bad], "utf-8-sig")
    out = folder / "errors.xlsx"
    code, said = counts("roster", str(file), "--errors", str(out))
    assert code == 1
    assert said["refused"] == 1
    assert said["errors"] == [
        {
            "row": 8,
            "field": "post",
            "code": "post_unknown",
            "message": said["errors"][0]["message"],  # type: ignore[index]
        }
    ]
    assert "没有这个岗位：宇航员" in json.dumps(said, ensure_ascii=False)
    assert [row.cells["resident_id"] for row in read(out.read_bytes(), ROSTER).rows] == [STRANGER]
    assert "No such post" in coverall("import", "roster", str(file), "--json", "--language", "en")[1]


def test_a_file_that_cannot_be_read_is_a_problem(folder: Path) -> None:
    for file in (saved(folder / "x.csv", [("姓名", "身份证号")]), folder / "absent.csv"):
        with pytest.raises(Problem):
            coverall("import", "roster", str(file))
    with pytest.raises(Problem):
        coverall("import", "people", str(folder / "roster.csv"))
    with pytest.raises(Problem):
        coverall("import", "regions", str(folder / "roster.csv"), "--full")


def test_a_full_roster_that_ends_many_has_to_be_confirmed(folder: Path) -> None:
    coverall("import", "roster", str(folder / "roster.csv"))
    file = str(saved(folder / "full.csv", shared.ROSTER[:2]))
    asked = ("roster", file, "--full", "--as-of", "2025-01-01")
    code, said = counts(*asked, "--dry-run")
    assert (code, said["ended"], said["unchanged"], said["refused"]) == (0, 3, 1, 0)
    code, said = counts(*asked)
    assert (code, said["ended"], said["refused"]) == (1, 0, 1)
    assert [error["code"] for error in said["errors"]] == ["confirm_ending"]  # type: ignore[attr-defined]
    code, said = counts(*asked, "--yes")
    assert (code, said["ended"], said["refused"]) == (0, 3, 0)


def test_an_operator_corrects_merges_closes_confirms_and_waives(folder: Path) -> None:
    coverall("import", "roster", str(folder / "roster.csv"))
    assert coverall("person", "correct", WEI, "--id", STRANGER, "--reason", "录入错误")[0] == 0
    assert coverall("person", "merge", MO, STRANGER, "--reason", "同一人")[0] == 0
    with pytest.raises(Problem):
        coverall("person", "correct", WEI, "--name", "韦大永", "--reason", "此号已无人")
    assert coverall("enterprise", "confirm", LONGJIANG)[1] == "2 people in post\n"
    waived = ("waive", STRANGER, "--enterprise", LONGJIANG, "--post", "班长", "--plan", "national-2026-2030")
    _, told = coverall(*waived, "--from", "2026-03-01", "--reason", "产假")
    assert coverall("unwaive", told.split()[-1], "--reason", "已返岗")[0] == 0
    assert coverall("enterprise", "close", LONGJIANG, "--on", "2026-06-01", "--reason", "已注销")[0] == 0
    assert coverall("enterprise", "close", LONGJIANG, "--never", "--reason", "记错了")[0] == 0
    with pytest.raises(Problem):
        coverall("enterprise", "close", LONGJIANG, "--reason", "没有日期")


def test_a_template_is_written(folder: Path) -> None:
    assert coverall("template", "roster", str(folder / "template.xlsx"))[0] == 0
    assert read((folder / "template.xlsx").read_bytes(), ROSTER).rows == ()

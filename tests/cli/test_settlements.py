"""`coverall settle` and `settlement list | export | verify`: from figures to a file that proves itself, or does not."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.cli import app
from app.kit.errors import Problem
from app.ops import signing
from app.ops.db import Database
from app.ops.settings import settings
from tests import world

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _lived_in(database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with database.session() as session:
        world.build(session)
    monkeypatch.setenv("COVERALL_DATABASE_URL", database_url)
    monkeypatch.setenv("COVERALL_BASE_URL", "https://coverall.example/")
    settings.cache_clear()
    yield
    settings.cache_clear()


def run(*words: str) -> Result:
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def settled() -> str:
    return run("settle", "--plan", "liuzhou-2021-2025", "--region", "450200").stdout


def test_the_deadline_is_settled_unless_another_day_is_named() -> None:
    said = settled().split("\t")
    assert said[1:5] == ["liuzhou-2021-2025", "450200", "2025-12-31", "0/4"]
    assert run("settlement", "list").stdout.split("\t") == said


@pytest.mark.parametrize("suffix", ["xlsx", "json"])
def test_an_exported_file_is_genuine_until_it_is_changed(tmp_path: Path, suffix: str) -> None:
    settled()
    file = tmp_path / f"settled.{suffix}"
    run("settlement", "export", "1", str(file))
    for words in ((), ("--key", signing.public_key().hex())):
        checked = run("settlement", "verify", str(file), *words)
        assert checked.exit_code == 0
        assert "Genuine" in checked.stdout
    if suffix == "json":
        file.write_text(file.read_text("utf-8").replace('"required":4', '"required":5', 1), "utf-8")
    else:
        book = openpyxl.load_workbook(file)
        book["汇总"]["G2"] = 5
        book.save(file)
    changed = run("settlement", "verify", str(file))
    assert changed.exit_code == 1
    assert "NOT what was signed" in changed.stdout
    assert "required is 5, was 4" in changed.stdout


def test_the_paper_is_exported_and_other_kinds_are_not(tmp_path: Path) -> None:
    settled()
    run("settlement", "export", "1", str(tmp_path / "settled.pdf"))
    paper = (tmp_path / "settled.pdf").read_bytes()
    assert paper.startswith(b"%PDF-")
    assert run("settlement", "verify", str(tmp_path / "settled.pdf")).exit_code == 0
    for changed in (paper[:-2], paper[:2000] + b"0" + paper[2001:], paper + b"\n", b""):
        (tmp_path / "changed.pdf").write_bytes(changed)
        assert run("settlement", "verify", str(tmp_path / "changed.pdf")).exit_code == 1
    with pytest.raises(Problem, match="ends in"):
        run("settlement", "export", "1", str(tmp_path / "settled.doc"))


def test_it_is_superseded_with_a_reason() -> None:
    settled()
    with pytest.raises(Problem, match="settled already"):
        settled()
    with pytest.raises(Problem, match="Say why"):
        run("settle", "--supersede", "1")
    assert run("settle", "--supersede", "1", "--reason", "补录").stdout.startswith("2\t")
    assert "superseded by 2" in run("settlement", "list").stdout


def test_what_is_stored_is_verified_and_what_was_forced_in_is_found(database: Database) -> None:
    settled()
    assert run("settlement", "verify").exit_code == 0
    with database.session() as session:
        session.execute(text("DROP TRIGGER settlement_row_no_update"))
        session.execute(text("UPDATE settlement_row SET covered = covered + 1 WHERE position = 0"))
    found = run("settlement", "verify")
    assert found.exit_code == 1
    assert "1 settlements are not what was signed" in found.stdout


def test_a_sheet_that_was_added_is_told(tmp_path: Path) -> None:
    settled()
    file = tmp_path / "settled.xlsx"
    run("settlement", "export", "1", str(file))
    book = openpyxl.load_workbook(file)
    book.create_sheet("补充说明").append(["另有数字"])
    book.save(file)
    checked = run("settlement", "verify", str(file))
    assert checked.exit_code == 1
    assert "figures are unaltered, but the file holds what was not settled" in checked.stdout
    assert "sheet 补充说明 is not part of a settlement" in checked.stdout
    assert "Genuine" not in checked.stdout


def test_a_settlement_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"There is no settlement 99\. .*settlement list"):
        run("settlement", "export", "99", str(tmp_path / "settled.xlsx"))
    assert not (tmp_path / "settled.xlsx").exists()
    with pytest.raises(Problem, match="There is no settlement 99"):
        run("settle", "--supersede", "99", "--reason", "补录")

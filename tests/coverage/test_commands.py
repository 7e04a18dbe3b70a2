"""`coverall coverage` prints the agreed shapes; `coverall check` proves, and fails when something does not follow."""

import csv
import json
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from app.cli import app
from app.kit.errors import Problem
from app.ops.db import Database
from app.ops.settings import settings
from tests.coverage import chronicle
from tests.coverage.histories import tell

ANSWER = {"plan", "on", "known_at", "required", "covered", "waived", "ratio", "declared", "enterprises", "rows"}
ROW = {"key", "name", "required", "covered", "waived", "ratio"}


@pytest.fixture
def command(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Give the database that commands run on, with a story in it."""
    url = f"sqlite:///{tmp_path / 'commands.db'}"
    (tmp_path / "commands.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("COVERALL_DATABASE_URL", url)
    settings.cache_clear()
    database = Database(url)
    chronicle.write(database, tell(Random(52), 40))
    return database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.usefixtures("command")
def test_json_has_the_agreed_keys() -> None:
    said = json.loads(run("coverage", "--plan", "alpha", "--on", "2024-12-30", "--format", "json").stdout)
    assert set(said) == ANSWER
    assert (said["plan"], said["on"], said["known_at"], said["rows"]) == ("alpha", "2024-12-30", None, [])
    assert said["required"] == 5
    assert said["ratio"] == 0.4


@pytest.mark.usefixtures("command")
def test_rows_and_persons_when_asked_for() -> None:
    asked = ("coverage", "--plan", "alpha", "--on", "2024-12-30", "--format", "json", "--persons", "--by")
    said = json.loads(run(*asked, "region", "--region", "440100").stdout)
    assert set(said) == ANSWER | {"persons"}
    assert [set(row) for row in said["rows"]] == [ROW, ROW]
    assert [(row["key"], row["name"]) for row in said["rows"]] == [("440103", "Region 440103"), ("440100", "本级")]
    said = json.loads(run(*asked, "enterprise").stdout)
    assert [set(row) for row in said["rows"]] == [ROW | {"status"}] * len(said["rows"])
    assert sum(row["required"] for row in said["rows"]) == said["required"]


@pytest.mark.usefixtures("command")
def test_csv_and_table_end_with_the_total() -> None:
    asked = ("coverage", "--plan", "alpha", "--on", "2024-12-30", "--by", "post", "--format")
    rows = list(csv.DictReader(run(*asked, "csv").stdout.splitlines()))
    assert [row["key"] for row in rows] == ["safety_head", "team_leader", "high_risk_operator", ""]
    assert rows[-1]["required"] == str(sum(int(row["required"]) for row in rows[:-1]))
    lines = run(*asked, "table").stdout.splitlines()
    assert lines[0] == "alpha on 2024-12-30"
    assert lines[-2].split() == ["合计", "5", "2", "0", "0.400000"]
    assert lines[-1].startswith("declared ")


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize(
    "asked",
    [("--plan", "gamma"), ("--plan", "alpha", "--on", "tomorrow"), ("--plan", "alpha", "--known-at", "2999-01-01")],
)
def test_a_question_that_cannot_be_asked_is_a_problem(asked: tuple[str, ...]) -> None:
    assert isinstance(run("coverage", *asked).exception, Problem)


def test_check_proves_or_fails(command: Database) -> None:
    assert run("check").exit_code == 0
    with command.session() as session:
        session.execute(text("UPDATE entry SET required = required + 1 WHERE id = 1"))
    result = run("check")
    assert result.exit_code == 1
    assert "entry: spans and entries differ" in result.stdout

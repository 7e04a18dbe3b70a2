"""Commands that ask about what is recorded never make a database for the question; those that set up do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.kit.errors import Problem
from app.ops.settings import settings

PLAN = "liuzhou-2021-2025"
USCC = "91450200MA5K000000"
ASKING = (
    ("coverage", "--plan", PLAN),
    ("check",),
    ("check", "--alarm"),
    ("export", "persons", "{folder}/out.csv", "--plan", PLAN),
    ("settlement", "list"),
    ("settlement", "export", "1", "{folder}/out.xlsx"),
    ("settlement", "verify"),
    ("settle", "--plan", PLAN, "--region", "450200"),
    ("replay", "1"),
    ("rebuild",),
    ("enterprise", "confirm", USCC),
    ("person", "merge", "#1", "#2", "--reason", "x"),
    ("plan", "draft", "{folder}/plan.toml"),
    ("regrade", "work-injury-rights", "--item", "x", "--reason", "x"),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("COVERALL_DATABASE_URL", raising=False)
    monkeypatch.setenv("COVERALL_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "plan.toml").write_text("", "utf-8")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def run(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [word.format(folder=folder) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


@pytest.mark.parametrize("words", ASKING, ids=lambda words: " ".join(words[:2]))
def test_a_command_that_asks_says_where_it_looked_and_makes_nothing(folder: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(Problem, match=r"There is no database at .*coverall\.db.*COVERALL_DATA_DIR") as refused:
        run(folder, *words)
    assert refused.value.code == "no_database"
    assert list((folder / "data").iterdir()) == []
    assert not list(folder.glob("out.*"))


def test_the_sample_region_beside_it_is_named(folder: Path) -> None:
    (folder / "data" / "demo.db").write_bytes(b"SQLite format 3")
    (folder / "data" / "coverall.db").touch()
    with pytest.raises(Problem, match=r"COVERALL_DATABASE_URL=sqlite:///\S+/demo\.db"):
        run(folder, "coverage", "--plan", PLAN)


def test_plans_are_listed_from_their_files_without_a_database(folder: Path) -> None:
    assert PLAN in run(folder, "plan", "list")
    assert list((folder / "data").iterdir()) == []


def test_commands_that_set_up_make_it_and_then_it_is_read(folder: Path) -> None:
    assert "up to date" in run(folder, "migrate")
    assert "All figures follow" in run(folder, "check")


def test_an_import_makes_it(folder: Path) -> None:
    (folder / "regions.csv").write_text("code,name,parent\n100000,全国,\n", "utf-8")
    run(folder, "import", "regions", str(folder / "regions.csv"))
    assert (folder / "data" / "coverall.db").is_file()

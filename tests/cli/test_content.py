"""`coverall content` and `coverall plan`, as typed."""

import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.kit.errors import Problem
from app.ops.settings import ROOT, settings

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _own_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COVERALL_DATABASE_URL", database_url)
    monkeypatch.setenv("COVERALL_CONTENT_DIR", str(ROOT / "courses"))
    settings.cache_clear()
    yield
    settings.cache_clear()


def coverall(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


FIRST_SIX = {
    *("injury-insurance-law", "safety-rights-and-lessons"),
    *("responsible-officer", "safety-head", "team-leader", "high-risk-operator"),
}


def shipped() -> tuple[int, int]:
    """Count the courses and the facts that stand in the content folder, without the reader that is tested."""
    folder = ROOT / "courses"
    codes = {file.parent.name for file in folder.glob("catalogue/*/course.toml")}
    assert codes >= FIRST_SIX
    files = folder / "facts.toml", *folder.glob("facts/*.toml")
    facts = {fact for file in files for fact in tomllib.loads(file.read_text("utf-8"))["facts"]}
    return len(codes), len(facts)


def test_what_ships_passes_the_check_and_loads_twice() -> None:
    courses, facts = shipped()
    assert coverall("content", "check") == (0, f"{courses} courses, 3 plans, {facts} facts: no errors.\n")
    first, again = coverall("content", "load")[1], coverall("content", "load")[1]
    assert first.startswith(f"courses: {courses} added, 0 changed, 0 unchanged\nplans: 3 added")
    assert again.startswith(f"courses: 0 added, 0 changed, {courses} unchanged\nplans: 0 added")


def test_errors_stand_with_file_and_line_and_nothing_is_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "courses", folder)
    file = folder / "catalogue/team-leader/course.toml"
    file.write_text(file.read_text().replace("hours = ", "hours = 9"))
    line = 1 + next(n for n, text in enumerate(file.read_text().splitlines()) if text.startswith("hours"))
    for command in ("check", "load"):
        code, output = coverall("content", command, str(folder))
        assert code == 1
        assert f"{file}:{line}: " in output
    assert coverall("content", "load")[1].startswith(f"courses: {shipped()[0]} added")


def test_a_folder_that_is_not_there_is_a_problem() -> None:
    with pytest.raises(Problem, match="There is no folder /nowhere"):
        coverall("content", "check", "/nowhere")


@pytest.mark.parametrize("loaded", [False, True])
def test_a_plan_is_shown_as_designed(loaded: bool) -> None:
    if loaded:
        coverall("content", "load")
    plan = json.loads(coverall("plan", "show", "guangdong-2021-2025", "--json")[1])
    assert list(plan) == [
        *("code", "name", "provisional", "starts_on", "counts_from", "deadline"),
        *("regions", "posts", "industries", "requirements"),
    ]
    assert (plan["starts_on"], plan["deadline"], plan["regions"]) == ("2021-01-01", "2025-12-31", ["440000"])
    assert plan["posts"][0] == {"code": "responsible_officer", "name": "分管负责人", "expected": True}
    licensed = {"code": "hazardous_chemicals", "name": "危险化学品", "divisions": ["25", "26"], "licence": True}
    assert plan["industries"][0] == licensed
    courses = ("injury-insurance-law", "safety-rights-and-lessons", "responsible-officer")
    assert plan["requirements"][0] == {
        "post": "responsible_officer",
        "industry": None,
        "from": None,
        "to": None,
        "courses": [{"code": code, "valid_months": None} for code in courses],
    }


def test_plans_are_listed_and_shown_to_people() -> None:
    _, output = coverall("plan", "list")
    assert [line.split("\t")[0] for line in output.splitlines()] == [
        "guangdong-2021-2025",
        "liuzhou-2021-2025",
        "national-2026-2030",
    ]
    assert "(provisional)" in output.splitlines()[2]
    assert (
        "principal_officer: injury-insurance-law, safety-rights-and-lessons"
        in coverall("plan", "show", "national-2026-2030")[1]
    )
    with pytest.raises(Problem, match="There is no plan atlantis"):
        coverall("plan", "show", "atlantis")

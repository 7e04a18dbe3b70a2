"""The house rules that no linter knows: sizes, what lies where, who may commit and read the clock, no foreign hosts."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
TOP_LEVEL = {
    *("app", "migrations", "courses", "static", "templates", "tests"),
    *("pyproject.toml", "Dockerfile", "compose.yaml", "README.md", "LICENSE", "dev.py"),
    *("requirements.lock", "requirements-dev.lock"),
}
OWN_FOLDERS = {"bench", "journeys", "kill", "support"}
"""Folders of tests that mirror nothing in app/."""
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml")
"""Addresses that are names: nothing is fetched from them."""
MADE = {".git", ".venv", ".cache", "__pycache__"}
PYTHON = sorted([*ROOT.glob("app/**/*.py"), *ROOT.glob("tests/**/*.py"), ROOT / "dev.py"])


def within(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def sources() -> list[Path]:
    """Give every file of the project: what set-up, runs and tools make (.gitignore) is left out."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in MADE and Path(folder, name) != ROOT / "data"]
        found += [Path(folder, name) for name in files]
    return sorted(found)


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Give each function's name and its length in lines."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_python_file_is_too_long() -> None:
    lengths = {within(file): len(file.read_text("utf-8").splitlines()) for file in PYTHON}
    assert lengths
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}


def test_no_function_is_too_long() -> None:
    lengths = {f"{within(file)}:{name}": lines for file in PYTHON for name, lines in functions(file)}
    assert lengths
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION}


def test_the_top_level_holds_what_it_should_and_no_more(sources: list[Path]) -> None:
    found = {file.relative_to(ROOT).parts[0] for file in sources}
    assert {name for name in found if not name.startswith(".")} == TOP_LEVEL


def test_every_test_folder_mirrors_the_app(sources: list[Path]) -> None:
    folders = {file.parent.relative_to(ROOT / "tests").parts[0] for file in sources if "tests" in file.parts[:-2]}
    packages = {path.name for path in (ROOT / "app").iterdir() if path.is_dir()}
    assert not folders - packages - OWN_FOLDERS


def test_only_one_module_commits_and_only_one_reads_the_clock() -> None:
    rules = {
        "app/ops/db.py": re.compile(r"\.commit\(\)"),
        "app/ops/clock.py": re.compile(r"\bdatetime\.now\(|\bdate\.today\(|\btime\.time\("),
    }
    for owner, pattern in rules.items():
        users = {within(file) for file in ROOT.glob("app/**/*.py") if pattern.search(file.read_text("utf-8"))}
        assert users <= {owner}


def test_every_domain_stands_under_the_domain_contracts() -> None:
    contracts = {each["id"]: each for each in configuration()["tool"]["importlinter"]["contracts"]}
    domains = {f"app.{file.parent.name}" for file in ROOT.glob("app/*/models.py")}
    assert domains == set(contracts["domain"]["containers"])
    assert domains <= set(contracts["domains-know-no-web"]["source_modules"])


def test_pages_and_their_files_name_no_foreign_host(sources: list[Path]) -> None:
    served = [file for file in sources if file.relative_to(ROOT).parts[0] in {"templates", "static", "courses"}]
    text = [file for file in served if file.suffix in {".html", ".svg", ".css", ".js", ".typ"}]
    assert text
    for file in text:
        addresses = re.findall(r"(?:https?:)?//[a-z0-9][a-z0-9.-]+\.[a-z]{2,}[^\s\"'<>)]*", file.read_text("utf-8"))
        assert not [address for address in addresses if address not in NAMESPACES], within(file)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_everything_by_hash_and_names_no_place(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith(" ")]
    hashes = [line for line in lines if line.startswith(" ")]
    assert pins
    assert not [line for line in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][a-z0-9.]*(?: ; [^;]+)? \\", line)]
    assert not [line for line in hashes if not re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}(?: \\)?", line)]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_what_the_project_asks_for(name: str) -> None:
    project = configuration()
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    asked += project["dependency-groups"]["dev"] if name == "requirements-dev.lock" else []
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text("utf-8"), re.MULTILINE))
    wanted = {re.split(r"[^A-Za-z0-9_.-]", line)[0].lower().replace("_", "-") for line in asked}
    assert wanted <= pinned


def test_no_file_mentions_this_machines_package_sources(sources: list[Path]) -> None:
    places = package_sources()
    for file in sources:
        content = file.read_bytes()
        assert not [place for place in places if place.encode() in content], within(file)


def package_sources() -> set[str]:
    """Give the places, other than the public index, that pip and uv are told to use on this machine."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    told = [line.partition("=")[2].strip("'\"") for line in listed.splitlines() if re.search(r"index|links", line)]
    told += [value for key, value in os.environ.items() if re.match(r"(PIP|UV)_.*(INDEX|LINKS)", key)]
    return {place for line in told for place in line.split() if "/" in place and "pypi.org" not in place}


def configuration() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

"""The command line shows what coverage would be under a draft, and publishes a plan from a file or a draft."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app import cli
from app.coverage import service as postings
from app.coverage.queries import runs
from app.identity.models import AuditEvent
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.ops.settings import ROOT, settings
from app.plans import drafts, queries
from app.plans import service as plan_service
from app.plans.drafts import KeepDraft
from app.plans.written import to_toml
from tests import world
from tests.support.databases import sqlite_copy

PLAN = "liuzhou-2021-2025"
ON = ("--on", "2025-06-30")


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    return sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def edited(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the plan's file with a course more for team leaders, beside a database with the world in it."""
    with database.session() as session:
        world.build(session)
        text = to_toml(queries.plan(session, PLAN))
    monkeypatch.setenv("COVERALL_DATABASE_URL", database_url)
    settings.cache_clear()
    file = tmp_path / f"{PLAN}.toml"
    file.write_text(text + '\n[[requirements]]\npost = "team_leader"\ncourses = ["safety-head"]\n', "utf-8")
    yield file
    settings.cache_clear()


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["plan", *args])
    if isinstance(result.exception, Problem):
        return 2, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout + ("" if "--json" in args else result.stderr)


def compared(file: Path, *args: str) -> dict[str, Any]:
    status, output = run("draft", str(file), "--json", *ON, *args)
    assert status == 0, output
    found: dict[str, Any] = json.loads(output)
    return found


def test_a_draft_is_compared_and_nothing_is_written(edited: Path, database: Database) -> None:
    found = compared(edited)
    assert found["compared_with"] == PLAN
    assert (found["now"]["required"], found["draft"]["required"]) == (4, 4)
    assert found["changes"][0]["after"] == ["safety-head"]
    course = next(line for line in found["courses"] if line["course"] == "safety-head")
    assert (course["required_now"], course["required_draft"]) == (0, 2)
    assert "newly missing: 0 posts, 0 people" in run("draft", str(edited), *ON)[1]
    with database.reading() as session:
        assert not drafts.listing(SYSTEM, session).rows


def test_a_new_plan_is_compared_with_the_one_named(edited: Path, tmp_path: Path) -> None:
    other = tmp_path / "liuzhou-2026-2030.toml"
    other.write_text(edited.read_text("utf-8"), "utf-8")
    assert compared(other)["now"]["required"] == 0
    assert compared(other, "--base", PLAN)["now"]["required"] == 4
    assert run("draft", str(other), "--base", "nothing-like-it")[0] == 2
    assert run("draft", str(other), "--region", "999999")[0] == 2
    assert run("draft", str(other), "--on", "tomorrow")[0] == 2


def test_a_file_with_faults_is_refused_with_all_of_them(edited: Path) -> None:
    edited.write_text(
        edited.read_text("utf-8").replace('"safety-head"', '"no-such"').replace("450200", "999999"), "utf-8"
    )
    status, output = run("draft", str(edited))
    assert status == 1
    assert output.count("no-such") >= 2
    assert run("draft", str(edited), "--keep")[0] == 1
    assert run("publish", str(edited), "--reason", "trial")[0] == 1


def test_a_file_is_published_only_after_it_was_compared(edited: Path, database: Database) -> None:
    status, output = run("publish", str(edited), "--reason", "trial", "--yes")
    assert status == 2
    assert f"coverall plan draft {edited} --keep" in output
    run("draft", str(edited), *ON)
    assert run("publish", str(edited), "--reason", "trial", "--yes")[0] == 2, "nothing was kept of that"
    status, output = run("draft", str(edited), "--keep", *ON)
    assert status == 0
    assert "kept as draft 1; to publish it: coverall plan publish 1" in output
    assert compared(edited, "--keep")["draft_id"] == 1, "the same file is the same draft"
    edited.write_text(edited.read_text("utf-8").replace("retention_years = 6", "retention_years = 7"), "utf-8")
    assert run("publish", str(edited), "--reason", "trial", "--yes")[0] == 2, "another file than was compared"
    assert run("publish", "1", "--reason", "trial", "--yes")[0] == 0
    with database.reading() as session:
        assert {"draft.upload", "draft.compare", "plan.publish"} <= set(session.scalars(select(AuditEvent.action)))


def test_a_draft_compared_with_a_plan_that_was_overtaken_is_compared_again_first(
    edited: Path, database: Database
) -> None:
    run("draft", str(edited), "--keep", *ON)
    with database.session() as session:
        at = postings.open_posting(session, datetime.now(UTC), "plan").recorded_at
        plan_service.publish(session, replace(queries.plan(session, PLAN), retention_years=8), at)
    for what in ("1", str(edited)):
        status, output = run("publish", what, "--reason", "trial", "--yes")
        assert status == 2
        assert "coverall plan draft 1" in output
    told = json.loads(run("draft", "1", "--json", *ON)[1])
    assert (told["draft_id"], told["compared_with"]) == (1, PLAN)
    assert run("publish", "1", "--reason", "trial", "--yes")[0] == 0
    assert run("draft", "1")[0] == 2, "it is closed"


def test_what_a_kept_comparison_says_is_what_it_says_without(edited: Path, database: Database) -> None:
    plain, kept = compared(edited), compared(edited, "--keep")
    assert plain | {"as_of": 0, "draft_id": 0} == kept | {"as_of": 0, "draft_id": 0}
    with database.reading() as session:
        (row,) = runs.runs(SYSTEM, session, 1)
    assert (row.kind, row.state, row.on.isoformat()) == ("compare", "done", ON[1])


def test_a_plan_is_shown_with_the_terms_of_its_posts_and_industries(edited: Path) -> None:
    text = edited.read_text("utf-8")
    text = text.replace('code = "safety_head"\n', 'code = "safety_head"\nto_on = 2025-01-01\n', 1)
    text = text.replace("[[industries]]\n", "[[industries]]\nfrom_on = 2024-07-01\n", 1)
    edited.write_text(text, "utf-8")
    assert run("draft", str(edited), "--keep")[0] == 0
    assert run("publish", str(edited), "--reason", "trial", "--yes")[0] == 0
    shown = run("show", PLAN)[1]
    assert "(safety_head) until 2025-01-01" in shown
    assert ") from 2024-07-01" in shown


def test_publishing_a_file_says_which_days_it_would_change_first(edited: Path, database: Database) -> None:
    run("draft", str(edited), "--keep")
    status, output = run("publish", str(edited), "--reason", "trial")
    assert status == 1
    assert "2021-01-01" in output
    assert run("publish", str(edited), "--reason", "the council decided", "--yes") == (0, f"{PLAN}: published.\n")
    assert run("publish", str(edited), "--reason", "again", "--yes")[1] == f"{PLAN}: this is what is known already.\n"
    assert compared(edited)["changes"] == []
    with database.reading() as session:
        assert drafts.published_codes(session) == {PLAN}
        assert drafts.listing(SYSTEM, session).rows[0].reason == "the council decided"


def test_publishing_a_draft_by_its_number(edited: Path, database: Database) -> None:
    with database.session() as session:
        plan = queries.plan(session, PLAN)
        kept = KeepDraft(plan, plan.id, "draft.toml", "450200", None, "Luo")
        draft_id = drafts.keep(session, kept, datetime.now(UTC))
    status, output = run("publish", str(draft_id), "--reason", "agreed")
    assert status == 2
    assert f"coverall plan draft {draft_id}" in output
    assert run("draft", str(draft_id))[0] == 0
    assert run("publish", str(draft_id), "--reason", "agreed")[0] == 0
    assert run("publish", str(draft_id), "--reason", "agreed")[0] == 2
    assert run("publish", "no-such-file.toml", "--reason", "agreed")[0] == 2


def test_loading_content_names_the_published_plans_that_it_leaves_alone(edited: Path) -> None:
    run("draft", str(edited), "--keep")
    run("publish", str(edited), "--reason", "the council decided", "--yes")
    result = CliRunner().invoke(cli.app, ["content", "load"])
    assert result.exit_code == 0, result.output
    assert (
        f"kept as published, though the file says otherwise (to replace: coverall plan publish): {PLAN}"
        in result.output
    )
    assert date(2025, 6, 30).isoformat() in run("draft", str(edited), *ON)[1]


def test_the_help_and_the_readme_say_what_the_days_of_a_plan_file_mean() -> None:
    assert "from_on until before its to_on" in " ".join(run("draft", "--help")[1].split())
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert (
        "`from_on`, the first day on which it counts, and `to_on`, the first day on which it no longer does" in readme
    )

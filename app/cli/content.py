"""Commands: check and load the content folder."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import OPERATOR, database
from app.kit.errors import Problem
from app.ops import clock
from app.ops.settings import settings
from app.workflows.load_content import load_content
from app.workflows.read_content import Content, read_content

Folder = Annotated[Path | None, typer.Argument(help="Content folder; default: COVERALL_CONTENT_DIR.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    content = typer.Typer(no_args_is_help=True, help="Courses, plans and key posts, kept as files.")
    content.command()(check)
    content.command()(load)
    app.add_typer(content, name="content")


def check(folder: Folder = None) -> None:
    """Check every course and plan; each error with its file and line, and exit code 1 when there is one."""
    content = _read(folder)
    counts = f"{len(content.courses)} courses, {len(content.plans)} plans, {len(content.facts)} facts"
    typer.echo(f"{counts}: no errors.")


def load(folder: Folder = None) -> None:
    """Load what was checked; only what changed is written, so that it can be repeated."""
    content = _read(folder)
    opened = database()
    with opened.session() as session:
        loaded = load_content(session, content, OPERATOR, clock.now())
    opened.close()
    for name, part in (("courses", loaded.courses), ("plans", loaded.plans)):
        typer.echo(f"{name}: {len(part.added)} added, {len(part.changed)} changed, {len(part.unchanged)} unchanged")
    if loaded.plans.kept:
        kept = ", ".join(loaded.plans.kept)
        typer.echo(f"kept as published, though the file says otherwise (to replace: coverall plan publish): {kept}")
    if loaded.courses.retakes:
        typer.echo(f"to be taken again: {', '.join(loaded.courses.retakes)}")


def _read(folder: Path | None) -> Content:
    """Read the folder, or print its errors and exit."""
    place = folder or settings().content_dir
    if not place.is_dir():
        raise Problem(422, "content_folder", "There is no folder %(folder)s.", {"folder": str(place)})
    content, errors = read_content(place)
    for error in errors:
        typer.echo(f"{place}/{error}")
    if errors:
        typer.echo(f"{len(errors)} errors.", err=True)
        raise typer.Exit(1)
    return content

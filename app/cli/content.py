"""Commands: begin a course, look at it while it is written, check, hand in for review, load."""

import re
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from app.catalogue.scaffold import new_course
from app.cli import items
from app.cli.context import OPERATOR, database
from app.kit.errors import Problem
from app.ops import clock
from app.ops.settings import settings
from app.workflows.load_content import load_content
from app.workflows.read_content import Content, read_content
from app.workflows.review_course import submit_courses

CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
Folder = Annotated[Path | None, typer.Argument(help="Content folder; default: COVERALL_CONTENT_DIR.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    content = typer.Typer(no_args_is_help=True, help="Courses, plans and key posts, kept as files.")
    content.command()(check)
    content.command()(load)
    content.command()(new)
    content.command()(preview)
    content.command()(submit)
    content.command("import-items")(items.take)
    content.command("export-items")(items.give)
    app.add_typer(content, name="content")
    app.command("regrade")(items.regrade)


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


def new(
    code: Annotated[str, typer.Argument(help="The course's code: lower-case letters, digits, hyphens.")],
    title: Annotated[str, typer.Option(help="Its title, in Chinese.")],
    folder: Folder = None,
) -> None:
    """Begin a course: a folder with every file that it needs, to be filled in."""
    if not CODE.fullmatch(code):
        raise Problem(422, "course_code", "%(code)s is not lower-case ASCII with hyphens.", {"code": code})
    place = (folder or settings().content_dir) / "catalogue" / code
    if place.exists():
        raise Problem(409, "course_exists", "%(folder)s exists already.", {"folder": str(place)})
    for name, text in new_course(code, title, clock.today()).items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    typer.echo(f"{place}: fill it in; `content preview {place}` shows it, `content check` says what is missing.")


def preview(
    course: Annotated[Path, typer.Argument(help="A course's folder.")],
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8001,
) -> None:
    """Show a course's folder as it will be read; the page follows every change of its files."""
    from app.web.authors.preview import preview as live  # noqa: PLC0415 - other commands start twice as fast without it

    place = course.resolve()
    if not (place / "course.toml").is_file():
        raise Problem(422, "course_folder", "There is no course.toml in %(folder)s.", {"folder": str(place)})
    beside = place.parent.parent
    content = beside if (beside / "facts.toml").is_file() else settings().content_dir
    typer.echo(f"http://127.0.0.1:{port}/")
    uvicorn.run(live(place, content), host="127.0.0.1", port=port, log_level="warning", access_log=False)


def submit(
    folder: Folder = None,
    course: Annotated[list[str] | None, typer.Option(help="Only this course; may be repeated.")] = None,
) -> None:
    """Hand in for review every course that differs from what is taught; a reviewer then approves or returns it."""
    content = _read(folder)
    unknown = set(course or ()) - {one.code for one in content.courses}
    if unknown:
        raise Problem(404, "course", "There is no course %(code)s.", {"code": ", ".join(sorted(unknown))})
    chosen = [one for one in content.courses if not course or one.code in course]
    opened = database()
    with opened.session() as session:
        handed = submit_courses(session, chosen, content.facts, OPERATOR, clock.now(), content.files)
    opened.close()
    for code, proposal in handed:
        typer.echo(f"{code}: waits for review, /authors/proposals/{proposal}")
    typer.echo(f"{len(handed)} handed in, {len(chosen) - len(handed)} as they are taught or wait already")


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

"""Commands: take questions of another program into a course's files, give them out, grade anew after a correction."""

from pathlib import Path
from typing import Annotated

import typer

from app.assessment.regrading import Regrade
from app.cli.context import OPERATOR, writing
from app.kit.errors import Problem
from app.ops import clock
from app.ops.settings import settings
from app.workflows.import_items import FORMATS, ImportItems, export_items, format_of, import_items
from app.workflows.read_content import read_content
from app.workflows.regrade_item import regrade_item

Folder = Annotated[Path | None, typer.Option("--dir", help="Content folder; default: COVERALL_CONTENT_DIR.")]


def take(
    file: Annotated[Path, typer.Argument(help="A file in GIFT, Aiken or Moodle XML.", exists=True, dir_okay=False)],
    course: Annotated[str, typer.Option(help="The course that the questions go into.")],
    topic: Annotated[str, typer.Option(help="One of its topics.")],
    fact: Annotated[str, typer.Option(help="The fact that the questions rest on; a module must teach it.")],
    difficulty: Annotated[int, typer.Option(min=1, max=3, help="1 easy, 2 medium, 3 hard.")] = 2,
    format: Annotated[str, typer.Option(help="gift, aiken or moodle; default: told by the file.")] = "",  # noqa: A002 - the option's name
    folder: Folder = None,
) -> None:
    """Write a bank file that passes content check; with any error nothing is written, and each is told by its line."""
    if format and format not in FORMATS:
        raise Problem(422, "format", "Unknown format %(format)s.", {"format": format})
    asked = ImportItems(file, format or format_of(file), course, topic, fact, difficulty)
    taken, errors = import_items(folder or settings().content_dir, asked)
    for error in errors:
        typer.echo(str(error))
    if taken is None:
        typer.echo(f"{len(errors)} errors; nothing was written.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{taken.count} items written: {taken.bank}")


def give(
    course: Annotated[str, typer.Argument(help="The course whose questions are given out.")],
    format: Annotated[str, typer.Option(help="gift is the only one.")] = "gift",  # noqa: A002 - the option's name
    out: Annotated[Path | None, typer.Option(help="File to write; default: standard output.")] = None,
    folder: Folder = None,
) -> None:
    """Give a course's questions as GIFT; what the format has no form for is named."""
    if format != "gift":
        raise Problem(422, "format", "Unknown format %(format)s.", {"format": format})
    content, _ = read_content(folder or settings().content_dir)
    found = next((one for one in content.courses if one.code == course), None)
    if found is None:
        raise Problem(422, "course", "There is no course %(course)s without errors.", {"course": course})
    given = export_items(found)
    if out is None:
        typer.echo(given.text, nl=False)
    else:
        out.write_text(given.text, "utf-8")
    if given.left_out:
        typer.echo(f"left out, GIFT has no form for cases: {', '.join(given.left_out)}", err=True)


def regrade(
    course: Annotated[str, typer.Argument(help="The course.")],
    item: Annotated[str, typer.Option(help="The item that was corrected in the newest version.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    void: Annotated[bool, typer.Option("--void", help="The item was bad: everybody has it right.")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Grade closed attempts anew in the candidates' favour; who passes by it gets the certificate."""
    with writing() as session:
        done = regrade_item(session, Regrade(course, item, reason, void), OPERATOR, clock.now())
    found = done.regraded
    typer.echo(f"{len(found.adjusted)} attempts adjusted, {len(done.award_ids)} certificates made")
    typer.echo(f"{found.unchanged} gain nothing, {found.incomparable} had other options, {found.still_open} still open")
    if found.incomparable:
        typer.echo("Attempts with other options cannot be compared; --void gives all their points.", err=True)
    if found.still_open:
        typer.echo(
            "Attempts that are still open are graded as they were drawn: repeat this once they are closed.", err=True
        )

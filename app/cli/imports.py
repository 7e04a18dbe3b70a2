"""Commands: import regions, enterprises, rosters and training records; write their templates."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import OPERATOR, reading, writing
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.i18n import LANGUAGES, N_
from app.ops.sheets import Sheet
from app.reports import sheets
from app.workflows import imports
from app.workflows.import_results import ImportResult, Options, reasons_by_row
from app.workflows.import_templates import template

SHOWN_ERRORS = 50
Kind = Annotated[str, typer.Argument(help="regions, enterprises, roster or records")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_file)
    app.command("template")(write_template)


def import_file(
    kind: Kind,
    file: Annotated[Path, typer.Argument(help=".xlsx, .xls or .csv; the first row holds the headers.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    full: Annotated[bool, typer.Option("--full", help="The roster is whole: who is absent ends.")] = False,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day the absent end; today.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="End more than a tenth of an enterprise's assignments.")] = False,
    errors: Annotated[Path | None, typer.Option(help="Write the refused rows with their reasons here (.xlsx).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts and reasons as JSON.")] = False,
    language: Annotated[str, typer.Option(help="Language of the reasons: zh or en.")] = "zh",
) -> None:
    """Import a file. Exit code 0: all rows went in; 1: some were refused; 2: the file could not be read."""
    if language not in LANGUAGES:
        raise Problem(422, "language", N_("Languages: zh, en."))
    options = Options(full, as_of.date() if as_of else None, yes)
    sheet = imports.read(kind, _bytes(file), options)
    result = _run(kind, sheet, options, dry_run=dry_run)
    if errors is not None:
        errors.write_bytes(sheets.returned(sheet, reasons_by_row(result, kind, language)))
    if as_json:
        typer.echo(json.dumps(result.as_json(language), ensure_ascii=False))
    else:
        _tell(result, language, dry_run=dry_run)
    raise typer.Exit(1 if result.refused or (result.unconfirmed and not dry_run) else 0)


def write_template(kind: Kind, file: Annotated[Path, typer.Argument(help="Where to write the .xlsx.")]) -> None:
    """Write the template of an import, with today's code lists."""
    with reading(make=True) as session:
        file.write_bytes(template(session, kind))


def _run(kind: str, sheet: Sheet, options: Options, *, dry_run: bool) -> ImportResult:
    now = clock.now()
    if dry_run:
        with reading(make=True) as session:
            return imports.preview(session, SYSTEM, kind, sheet, options, now)
    with writing(make=True) as session:
        return imports.run(session, SYSTEM, kind, sheet, options, OPERATOR, now)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        message = N_("The file cannot be opened: %(why)s.")
        raise Problem(422, "sheet_missing", message, {"why": error.strerror or type(error).__name__}) from error


def _tell(result: ImportResult, language: str, *, dry_run: bool) -> None:
    counts = result.as_json(language)
    names = ("rows", "added", "changed", "ended", "unchanged", "refused")
    typer.echo(("would be: " if dry_run else "") + ", ".join(f"{counts[name]} {name}" for name in names))
    listed = counts["errors"]
    for error in listed[:SHOWN_ERRORS]:
        typer.echo(f"row {error['row']} {error['field']}: {error['message']} [{error['code']}]", err=True)
    if len(listed) > SHOWN_ERRORS:
        typer.echo(f"and {len(listed) - SHOWN_ERRORS} more; --errors OUT.xlsx writes them all", err=True)

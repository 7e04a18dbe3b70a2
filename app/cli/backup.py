"""Commands: back the database up into one file, restore it from one."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import database
from app.kit.errors import Problem
from app.ops import backup as copies
from app.ops.i18n import N_
from app.ops.settings import settings


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)


def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")]) -> None:
    """Back the whole database up into one file; a server may go on running."""
    copies.backup(settings().url, file)
    typer.echo(f"{file}: {file.stat().st_size:,} bytes")


def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file that `backup` wrote.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Replace a database that holds data.")] = False,
) -> None:
    """Replace everything in the database by a backup, in one transaction; then restart servers and run `check`.

    The secret key must be the one of the backup's time: resident IDs are sealed with it.
    """
    target = database()
    full = copies.holds_data(target.engine)
    target.close()
    if full and not yes:
        message = N_("The database holds data, which would be replaced. Say --yes to do it.")
        raise Problem(409, "restore_full", message)
    copies.restore(settings().url, file)
    database().close()
    typer.echo("Restored. Restart running servers, then run `coverall check`.")

"""The command line `coverall`: serve, migrate, and what each area registers."""

import sys

import typer

from app.cli import (
    backup,
    content,
    coverage,
    demo,
    exports,
    imports,
    people,
    plans,
    rebuild,
    replays,
    serving,
    settlements,
    users,
    worker,
)
from app.kit.errors import Problem

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="工伤预防培训平台")
PARTS = (
    serving,
    worker,
    demo,
    backup,
    content,
    plans,
    coverage,
    rebuild,
    replays,
    settlements,
    exports,
    imports,
    people,
    users,
)
for part in PARTS:
    part.register(app)
NOT_FOUND = "Nothing of that number or name is recorded."
"""What a page says of itself when it does not exist, said of what a command names."""


def main() -> None:
    """Run a command; a Problem is one line on stderr and exit code 2."""
    try:
        app()
    except Problem as problem:
        typer.echo(NOT_FOUND if problem.code == "not_found" else str(problem), err=True)
        sys.exit(2)

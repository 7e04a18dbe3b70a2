"""Command: work an award out again from its evidence."""

from typing import Annotated

import typer

from app.awards import evidence
from app.cli.context import reading
from app.workflows.replay_award import replay_award


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


def replay(award: Annotated[str, typer.Argument(help="A certificate's number, or an award's id.")]) -> None:
    """Work an award out again from its evidence, and say each step; exit code 1 when one does not come out."""
    with reading() as session:
        found = replay_award(session, evidence.find(session, award))
    for step in found.steps:
        typer.echo(f"{'ok  ' if step.right else 'FAIL'} {step.message % step.details}")
    verdict = "comes out as recorded" if found.right else "cannot be worked out again"
    typer.echo(f"{found.award.number}: the award {verdict}.")
    if not found.right:
        raise typer.Exit(1)

"""The command that makes the whole ledger again from the facts."""

from time import monotonic
from typing import Annotated

import typer

from app.cli.context import OPERATOR, existing
from app.coverage import rebuild as ledger
from app.ops import clock
from app.ops.settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(rebuild)


def rebuild(
    *,
    processes: Annotated[int, typer.Option(min=0, help="Processes to work in (0: one for each processor).")] = 0,
) -> None:
    """Make all coverage figures again from the facts, as they were known at every instant; nothing is posted meanwhile.

    Readers see the old figures until it is done; stopped half way, they stay. Then run `coverall check`.
    """
    begun = monotonic()
    existing().close()

    def say(stage: str) -> None:
        typer.echo(f"{monotonic() - begun:7.1f} s  {stage}")

    counts = ledger.rebuild(settings().url, ledger.Rebuild(OPERATOR, clock.now(), processes), say)
    say(", ".join(f"{name} {count:,}" for name, count in counts.items()))

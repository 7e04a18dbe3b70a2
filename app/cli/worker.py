"""Command: worker."""

import asyncio

import typer

from app.cli.context import database
from app.ops import logging
from app.ops.db import Database
from app.ops.settings import settings
from app.workflows import daily, folding


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help="Do the night's work (moves, figures of the day, proof of all) in a process of its own.")(worker)


def worker() -> None:
    """Do what is left of today's work, then each night's (and fold, on PostgreSQL), until asked to stop."""
    settings().refuse_unsafe()
    logging.configure()
    opened = database()
    try:
        asyncio.run(_work(opened))
    finally:
        opened.close()


async def _work(opened: Database) -> None:
    await asyncio.gather(_nights(opened), folding.keep_folding(opened))


async def _nights(opened: Database) -> None:
    await daily.catch_up(opened)
    await daily.each_day(opened, daily.WORKER_AFTER)

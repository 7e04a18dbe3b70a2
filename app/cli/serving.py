"""Commands: serve, migrate."""

from typing import Annotated

import typer
import uvicorn

from app.cli.context import database
from app.ops.settings import settings
from app.ops.turns import CONNECTIONS


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(serve)
    app.command()(migrate)


def migrate() -> None:
    """Bring the database's schema up to date."""
    database().close()
    typer.echo("The schema is up to date.")


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes (more than one needs PostgreSQL).")] = 1,
) -> None:
    """Serve the platform."""
    settings().refuse_unsafe()
    opened = database()
    single, allowed = opened.is_sqlite, opened.most_connections()
    opened.close()
    if workers > 1 and single:
        message = "Several workers need PostgreSQL: set COVERALL_DATABASE_URL."
        raise typer.BadParameter(message)
    if allowed is not None and workers * CONNECTIONS > allowed:
        typer.echo(f"Up to {workers * CONNECTIONS} connections may be needed; max_connections is {allowed}.", err=True)
    listen(host, port, workers)


def listen(host: str, port: int, workers: int = 1) -> None:
    """Serve the database of the settings until the process is asked to stop."""
    uvicorn.run(
        "app.main:served",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
    )

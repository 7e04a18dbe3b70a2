"""Command: the sample region, made on the first start and served."""

import os
import socket
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from app.cli.context import SAMPLE
from app.cli.serving import listen
from app.kit.errors import Problem
from app.ops import clock
from app.ops.i18n import N_
from app.ops.settings import settings
from app.workflows.sample import store
from app.workflows.sample.calendar import BEGIN
from app.workflows.sample.cast import PASSWORD, SIGN_INS
from app.workflows.sample.store import Source

HOST = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(port: Annotated[int, typer.Option(help="Port to listen on, on this machine only.")] = 8000) -> None:
    """Serve the sample region; the first start makes it, which takes about a minute."""
    if settings().env == "production":
        raise Problem(409, "demo_production", N_("The sample has a published password: it is not for production."))
    _refuse_taken(port)
    file = settings().data_dir / SAMPLE
    if not store.is_current(file):
        typer.echo("Making the sample region: 600 enterprises, 12,000 people, five years (once, about a minute) ...")
        store.make(Source(settings().content_dir, file), clock.now(), Teller(clock.today()))
    os.environ["COVERALL_DATABASE_URL"] = f"sqlite:///{file}"
    settings.cache_clear()
    for line in _table(f"http://{HOST}:{port}"):
        typer.echo(line)
    listen(HOST, port)


def _refuse_taken(port: int) -> None:
    """Notice a port in use before the minute is spent, not after."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((HOST, port))
        except OSError as error:
            message = N_("Port %(port)s cannot be used: %(reason)s. Choose another one with --port.")
            raise Problem(409, "port", message, {"port": port, "reason": error.strerror}) from error


class Teller:
    """Says how far the making is, once a year of the story."""

    def __init__(self, today: date) -> None:
        """Begin before the first day."""
        self._whole = (today - BEGIN).days
        self._year = 0

    def __call__(self, day: date) -> None:
        """Hear of a day that is done."""
        if day.year != self._year:
            self._year = day.year
            typer.echo(f"  {day.year} ... {100 * (day - BEGIN).days // self._whole} %")


def _table(url: str) -> Iterator[str]:
    """Write the sign-ins, one for each role."""
    yield ""
    yield f"  {url}    all names and figures are invented"
    yield ""
    rows = [("角色", "姓名", "账号", "密码"), *((s.title, s.name, s.login, PASSWORD) for s in SIGN_INS)]
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    yield ""
    yield "  Ctrl+C ends it."


def _width(text: str) -> int:
    """Give the columns that a text takes on a terminal; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)

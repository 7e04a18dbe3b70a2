"""Command: write a list of any length to a file, as the bureau's pages export it: row by row, in little memory."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.catalogue import queries as catalogue
from app.cli.context import reading
from app.coverage.queries import Ask, EnterpriseFilter, EnterpriseRow, enterprises, parse_known_at
from app.coverage.queries.asking import Question, resolve
from app.coverage.queries.posts import PostFilter, every_post
from app.kit import paging
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_, translate
from app.ops.long_reads import sparing
from app.reports import coverage as report
from app.reports import people
from app.reports.exports import Table, Text, csv_chunks, workbook

AT_ONCE = 2000
"""Enterprises that are read at a time."""
OTHER_SHEETS = frozenset({"xls", "xlsm", "xlsb", "ods", "et", "json", "pdf"})
"""Endings of files that are something else than what can be written."""


class What(StrEnum):
    """What to export."""

    persons = "persons"
    enterprises = "enterprises"
    missing = "missing"


class Format(StrEnum):
    """How to write it."""

    csv = "csv"
    xlsx = "xlsx"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    what: What,
    file: Annotated[Path, typer.Argument(help="Where to write, .csv or .xlsx.")],
    *,
    plan: Annotated[str, typer.Option(help="Plan code.")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day (default: today, or the deadline once past).")
    ] = None,
    known_at: Annotated[str | None, typer.Option(help="As known at the end of a day, or at an instant.")] = None,
    region: Annotated[str | None, typer.Option(help="Region code.")] = None,
    key_enterprises: Annotated[
        bool, typer.Option("--key-enterprises", help="Designated key enterprises only.")
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        Format | None, typer.Option(help="How to write (default: as the file's name ends, else csv).")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the headers: zh or en.")] = "zh",
) -> None:
    """Write everybody's standing, the enterprises, or who is missing (resident IDs masked)."""
    chosen = _format(file, format)
    ask = Ask(
        plan_code=plan,
        on=on.date() if on else None,
        known_at=parse_known_at(known_at) if known_at else None,
        region=region,
        key_enterprises=key_enterprises,
    )
    with reading(known_at) as session, sparing(session):
        tables = _tables(session, what, ask, language)
        with file.open("wb") as out:
            for chunk in csv_chunks(tables) if chosen is Format.csv else workbook(tables):
                out.write(chunk)


def _format(file: Path, asked: Format | None) -> Format:
    """Give the format asked for, else that of the file's name; Problem 422 when they contradict each other."""
    ending = file.suffix.lower().removeprefix(".")
    named = next((known for known in Format if known.value == ending), None)
    if asked is None and named is None and ending in OTHER_SHEETS:
        message = N_("A file that ends in .%(ending)s cannot be written: name one that ends in .csv or .xlsx.")
        raise Problem(422, "export_ending", message, {"ending": ending})
    if asked is not None and asked is not named and (named is not None or ending in OTHER_SHEETS):
        message = N_(
            "The file ends in .%(ending)s, but --format says %(format)s: programs would not open it. "
            "Leave --format out, or name the file otherwise."
        )
        raise Problem(422, "export_format", message, {"ending": ending, "format": asked.value})
    return asked or named or Format.csv


def _tables(session: Session, what: What, ask: Ask, language: str) -> Iterable[Table]:
    today, now, _ = clock.today(), clock.now(), partial(translate, language)
    question = resolve(SYSTEM, session, ask, today, now)
    heading = _heading(question, ask, now, _)
    if what is What.enterprises:

        def read(after: str | None) -> paging.Page[EnterpriseRow]:
            return enterprises(SYSTEM, session, ask, EnterpriseFilter(), today, now, after=after, size=AT_ONCE)

        return (report.enterprise_table(paging.every(read), heading, _),)
    names = people.Names(question.names, catalogue.titles(session))
    if what is What.missing:
        rows = every_post(SYSTEM, session, question, PostFilter("missing"))
        return (people.missing_table(rows, names, heading, _),)
    return (people.posts_table(every_post(SYSTEM, session, question, PostFilter()), names, heading, _),)


def _heading(question: Question, ask: Ask, now: datetime, _: Text) -> report.Heading:
    return report.Heading(
        plan=question.plan,
        region=_(N_(", ")).join(question.names[top] for top in question.tops),
        on=question.on,
        forecast=question.forecast,
        known_at=question.known_at,
        key_enterprises=ask.key_enterprises,
        narrowed=(),
        made_at=now,
    )

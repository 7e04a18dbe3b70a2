"""Commands about coverage: ask for figures, and prove the ledger against the facts."""

import csv
import io
import json
from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from unicodedata import east_asian_width

import typer

from app.cli.context import existing, reading
from app.coverage import proof, queries
from app.coverage.queries import Answer, Ask
from app.kit.dates import iso_day
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import clock, logging
from app.ops.i18n import N_
from app.workflows import nightly_check


class By(StrEnum):
    """How to split an answer into rows."""

    region = "region"
    industry = "industry"
    post = "post"
    enterprise = "enterprise"


class Format(StrEnum):
    """How to print an answer."""

    table = "table"
    json = "json"
    csv = "csv"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("coverage", help="Coverage of a plan on a day: required, covered, ratio.")(coverage)
    app.command("check", help="Prove all figures against the facts; exit 1 when something does not follow.")(check)


def coverage(
    *,
    plan: Annotated[str, typer.Option(help="Plan code.")],
    on: Annotated[str | None, typer.Option(help="Day, YYYY-MM-DD (default: today, or the deadline once past).")] = None,
    known_at: Annotated[str | None, typer.Option(help="As known at the end of a day, or at an instant.")] = None,
    region: Annotated[str | None, typer.Option(help="Region code.")] = None,
    enterprise: Annotated[str | None, typer.Option(help="Unified social credit code.")] = None,
    by: Annotated[By | None, typer.Option(help="Split into rows.")] = None,
    key_enterprises: Annotated[
        bool, typer.Option("--key-enterprises", help="Designated key enterprises only.")
    ] = False,
    persons: Annotated[bool, typer.Option("--persons", help="Count distinct persons too.")] = False,
    format: Annotated[Format, typer.Option(help="How to print.")] = Format.table,  # noqa: A002 - the option's name
) -> None:
    """Print the coverage asked for."""
    ask = Ask(
        plan_code=plan,
        on=_day(on) if on else None,
        known_at=queries.parse_known_at(known_at) if known_at else None,
        region=region,
        enterprise=enterprise,
        by=by.value if by else None,
        key_enterprises=key_enterprises,
        persons=persons,
    )
    with reading(known_at) as session:
        answer = queries.coverage(SYSTEM, session, ask, clock.today(), clock.now())
    printers = {Format.json: _as_json, Format.csv: _as_csv, Format.table: _as_table}
    typer.echo(printers[format](answer))


def check(
    *,
    alarm: Annotated[bool, typer.Option("--alarm", help="Record the run, and raise an alarm on differences.")] = False,
) -> None:
    """Print what does not follow from the facts."""
    if alarm:
        _check_with_alarm()
        return
    count = 0
    with existing().reading() as session:
        for finding in proof.check(session):
            count += 1
            typer.echo(f"{finding.kind}: {finding.text}")
    typer.echo(f"{count} findings." if count else "All figures follow from the facts.")
    if count:
        raise typer.Exit(1)


def _check_with_alarm() -> None:
    """Do the same as the nightly work does: one at a time, recorded."""
    logging.configure()
    opened = existing()
    try:
        proven = nightly_check.prove(opened)
    finally:
        opened.close()
    if proven is None:
        raise Problem(409, "check_under_way", N_("Another check is under way. Wait for it, or look at its result."))
    for row in proven.rows:
        typer.echo(f"{row.kind}: {row.text}")
    typer.echo(f"{proven.count} findings." if proven.count else "All figures follow from the facts.")
    if proven.count:
        raise typer.Exit(1)


def _day(text: str) -> date:
    try:
        return iso_day(text)
    except ValueError:
        raise Problem(422, "day", N_("Write the day as YYYY-MM-DD.")) from None


def _as_json(answer: Answer) -> str:
    return json.dumps(answer.to_json(), ensure_ascii=False)


COLUMNS = ("key", "name", "required", "covered", "waived", "ratio", "status")


def _as_csv(answer: Answer) -> str:
    """Give the rows and their total as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for row in _rows(answer):
        writer.writerow(row)
    return out.getvalue().rstrip("\n")


def _as_table(answer: Answer) -> str:
    said = answer.to_json()
    forecast = " 预计" if answer.forecast else ""
    known = f", known at {said['known_at']}" if said["known_at"] else ""
    lines = [f"{answer.plan} on {said['on']}{forecast}{known}"]
    columns = [c for c in COLUMNS if c != "status" or any("status" in row for row in said["rows"])]
    cells = [columns, *([_cell(row.get(column)) for column in columns] for row in _rows(answer))]
    widths = [max(_width(row[position]) for row in cells) for position in range(len(columns))]
    lines += [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in cells
    ]
    persons = f"; {answer.persons} persons" if answer.persons is not None else ""
    statuses = ", ".join(f"{status} {count}" for status, count in said["enterprises"].items())
    declared = f"declared {said['declared']} of {answer.figures.enterprises} enterprises"
    lines.append(f"{declared}{persons}" + (f" ({statuses})" if statuses else ""))
    return "\n".join(line.rstrip() for line in lines)


def _rows(answer: Answer) -> list[dict[str, Any]]:
    said = answer.to_json()
    return [*said["rows"], {"key": "", "name": "合计"} | {name: said[name] for name in COLUMNS[2:6]}]


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.6f}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    """Give how many columns of a terminal a text takes: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)

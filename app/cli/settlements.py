"""Commands: settle figures, list settlements, export one, and verify a file of one."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import OPERATOR, is_there, reading, writing
from app.coverage.queries import settlements
from app.coverage.queries.settlements import Settled
from app.coverage.settlement_content import differences, row_json
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import clock, signing
from app.ops.db import Session
from app.ops.i18n import N_
from app.ops.settings import settings
from app.plans import queries as plans
from app.reports import settlement as report
from app.reports.exports import workbook
from app.reports.settlement_files import read
from app.reports.settlement_pdf import is_genuine, settlement_pdf
from app.reports.settlement_verdict import Verdict, judge
from app.workflows.settle import SettleFigures, settle_figures, supersede_settlement

DAY = ["%Y-%m-%d"]
SHOWN = 20
"""Changed cells that are listed."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="Settlements: figures frozen for a date.")
    group.command("list")(list_settlements)
    group.command("export")(export)
    group.command("verify")(verify)
    app.command("settle", help="Freeze a plan's figures for a day in a region, signed.")(settle)
    app.add_typer(group, name="settlement")


def settle(
    plan: Annotated[str, typer.Option(help="Plan code.")] = "",
    region: Annotated[str, typer.Option(help="Region code; everything below it is taken in.")] = "",
    on: Annotated[datetime | None, typer.Option(formats=DAY, help="Day (default: the deadline once past).")] = None,
    note: Annotated[str, typer.Option(help="Kept with the settlement.")] = "",
    supersede: Annotated[int | None, typer.Option(help="Settle this one anew; needs --reason.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is settled anew; it is kept.")] = "",
) -> None:
    """Settle, and print the settlement's number and the hash of its content."""
    now = clock.now()
    with writing() as session:
        if supersede is not None:
            standing = _settlement(session, supersede)
            settled = supersede_settlement(SYSTEM, session, standing.id, reason, OPERATOR, now)
        else:
            day = on.date() if on else min(clock.today(), plans.plan(session, plan).deadline)
            settled = settle_figures(SYSTEM, session, SettleFigures(plan, region, day, note), OPERATOR, now)
        typer.echo(_line(settlements.settlement(SYSTEM, session, settled)))


def list_settlements() -> None:
    """List the settlements, the newest first."""
    with reading() as session:
        for settled in settlements.every(SYSTEM, session):
            typer.echo(_line(settled))


def _line(settled: Settled) -> str:
    head, (required, covered, _) = settled.head, settled.whole
    state = "" if settled.superseded_by is None else f"\tsuperseded by {settled.superseded_by}"
    figures = f"{covered}/{required}"
    return f"{settled.id}\t{head.plan_code}\t{head.region}\t{head.on}\t{figures}\t{settled.seal.hash}{state}"


def export(number: int, file: Annotated[Path, typer.Argument(help=".xlsx, .json or .pdf")]) -> None:
    """Write a settlement to a file."""
    with reading() as session:
        settled = _settlement(session, number)
        address = f"{settings().base_url.rstrip('/')}/settlements/verify/{settled.seal.hash}"
        writers: dict[str, Callable[[], Iterable[bytes]]] = {
            ".xlsx": lambda: workbook(report.tables(settled, settlements.rows(session, number), address)),
            ".json": lambda: report.json_chunks(settled, settlements.rows(session, number)),
            ".pdf": lambda: (settlement_pdf(settled, settlements.parts(session, number), address),),
        }
        if file.suffix not in writers:
            raise Problem(422, "settlement_export", N_("Name a file that ends in .xlsx, .json or .pdf."))
        with file.open("wb") as opened:
            opened.writelines(writers[file.suffix]())


def _settlement(session: Session, number: int) -> Settled:
    try:
        return settlements.settlement(SYSTEM, session, number)
    except Problem as problem:
        if problem.status != 404:  # noqa: PLR2004 - HTTP: on a page it is the page that does not exist
            raise
        message = N_("There is no settlement %(number)s. `coverall settlement list` lists them.")
        raise Problem(404, "unknown_settlement", message, {"number": number}) from None


def verify(
    file: Annotated[
        Path | None, typer.Argument(help="An .xlsx, .json or .pdf file (default: all that is stored).")
    ] = None,
    key: Annotated[str, typer.Option(help="Public key, hexadecimal (default: this platform's).")] = "",
) -> None:
    """Compute hashes anew and check signatures; exit 1 when something is not what was signed."""
    if file is None:
        _verify_stored()
    elif file.suffix.lower() == ".pdf":
        _verify_paper(file, key)
    else:
        _verify_file(file, key)


def _verify_stored() -> None:
    wrong = 0
    with reading() as session:
        for settled in settlements.every(SYSTEM, session):
            public, signature = bytes.fromhex(settled.seal.public_key), bytes.fromhex(settled.seal.signature)
            whole = settlements.recomputed_hash(session, settled) == settled.seal.hash
            if not whole or not signing.verifies(public, signature, settlements.signed(settled)):
                wrong += 1
                typer.echo(f"{_line(settled)}\tNOT what was signed")
    typer.echo(f"{wrong} settlements are not what was signed." if wrong else "All settlements are what was signed.")
    if wrong:
        raise typer.Exit(1)


def _verify_paper(file: Path, given: str) -> None:
    """Check the signature of a PDF's bytes, with any of the keys that this platform has used."""
    pdf = file.read_bytes()
    if not any(is_genuine(pdf, public) for public in ([_digits(given)] if given else _known().values())):
        typer.echo("NOT what was signed.")
        raise typer.Exit(1)
    typer.echo(
        "Genuine: unaltered, byte for byte. Compare its figures with its public page, which knows what came later."
    )


def _verify_file(file: Path, key: str) -> None:
    verdict = judge(read(file), _key(file, key))
    typer.echo(f"{verdict.rows} rows; SHA-256 {verdict.computed}")
    if verdict.genuine:
        typer.echo(f"Genuine: signed with key {verdict.key_id}, unaltered.")
        return
    for line in _complaints(verdict):
        typer.echo(line)
    if not key and not verdict.intact:
        for line in _cells(file, verdict.stated):
            typer.echo(line)
    raise typer.Exit(1)


def _key(file: Path, given: str) -> bytes:
    if given:
        return _digits(given)
    return _known().get(str(read(file).seal.get("key_id")), signing.public_key())


def _digits(given: str) -> bytes:
    try:
        return bytes.fromhex(given)
    except ValueError:
        raise Problem(422, "public_key", N_("Give the public key as 64 hexadecimal digits.")) from None


def _known() -> dict[str, bytes]:
    """Give the public keys of this platform by id, the one in use among them."""
    current = signing.public_key()
    if not is_there():  # a file can be checked anywhere
        return {signing.key_id(current): current}
    with reading() as session:
        used = {found.id: bytes.fromhex(found.public_key) for found in settlements.keys(session)}
    return {**used, signing.key_id(current): current}


def _complaints(verdict: Verdict) -> Iterator[str]:
    if verdict.intact:
        yield "NOT what was signed: its figures are unaltered, but the file holds what was not settled."
    else:
        yield "NOT what was signed."
    if verdict.stated != verdict.computed:
        yield f"The file says SHA-256 {verdict.stated}: something in it was changed."
    if not verdict.signed:
        yield "The signature does not fit."
    yield from verdict.faults
    yield from islice(verdict.extras, SHOWN)
    if len(verdict.extras) > SHOWN:
        yield f"and {len(verdict.extras) - SHOWN} more of that"


def _cells(file: Path, stated: str) -> Iterator[str]:
    """Name the cells that differ from what is stored, when this platform has the settlement that the file names."""
    if not is_there():
        return
    with reading() as session:
        try:
            settled = settlements.by_hash(session, stated)
        except Problem:
            return
        stored = (row_json(row) for row in settlements.rows(session, settled.id))
        changed = (
            f"row {number}: {row['name']}: {name} is {said!r}, was {was!r}"
            for number, (row, now) in enumerate(zip(stored, read(file).rows, strict=False), start=1)
            for name, was, said in differences(row, now)
        )
        yield from islice(changed, SHOWN)

"""Commands: what coverage would be under a draft plan, and publishing a plan."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from heapq import nlargest
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.context import OPERATOR, database, existing
from app.coverage import drafting
from app.coverage.draft_sums import Line, Sums, tallies
from app.coverage.ledger import NOTHING, Tally, ratio
from app.kit.dates import SHANGHAI, day_or_none
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Database, Session
from app.organisations import regions
from app.plans.changes import Change, changes
from app.plans.queries import Plan
from app.workflows import publish_plan
from app.workflows.draft_plan import base_of, named, read, usual_day

SHOWN = 50
"""Enterprises that are named: those with the largest changes."""
Both = tuple[Tally, Tally]


@dataclass(frozen=True)
class Compared:
    """A draft beside the plan known now, for a region on a day."""

    plan: Plan
    base: Plan | None
    region: str
    on: date
    as_of: datetime | None
    changes: tuple[Change, ...]
    sums: Sums
    enterprises: tuple[Line, ...]


def draft(
    file: Annotated[Path, typer.Argument(help="A plan file.", exists=True, dir_okay=False)],
    code: Annotated[str, typer.Option("--plan", help="The plan it changes; default: named like the file.")] = "",
    base: Annotated[str, typer.Option(help="What a new plan is compared with.")] = "",
    region: Annotated[str, typer.Option(help="Whose coverage; default: the plan's first region.")] = "",
    on: Annotated[str, typer.Option(help="On which day; default: today, or the deadline once past.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Show what coverage would be under a draft plan beside the plan known now. Nothing is written."""
    opened = existing()
    try:
        with opened.reading() as session:
            found = _compared(session, _read(session, file, code), base, region, on)
            names = {row: known.name for row, known in regions.tree(session).rows.items()}
    finally:
        opened.close()
    said = _json(found)
    typer.echo(json.dumps(said, ensure_ascii=False) if as_json else "\n".join(_lines(found, names)))


def publish(
    what: Annotated[str, typer.Argument(help="A plan file, or the number of a draft that was uploaded.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the plan.", prompt=True)],
    code: Annotated[str, typer.Option("--plan", help="The plan a file changes; default: named like the file.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Also when figures of days already over change.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Publish a plan: known from now on, figures with it. `content load` leaves a published plan alone."""
    opened = database()
    try:
        typer.echo(_published(opened, what, reason, code, yes=yes))
    finally:
        opened.close()


def _published(opened: Database, what: str, reason: str, code: str, *, yes: bool) -> str:
    if what.isdigit():
        with opened.session() as session:
            plan = publish_plan.draft_of(session, int(what))
            _warn(session, plan, yes=yes)
            publish_plan.publish_draft(session, int(what), reason, OPERATOR, clock.now())
        return f"{plan.code}: published."
    file = Path(what)
    if not file.is_file():
        raise Problem(404, "no_plan_file", "There is no file %(file)s.", {"file": what})
    with opened.session() as session:
        plan = _read(session, file, code)
        _warn(session, plan, yes=yes)
        done = publish_plan.publish_file(session, plan, file.name, reason, OPERATOR, clock.now())
    return f"{plan.code}: published." if done else f"{plan.code}: this is what is known already."


def _warn(session: Session, plan: Plan, *, yes: bool) -> None:
    past = publish_plan.past_of(plan, publish_plan.current_of(session, plan), clock.today())
    if past and not yes:
        message = f"Figures of days already over would change: {past[0]} to {past[1]}. Say --yes if that is meant."
        typer.echo(message, err=True)
        raise typer.Exit(1)


def _read(session: Session, file: Path, code: str) -> Plan:
    """Read a plan file, or print its errors and exit."""
    plan, errors = read(session, named(file.name, code), file.read_bytes())
    for error in errors:
        typer.echo(str(error))
    if plan is None:
        typer.echo(f"{len(errors)} errors.", err=True)
        raise typer.Exit(1)
    return plan


def _compared(session: Session, plan: Plan, chosen: str, region: str, on: str) -> Compared:
    base = base_of(session, plan, chosen)
    if chosen and base is None:
        raise Problem(404, "unknown_plan", "There is no plan %(code)s.", {"code": chosen})
    place = region or plan.regions[0]
    if place not in regions.tree(session).rows:
        raise Problem(404, "unknown_region", "There is no region %(code)s.", {"code": place})
    day = day_or_none(on) or usual_day(plan, clock.today())
    asked = drafting.comparison(session, base, plan, place, day)
    sums, most = Sums(), list[Line]()
    for step in drafting.walk(session, asked, sums):
        most = nlargest(SHOWN, [*most, *step.changed], key=lambda line: (line.weight, -line.enterprise))
    sums.finish()
    as_of = drafting.known_until(session)
    return Compared(plan, base, place, day, as_of, changes(base, plan) if base else (), sums, tuple(most))


def _json(found: Compared) -> dict[str, Any]:
    cells = found.sums.figures
    names = ("required_now", "required_draft", "missing_now", "missing_draft", "newly_missing")
    return {
        "plan": found.plan.code,
        "compared_with": found.base.code if found.base else None,
        "region": found.region,
        "on": found.on.isoformat(),
        "as_of": found.as_of.astimezone(SHANGHAI).isoformat() if found.as_of else None,
        "changes": [_change(change) for change in found.changes],
        **_sides(_total(cells.values())),
        "totals": asdict(found.sums.totals),
        "by_region": _split(cells, 0),
        "by_industry": _split(cells, 1),
        "by_post": _split(cells, 2),
        "courses": [{"course": c, **dict(zip(names, n, strict=True))} for c, n in sorted(found.sums.courses.items())],
        "enterprises": [
            {"id": line.enterprise, "region": line.region, **_sides((line.tally_now, line.tally_then))}
            | {"status_now": line.now.status, "status_draft": line.then.status}
            for line in found.enterprises
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    said = {key: value for key, value in asdict(change).items() if value not in ("", None, ())}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in said.items()}


def _total(lines: Iterable[list[int]]) -> Both:
    now = then = NOTHING
    for numbers in lines:
        one, other = tallies(numbers)
        now, then = now.plus(one), then.plus(other)
    return now, then


def _split(cells: dict[tuple[str, str, str, bool], list[int]], by: int) -> list[dict[str, Any]]:
    keys = sorted({str(key[by]) for key in cells})
    return [{"key": k, **_sides(_total(n for key, n in cells.items() if key[by] == k))} for k in keys]


def _sides(both: Both) -> dict[str, Any]:
    return {
        side: {**tally._asdict(), "ratio": ratio(tally.required, tally.covered)}
        for side, tally in zip(("now", "draft"), both, strict=True)
    }


def _lines(found: Compared, names: dict[str, str]) -> list[str]:
    total, totals = _total(found.sums.figures.values()), found.sums.totals
    against = found.base.code if found.base else "nothing"
    lines = [f"{found.plan.code} beside {against}: {names.get(found.region, found.region)}, up to {found.on}"]
    lines += [f"  {_said(change)}" for change in found.changes]
    lines += [f"now    {_figure(total[0])}", f"draft  {_figure(total[1])}"]
    for word in ("newly_required", "no_longer_required", "newly_missing", "no_longer_missing"):
        people = getattr(totals, f"people_{word}")
        lines.append(f"{word.replace('_', ' ')}: {getattr(totals, word)} posts, {people} people")
    for row in _split(found.sums.figures, 0):
        now, then = (_figure(Tally(*list(row[side].values())[:3])) for side in ("now", "draft"))
        lines.append(f"{names.get(row['key'], row['key'])}\t{now}\t{then}")
    return lines


def _said(change: Change) -> str:
    about = " ".join(part for part in (change.kind, change.subject, change.industry) if part)
    moved = f": {', '.join(change.before) or '-'} -> {', '.join(change.after) or '-'}"
    return about + moved + (f" from {change.from_on}" if change.from_on else "")


def _figure(tally: Tally) -> str:
    share = ratio(tally.required, tally.covered)
    return f"{tally.covered}/{tally.required}" + ("" if share is None else f" {share:.6f}")

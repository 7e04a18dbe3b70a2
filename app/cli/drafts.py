"""Commands: what coverage would be under a draft plan, and publishing a plan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest
from pathlib import Path
from typing import Annotated

import typer

from app.cli.compared import Compared, as_json, as_lines
from app.cli.context import OPERATOR, database, existing
from app.coverage import drafting
from app.coverage.draft_sums import Line, Sums
from app.kit.dates import day_or_none
from app.kit.errors import Problem
from app.ops import clock, logging
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.organisations import regions
from app.plans import drafts
from app.plans.changes import changes
from app.plans.queries import Plan
from app.workflows import compare_here, publish_plan
from app.workflows.draft_plan import base_of, named, read, usual_day
from app.workflows.draft_work import Watch

SHOWN = 50
"""Enterprises that are named: those with the largest changes."""


@dataclass
class _Most:
    """The enterprises with the largest changes, of all that come by."""

    lines: list[Line] = field(default_factory=list)

    def take(self, changed: Sequence[Line]) -> None:
        self.lines = nlargest(SHOWN, [*self.lines, *changed], key=lambda line: (line.weight, -line.enterprise))


def draft(
    what: Annotated[str, typer.Argument(help="A plan file, or the number of a draft that is kept.")],
    code: Annotated[str, typer.Option("--plan", help="The plan it changes; default: named like the file.")] = "",
    base: Annotated[str, typer.Option(help="What a new plan is compared with.")] = "",
    region: Annotated[str, typer.Option(help="Whose coverage; default: the plan's first region.")] = "",
    on: Annotated[str, typer.Option(help="On which day; default: today, or the deadline once past.")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Keep it, so that it can be published.")] = False,  # noqa: FBT002 - a switch
    for_programs: Annotated[bool, typer.Option("--json", help="For programs.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Show what coverage would be under a draft plan beside the plan known now.

    In a plan file a post, an industry or a requirement counts from its from_on until before its to_on (README).
    Of a file nothing is written, unless it is to be kept; of a draft that is kept the comparison is.
    """
    logging.configure()
    opened = existing()
    try:
        if what.isdigit():
            found = _compared_kept(opened, int(what), region, on)
        else:
            found = _compared_file(opened, _file(what), (code, base, region, on), keep=keep)
        with opened.reading() as session:
            names = {row: known.name for row, known in regions.tree(session).rows.items()}
    finally:
        opened.close()
    typer.echo(json.dumps(as_json(found), ensure_ascii=False) if for_programs else "\n".join(as_lines(found, names)))


def publish(
    what: Annotated[str, typer.Argument(help="A plan file, or the number of a draft; compared before: plan draft.")],
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
    with opened.session() as session:
        if what.isdigit():
            draft_id = int(what)
        else:
            plan = _read(session, _file(what), code)
            if publish_plan.is_known(session, plan):
                return f"{plan.code}: this is what is known already."
            draft_id = _kept_as(session, plan, what)
        draft = publish_plan.draft_of(session, draft_id)
        publish_plan.refuse_uncompared(session, draft)
        _warn(session, draft.plan, yes=yes)
        publish_plan.publish_draft(session, draft_id, reason, OPERATOR, clock.now())
    return f"{draft.plan.code}: published."


def _kept_as(session: Session, plan: Plan, file: str) -> int:
    """Give the draft as which a file's plan was kept and compared; Problem 409 that names the command for it."""
    found = drafts.saying(session, plan)
    if found is None:
        message = N_(
            "What %(file)s says has not been compared with the current plan. Compare it first, and look at what would "
            "change: coverall plan draft %(file)s --keep"
        )
        raise Problem(409, "not_compared", message, {"file": file})
    return found


def _warn(session: Session, plan: Plan, *, yes: bool) -> None:
    past = publish_plan.past_of(plan, publish_plan.current_of(session, plan), clock.today())
    if past and not yes:
        message = f"Figures of days already over would change: {past[0]} to {past[1]}. Say --yes if that is meant."
        typer.echo(message, err=True)
        raise typer.Exit(1)


def _file(what: str) -> Path:
    file = Path(what)
    if not file.is_file():
        raise Problem(404, "no_plan_file", "There is no file %(file)s.", {"file": what})
    return file


def _read(session: Session, file: Path, code: str) -> Plan:
    """Read a plan file, or print its errors and exit."""
    plan, errors = read(session, named(file.name, code), file.read_bytes())
    for error in errors:
        typer.echo(str(error))
    if plan is None:
        typer.echo(f"{len(errors)} errors.", err=True)
        raise typer.Exit(1)
    return plan


def _compared_file(opened: Database, file: Path, wanted: tuple[str, str, str, str], *, keep: bool) -> Compared:
    code, chosen, region, on = wanted
    with opened.reading() as session:
        plan = _read(session, file, code)
        base = base_of(session, plan, chosen)
        if chosen and base is None:
            raise Problem(404, "unknown_plan", "There is no plan %(code)s.", {"code": chosen})
        place = _place(session, plan, region, on)
        if not keep:
            return _compared(session, plan, base, place)
    with opened.session() as session:
        draft_id = compare_here.kept(session, plan, base, file.name, OPERATOR, clock.now())
    return _compared_kept(opened, draft_id, region, on)


def _compared_kept(opened: Database, draft_id: int, region: str, on: str) -> Compared:
    with opened.reading() as session:
        draft = publish_plan.draft_of(session, draft_id)
        base = base_of(session, draft.plan, chosen_id=draft.base_plan_id)
        place = _place(session, draft.plan, region, on)
    most = _Most()
    watch = Watch(each=most.take)
    as_of = compare_here.compare(opened, draft_id, place, OPERATOR, watch)
    told = changes(base, draft.plan) if base else ()
    return Compared(draft.plan, base, *place, as_of, told, watch.sums, tuple(most.lines), draft_id)


def _compared(session: Session, plan: Plan, base: Plan | None, place: tuple[str, date]) -> Compared:
    """Compare without a trace."""
    sums, most = Sums(), _Most()
    for step in drafting.walk(session, drafting.comparison(session, base, plan, *place), sums):
        most.take(step.changed)
    sums.finish()
    told = changes(base, plan) if base else ()
    return Compared(plan, base, *place, drafting.known_until(session), told, sums, tuple(most.lines))


def _place(session: Session, plan: Plan, region: str, on: str) -> tuple[str, date]:
    """Give the region and the day that are asked about; Problem 404 or 422."""
    place = region or plan.regions[0]
    if place not in regions.tree(session).rows:
        raise Problem(404, "unknown_region", "There is no region %(code)s.", {"code": place})
    return place, day_or_none(on) or usual_day(plan, clock.today())

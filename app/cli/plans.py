"""Commands: list and show plans, as loaded, else as their files say; draft and publish one."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated

import typer

from app.catalogue import queries as catalogue
from app.cli import drafts
from app.cli.context import is_there, reading
from app.kit.errors import Problem
from app.ops import clock
from app.ops.settings import settings
from app.plans import queries
from app.plans.published import published
from app.plans.shapes import Plan
from app.workflows.read_content import read_content

Known = tuple[tuple[Plan, ...], Mapping[str, int | None]]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    plan = typer.Typer(no_args_is_help=True, help="Plans: who must be trained, in what, by when.")
    plan.command("list")(list_plans)
    plan.command("show")(show)
    plan.command("draft")(drafts.draft)
    plan.command("publish")(drafts.publish)
    app.add_typer(plan, name="plan")


def list_plans() -> None:
    """List the plans: code, first day, deadline, name."""
    for plan in _known()[0]:
        mark = " (provisional)" if plan.provisional else ""
        typer.echo(f"{plan.code}\t{plan.starts_on}\t{plan.deadline}\t{plan.name}{mark}")


def show(code: str, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:  # noqa: FBT002 - a switch
    """Show one plan."""
    plans, valid_months = _known()
    found = next((p for p in plans if p.code == code), None)
    if found is None:
        raise Problem(404, "plan", "There is no plan %(code)s.", {"code": code})
    if as_json:
        typer.echo(json.dumps(published(found, valid_months), ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(found)))


def _known() -> Known:
    """Give plans and the courses' periods of validity from the database; while it has no plan, from the files."""
    if is_there():
        with reading() as session:
            plans = queries.plans(session)
            months = {row.course_code: row.valid_months for row in catalogue.listing(session, clock.today())}
        if plans:
            return plans, months
    content, _ = read_content(settings().content_dir)
    return content.plans, {course.code: course.valid_months for course in content.courses}


def _lines(plan: Plan) -> list[str]:
    courses = [
        f"  {r.post}{f' in {r.industry}' if r.industry else ''}: {', '.join(r.courses)}{_term(r.from_on, r.to_on)}"
        for r in plan.requirements
    ]
    return [
        f"{plan.name}{' (provisional)' if plan.provisional else ''}",
        f"source: {plan.source}",
        f"note: {plan.note}",
        f"from {plan.starts_on} to {plan.deadline}, counting records from {plan.counts_from}",
        f"regions: {', '.join(plan.regions)}",
        f"posts: {', '.join(f'{p.name} ({p.code})' + _term(p.from_on, p.to_on) for p in plan.posts)}",
        f"industries: {', '.join(f'{i.name} ({i.code})' + _term(i.from_on, i.to_on) for i in plan.industries)}",
        "courses:",
        *courses,
    ]


def _term(from_on: date | None, to_on: date | None) -> str:
    """Say from when and until when something counts, the second day no longer; '' for always."""
    return (f" from {from_on}" if from_on else "") + (f" until {to_on}" if to_on else "")

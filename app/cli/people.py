"""Commands: correct a person, merge two, close an enterprise, confirm a roster, waive an assignment.

People are named by their resident ID or by `#` and their number, which leaves no ID in a shell's history.
"""

from datetime import date, datetime
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from app.cli.context import OPERATOR, writing
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.i18n import N_
from app.organisations import corrections, queries, roster
from app.plans import queries as plans
from app.workflows.close_enterprise import CloseEnterprise, close_enterprise
from app.workflows.confirm_roster import confirm_roster
from app.workflows.correct_person import CorrectPerson, correct_person
from app.workflows.merge_people import merge_people
from app.workflows.waive_assignment import WaiveAssignment, waive_assignment, withdraw_waiver

Who = Annotated[str, typer.Argument(help="Resident ID, or # and the person's number.")]
Uscc = Annotated[str, typer.Argument(help="Unified social credit code.")]
Reason = Annotated[str, typer.Option(help="Why; it is kept.")]
DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    person = typer.Typer(no_args_is_help=True, help="Correct and merge people.")
    person.command("correct")(correct)
    person.command("merge")(merge)
    enterprise = typer.Typer(no_args_is_help=True, help="Close enterprises, confirm rosters.")
    enterprise.command("close")(close)
    enterprise.command("confirm")(confirm)
    app.add_typer(person, name="person")
    app.add_typer(enterprise, name="enterprise")
    app.command("waive")(waive)
    app.command("unwaive")(unwaive)


def correct(
    who: Who,
    reason: Reason,
    name: Annotated[str, typer.Option(help="The right name.")] = "",
    resident_id: Annotated[str, typer.Option("--id", help="The right resident ID.")] = "",
) -> None:
    """Correct a name or a resident ID; an ID that is recorded already unites the two records."""
    with writing() as session:
        asked = CorrectPerson(_person(session, who), name, resident_id, reason)
        kept = correct_person(SYSTEM, session, asked, OPERATOR, clock.now())
    typer.echo(f"#{kept}")


def merge(who: Who, into: Who, reason: Reason) -> None:
    """Unite two records of one person; the second one stands from now on."""
    with writing() as session:
        kept = merge_people(
            SYSTEM, session, _person(session, who), _person(session, into), reason, OPERATOR, clock.now()
        )
    typer.echo(f"#{kept}")


def close(
    uscc: Uscc,
    reason: Reason,
    on: Annotated[datetime | None, typer.Option(formats=DAY, help="First day closed.")] = None,
    *,
    never: Annotated[bool, typer.Option("--never", help="It was never closed: take a closure back.")] = False,
) -> None:
    """Close an enterprise; its assignments stay."""
    if (on is None) != never:
        raise Problem(422, "closed_on", N_("Say --on DATE, or --never."))
    with writing() as session:
        enterprise = queries.enterprise_by_uscc(SYSTEM, session, uscc)
        asked = CloseEnterprise(enterprise.id, on.date() if on else None, reason)
        close_enterprise(SYSTEM, session, asked, OPERATOR, clock.now())


def confirm(uscc: Uscc) -> None:
    """Confirm an enterprise's roster as it stands today."""
    with writing() as session:
        enterprise = queries.enterprise_by_uscc(SYSTEM, session, uscc)
        heads = confirm_roster(SYSTEM, session, enterprise.id, OPERATOR, clock.now())
    typer.echo(f"{heads} people in post")


def waive(
    who: Who,
    enterprise: Annotated[str, typer.Option(help="Unified social credit code.")],
    post: Annotated[str, typer.Option(help="Name, code or alias.")],
    plan: Annotated[str, typer.Option(help="Plan code.")],
    from_on: Annotated[datetime, typer.Option("--from", formats=DAY, help="First day waived.")],
    reason: Reason,
    until: Annotated[datetime | None, typer.Option(formats=DAY, help="First day no longer waived.")] = None,
) -> None:
    """Let an assignment count as covered in a plan; prints the waiver's number."""
    now = clock.now()
    with writing() as session:
        held = _assignment(session, _person(session, who), enterprise, post, day_of(now))
        asked = WaiveAssignment(held, plan, from_on.date(), until.date() if until else None, reason)
        waiver = waive_assignment(SYSTEM, session, asked, OPERATOR, now)
    typer.echo(f"waiver {waiver}")


def unwaive(
    waiver: Annotated[int, typer.Argument(help="The waiver's number.")],
    reason: Reason,
    from_on: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="First day; all of it.")] = None,
) -> None:
    """Withdraw a waiver."""
    with writing() as session:
        since = from_on.date() if from_on else None
        withdraw_waiver(SYSTEM, session, waiver, since, reason, OPERATOR, clock.now())


def _person(session: Session, who: str) -> int:
    found = int(who[1:]) if who.startswith("#") and who[1:].isdigit() else corrections.owner_of(session, who)
    if found is None:
        raise Problem(404, "person", N_("Nobody is recorded under this ID number."))
    return queries.person(SYSTEM, session, found).id


def _assignment(session: Session, person_id: int, uscc: str, post: str, today: date) -> int:
    """Find the one assignment meant: the one in post today, else the latest."""
    wanted = plans.find_post(plans.posts(session), post)
    held = [
        row
        for row in roster.posts_of(SYSTEM, session, person_id)
        if row.uscc == uscc.upper() and wanted is not None and row.post == wanted.code
    ]
    now = [row for row in held if row.starts_on <= today and (row.ends_on is None or row.ends_on > today)]
    if not held:
        raise Problem(404, "assignment", N_("This person has no such post at this enterprise."))
    return (now or held)[0].assignment_id

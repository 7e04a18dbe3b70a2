"""Commands: staff accounts and API tokens."""

import secrets
from typing import Annotated

import typer

from app.access import service as access
from app.access.roles import PERMISSIONS
from app.cli.context import OPERATOR, database
from app.identity import service as identity
from app.kit.errors import Problem
from app.ops import clock
from app.ops.db import Session
from app.organisations import queries as organisations

Role = Annotated[str, typer.Option(help="One of: " + ", ".join(code for code in PERMISSIONS if code != "worker"))]
Region = Annotated[str | None, typer.Option(help="Region code, for bureau roles.")]
Enterprise = Annotated[str | None, typer.Option(help="Unified social credit code, for officers.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    user = typer.Typer(no_args_is_help=True, help="Staff accounts.")
    token = typer.Typer(no_args_is_help=True, help="Bearer tokens for the JSON API.")
    user.command("add")(add_user)
    token.command("add")(add_token)
    app.add_typer(user, name="user")
    app.add_typer(token, name="token")


def add_user(
    name: str,
    role: Role,
    region: Region = None,
    enterprise: Enterprise = None,
    phone: Annotated[str, typer.Option(help="Mobile number to sign in with.")] = "",
    login: Annotated[str | None, typer.Option(help="Login name; default: made from the role.")] = None,
) -> None:
    """Open a staff account and print its login name and activation code."""
    now = clock.now()
    with database().session() as session:
        chosen = login or (None if phone else f"{role.split('_')[-1]}-{secrets.token_hex(3)}")
        account_id = identity.open_staff_account(session, name, phone, now, chosen)
        access.grant(session, account_id, role, _region(session, region), _enterprise(session, enterprise), "cli", now)
        code = identity.issue_code(session, account_id, OPERATOR, now)
        identity.audit(session, OPERATOR, "user.add", "account", account_id, now, {"role": role})
    typer.echo(f"login: {chosen or phone}")
    typer.echo(f"activation code: {code}   (open /activation, valid for {identity.CODE_DAYS} days)")


def add_token(name: str, role: Role, region: Region = None, enterprise: Enterprise = None) -> None:
    """Make a bearer token and print it; it is shown once."""
    now = clock.now()
    with database().session() as session:
        place = _region(session, region), _enterprise(session, enterprise)
        token = access.make_token(session, name, role, *place, now)
        identity.audit(session, OPERATOR, "token.add", "api_token", name, now, {"role": role})
    typer.echo(token)


def _region(session: Session, code: str | None) -> str | None:
    if code is not None and organisations.region(session, code) is None:
        raise Problem(404, "region", "There is no region %(code)s. Import regions first.", {"code": code})
    return code


def _enterprise(session: Session, uscc: str | None) -> int | None:
    if uscc is None:
        return None
    found = organisations.enterprise_id(session, uscc)
    if found is None:
        raise Problem(404, "enterprise", "There is no enterprise %(uscc)s. Import it first.", {"uscc": uscc})
    return found

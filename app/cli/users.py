"""Commands: staff accounts and API tokens."""

import secrets
from datetime import datetime
from typing import Annotated

import typer

from app.access import queries
from app.access import service as access
from app.access.roles import PERMISSIONS
from app.cli.context import OPERATOR, database, reading, writing
from app.identity import service as identity
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
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
    token.command("list")(list_tokens)
    token.command("revoke")(revoke_token)
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


def list_tokens() -> None:
    """List the bearer tokens by number: whose figures each opens, and whether it still does."""
    with reading() as session:
        found = queries.tokens(session)
        places = {row.id: row for row in organisations.enterprises(SYSTEM, session, [_at(token) for token in found])}
    for token in found:
        place = token.region or (places[_at(token)].uscc if _at(token) in places else "-")
        until = f"revoked {_day(token.revoked_at)}" if token.revoked_at else "in force"
        typer.echo(f"{token.id}  {token.name}  {token.role}  {place}  made {_day(token.created_at)}  {until}")


def _at(token: queries.TokenRow) -> int:
    return token.enterprise_id or 0


def _day(instant: datetime) -> str:
    return day_of(instant).isoformat()


def revoke_token(number: Annotated[int, typer.Argument(help="As `coverall token list` gives it.")]) -> None:
    """Revoke a bearer token: from now on it opens nothing."""
    now = clock.now()
    with writing() as session:
        name = access.revoke_token(session, number, now)
        identity.audit(session, OPERATOR, "token.revoke", "api_token", name, now)
    typer.echo(f"revoked: {name}")


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

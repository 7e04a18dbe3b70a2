"""One staff account: its roles, a new code for it, its closure."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.access import queries
from app.access.queries import StaffRow
from app.access.scope import Viewer
from app.kit.errors import Problem, not_found
from app.ops import clock
from app.ops.db import Session
from app.web.admin.shapes import Administrator, Id, Places, Text, code_page, places, region_choices
from app.web.admin.words import DUTIES, ROLES, STATES
from app.web.deps import actor
from app.web.pages import in_words, render, see_other
from app.web.transactions import Base, Reading, Writing
from app.workflows import staff_accounts as workflow
from app.workflows.staff_accounts import RoleWanted

router = APIRouter()


@dataclass(frozen=True)
class AccountPage:
    """One account. `own` is the viewer's: it can neither be closed nor recoded here."""

    account: StaffRow
    places: Places
    own: bool
    roles: dict[str, str]
    duties: dict[str, str]
    states: dict[str, str]
    regions: tuple[tuple[str, str], ...]
    given: RoleWanted
    error: str = ""


@router.api_route("/admin/accounts/{account_id}", methods=["GET", "HEAD"])
def account(request: Request, viewer: Administrator, session: Reading, account_id: Id) -> Response:
    """Show one account."""
    return render(request, "admin/account.html", _account_page(session, viewer, account_id), viewer)


@router.post("/admin/accounts/{account_id}/codes")
def issue_code(request: Request, viewer: Administrator, session: Writing, account_id: Id) -> Response:
    """Hand out a new code, shown this once; the password and all sessions of the account end."""
    issued = workflow.issue_code(session, account_id, actor(request, viewer), clock.now())
    return render(request, "admin/code.html", code_page(request, session, issued), viewer)


@router.post("/admin/accounts/{account_id}/closure")
def close_account(request: Request, viewer: Administrator, session: Writing, account_id: Id) -> Response:
    """Close an account for good."""
    workflow.close_account(session, account_id, actor(request, viewer), clock.now())
    return see_other(f"/admin/accounts/{account_id}")


@router.post("/admin/accounts/{account_id}/roles")
def give_role(
    request: Request,
    viewer: Administrator,
    database: Base,
    account_id: Id,
    role: Text = "",
    region: Text = "",
    uscc: Text = "",
) -> Response:
    """Give an account one more role."""
    wanted = RoleWanted(role, region, uscc)
    try:
        with database.session() as session:
            workflow.give_role(session, account_id, wanted, actor(request, viewer), clock.now())
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - HTTP: what was filled in is wrong
            raise
        with database.reading() as session:
            page = _account_page(session, viewer, account_id, wanted, in_words(request, viewer, problem))
        return render(request, "admin/account.html", page, viewer, problem.status)
    return see_other(f"/admin/accounts/{account_id}")


@router.post("/admin/accounts/{account_id}/roles/{grant_id}/revocation")
def take_role(request: Request, viewer: Administrator, session: Writing, account_id: Id, grant_id: Id) -> Response:
    """Take a role away."""
    workflow.take_role(session, account_id, grant_id, actor(request, viewer), clock.now())
    return see_other(f"/admin/accounts/{account_id}")


def _account_page(
    session: Session, viewer: Viewer, account_id: int, given: RoleWanted | None = None, error: str = ""
) -> AccountPage:
    found = queries.staff_account(session, account_id, clock.now())
    if found is None:
        raise not_found()
    return AccountPage(
        account=found,
        places=places(session, (found,)),
        own=found.id == viewer.account_id,
        roles=ROLES,
        duties=DUTIES,
        states=STATES,
        regions=region_choices(session),
        given=given or RoleWanted("officer"),
        error=error,
    )

"""Staff accounts: the list, and a new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.access import queries
from app.access.queries import StaffFilter, StaffRow
from app.kit.errors import Problem, not_found
from app.ops import clock
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.reports.exports import Column, Table
from app.web.admin.shapes import Administrator, Key, Places, Text, code_page, places, region_choices
from app.web.admin.words import DUTIES, ROLES, STATES, Say
from app.web.deps import actor
from app.web.downloads import attachment, chunks
from app.web.pages import in_words, render, speech
from app.web.transactions import Base, Reading
from app.web.written import moment
from app.workflows import staff_accounts as workflow
from app.workflows.staff_accounts import NewStaff, RoleWanted

router = APIRouter()
EXPORTED_AT_ONCE = 500
WIDTHS = (16, 24, 40, 14, 18, 18)


@dataclass(frozen=True)
class AccountsPage:
    """A page of the list; `searched` when it answers a search, which is not in the URL."""

    rows: tuple[StaffRow, ...]
    places: Places
    chosen: StaffFilter
    roles: dict[str, str]
    states: dict[str, str]
    query: str
    first: bool
    next: str


@dataclass(frozen=True)
class NewAccountPage:
    """The form for a new account, as filled in so far."""

    given: NewStaff
    roles: dict[str, str]
    duties: dict[str, str]
    regions: tuple[tuple[str, str], ...]
    error: str = ""


@router.api_route("/admin/accounts", methods=["GET", "HEAD"])
def accounts(
    request: Request, viewer: Administrator, session: Reading, role: str = "", state: str = "", after: Key = None
) -> Response:
    """List the staff accounts, by role and state."""
    chosen = StaffFilter(role if role in ROLES else "", state if state in STATES else "")
    return render(request, "admin/accounts.html", _accounts_page(session, chosen, after), viewer)


@router.api_route("/admin/accounts.{kind}", methods=["GET", "HEAD"])
def export(
    request: Request, viewer: Administrator, database: Base, kind: str, role: str = "", state: str = ""
) -> Response:
    """Give the list as .xlsx or .csv; phone numbers stay masked."""
    if kind not in {"csv", "xlsx"}:
        raise not_found()
    say = speech(request, viewer)
    titles = N_("Name"), N_("Signs in with"), N_("Role"), N_("State"), N_("Opened"), N_("Last seen")
    columns = tuple(Column(say(title), width=width) for title, width in zip(titles, WIDTHS, strict=True))
    table = Table(say(N_("Accounts")), columns, _cells(database, StaffFilter(role, state), say))
    return attachment(f"{say(N_('Accounts'))}.{kind}", chunks(kind, (table,)))


@router.post("/admin/accounts/search")
def search(request: Request, viewer: Administrator, session: Reading, text: Text = "") -> Response:
    """List the accounts that a name, a login name or a phone number fits; names do not go into the URL."""
    page = _accounts_page(session, StaffFilter(text=text.strip()), None)
    return render(request, "admin/accounts.html", page, viewer)


@router.api_route("/admin/accounts/new", methods=["GET", "HEAD"])
def show_new(request: Request, viewer: Administrator, session: Reading) -> Response:
    """Show the form for a new account."""
    page = NewAccountPage(NewStaff("", "", "", RoleWanted("officer")), ROLES, DUTIES, region_choices(session))
    return render(request, "admin/new.html", page, viewer)


@router.post("/admin/accounts")
def open_account(
    request: Request,
    viewer: Administrator,
    database: Base,
    name: Text = "",
    phone: Text = "",
    login: Text = "",
    role: Text = "",
    region: Text = "",
    uscc: Text = "",
) -> Response:
    """Open an account and show its activation code, this once."""
    given = NewStaff(name, phone, login, RoleWanted(role, region, uscc))
    try:
        with database.session() as session:
            issued = workflow.open_account(session, given, actor(request, viewer), clock.now())
            page = code_page(request, session, issued)
    except Problem as problem:
        with database.reading() as session:
            form = NewAccountPage(given, ROLES, DUTIES, region_choices(session), in_words(request, viewer, problem))
        return render(request, "admin/new.html", form, viewer, problem.status)
    return render(request, "admin/code.html", page, viewer)


def _accounts_page(session: Session, chosen: StaffFilter, after: int | None) -> AccountsPage:
    found = queries.staff(session, chosen, after, clock.now())
    asked = {"role": chosen.role, "state": chosen.state}
    query = urlencode({name: value for name, value in asked.items() if value})
    following = urlencode([*((name, value) for name, value in asked.items() if value), ("after", found.after or "")])
    return AccountsPage(
        rows=found.rows,
        places=places(session, found.rows),
        chosen=chosen,
        roles=ROLES,
        states=STATES,
        query=f"?{query}" if query else "",
        first=after is None,
        next=f"/admin/accounts?{following}" if found.after and not chosen.text else "",
    )


def _cells(database: Database, chosen: StaffFilter, say: Say) -> Iterator[tuple[str, ...]]:
    """Give a line per account, page after page."""
    after: int | None = None
    with database.reading() as session:
        while True:
            found = queries.staff(session, chosen, after, clock.now(), EXPORTED_AT_ONCE)
            known = places(session, found.rows)
            for row in found.rows:
                signs_in = " ".join(text for text in (row.login, row.phone) if text)
                held = "; ".join(
                    f"{say(ROLES[one.role])} {known.of(one.region, one.enterprise_id)}".strip() for one in row.roles
                )
                yield row.name, signs_in, held, say(STATES[row.state]), moment(row.created_at), moment(row.seen_at)
            if found.after is None:
                return
            after = int(found.after)

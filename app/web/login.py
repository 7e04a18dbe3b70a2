"""Sign in, activation, sign out, language, one's own password and sessions, and the way home by role."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.identity import queries, service
from app.identity.queries import SessionRow
from app.kit.errors import Problem, not_found
from app.ops import clock
from app.ops.i18n import LANGUAGES
from app.ops.settings import settings
from app.web.deps import LONGEST_PLACE, Guard, actor, address, check_anonymous, cookie_name, own_place, viewer_or_none
from app.web.pages import LANGUAGE_COOKIE, in_words, render, see_other
from app.web.transactions import Base, Reading, Writing
from app.workflows import sign_in as workflow

router = APIRouter()
Anyone = Annotated[Viewer, Depends(Guard(roles.OWN))]


@dataclass(frozen=True)
class SignInPage:
    """The sign-in form; `error` is already in the reader's language."""

    next: str
    error: str = ""


@dataclass(frozen=True)
class ActivationPage:
    """The activation form; `next`: where to go once it was taken."""

    next: str
    error: str = ""


@dataclass(frozen=True)
class AccountPage:
    """One's own account: the browsers it is signed in on."""

    sessions: tuple[SessionRow, ...]
    error: str = ""
    changed: bool = False


@router.api_route("/", methods=["GET", "HEAD"])
def home(request: Request) -> Response:
    """Lead everybody to where their work is."""
    viewer = viewer_or_none(request)
    if viewer is None:
        return see_other("/sign-in")
    return see_other(home_of(viewer))


def home_of(viewer: Viewer) -> str:
    """Give the address where a viewer's work starts."""
    if viewer.home_region is not None:
        return "/coverage"
    if viewer.home_enterprise is not None:
        return f"/enterprises/{viewer.home_enterprise}"
    if viewer.may(roles.CONTENT_READ):
        return "/authors"
    if "administrator" in viewer.roles:
        return "/admin/accounts"
    return "/learning"


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def show_sign_in(request: Request, next: str = "") -> Response:  # noqa: A002 - the query's name
    """Show the sign-in form."""
    return render(request, "login/sign_in.html", SignInPage(own_place(next)))


@router.post("/sign-in", dependencies=[Depends(check_anonymous)])
def sign_in(
    request: Request,
    database: Base,
    identifier: Annotated[str, Form(max_length=60)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=LONGEST_PLACE)] = "",  # noqa: A002 - the form's name
) -> Response:
    """Sign in, and go where one wanted to."""
    command = workflow.SignIn(identifier, password, address(request), request.headers.get("user-agent", ""))
    try:
        token = workflow.sign_in(database, command, clock.now())
    except Problem as problem:
        page = SignInPage(own_place(next), in_words(request, None, problem))
        return render(request, "login/sign_in.html", page, status=problem.status)
    return _signed_in(see_other(own_place(next) or "/"), token)


@router.api_route("/activation", methods=["GET", "HEAD"])
def show_activation(request: Request, next: str = "") -> Response:  # noqa: A002 - the query's name
    """Show the activation form; the code is typed or pasted, or read from the slip's fragment by activation.js."""
    return render(request, "login/activation.html", ActivationPage(own_place(next)))


@router.post("/activation", dependencies=[Depends(check_anonymous)])
def activate(
    request: Request,
    database: Base,
    code: Annotated[str, Form(max_length=60)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=LONGEST_PLACE)] = "",  # noqa: A002 - the form's name
) -> Response:
    """Use the code, set the password, sign in."""
    device = request.headers.get("user-agent", "")
    try:
        token = workflow.activate(database, code, password, address(request), device, clock.now())
    except Problem as problem:
        page = ActivationPage(own_place(next), in_words(request, None, problem))
        return render(request, "login/activation.html", page, status=problem.status)
    return _signed_in(see_other(own_place(next) or "/"), token)


@router.post("/sign-out")
def sign_out(request: Request, viewer: Anyone, session: Writing) -> Response:
    """Sign this browser out."""
    if viewer.session_id is not None:
        service.end_session(session, viewer.session_id, clock.now())
        service.audit(session, actor(request, viewer), "sign_out", "account", viewer.account_id, clock.now())
    response = see_other("/sign-in")
    response.delete_cookie(cookie_name())
    return response


@router.post("/account/sign-out-everywhere")
def sign_out_everywhere(request: Request, viewer: Anyone, session: Writing) -> Response:
    """Sign out on every device."""
    if viewer.account_id is None:
        raise not_found()
    service.end_sessions(session, viewer.account_id, clock.now())
    service.audit(session, actor(request, viewer), "sign_out.everywhere", "account", viewer.account_id, clock.now())
    response = see_other("/sign-in")
    response.delete_cookie(cookie_name())
    return response


@router.api_route("/account", methods=["GET", "HEAD"])
def account(request: Request, viewer: Anyone, session: Reading) -> Response:
    """Show one's own account: sessions, password."""
    return render(request, "login/account.html", _account_page(viewer, session), viewer)


@router.post("/account/password")
def change_password(
    request: Request,
    viewer: Anyone,
    database: Base,
    old: Annotated[str, Form(max_length=200)] = "",
    new: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Change one's own password; every session ends, this one is opened anew."""
    try:
        workflow.change_password(database, viewer, old, new, clock.now())
    except Problem as problem:
        with database.reading() as session:
            page = _account_page(viewer, session, in_words(request, viewer, problem))
        return render(request, "login/account.html", page, viewer, problem.status)
    with database.session() as session:
        device = request.headers.get("user-agent", "")
        token = service.start_session(session, viewer.account_id or 0, device, clock.now())
    return _signed_in(see_other("/account"), token)


@router.post("/language")
def choose_language(
    request: Request,
    database: Base,
    language: Annotated[str, Form(max_length=8)] = "zh",
    back: Annotated[str, Form(max_length=LONGEST_PLACE)] = "/",
) -> Response:
    """Switch the language; harmless, so no token is asked of those who are not signed in."""
    chosen = language if language in LANGUAGES else "zh"
    viewer = viewer_or_none(request)
    if viewer is not None and viewer.account_id is not None:
        with database.session() as session:
            service.choose_language(session, viewer.account_id, chosen)
    response = see_other(own_place(back) or "/")
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def _account_page(viewer: Viewer, session: Reading, error: str = "") -> AccountPage:
    return AccountPage(queries.sessions_of(session, viewer.account_id or 0, clock.now()), error)


def _signed_in(response: Response, token: str) -> Response:
    response.set_cookie(cookie_name(), token, httponly=True, samesite="lax", secure=settings().secure, path="/")
    return response

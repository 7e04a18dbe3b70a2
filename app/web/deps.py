"""What routes ask of a request: who looks, whether they may, where from and where to.

`Guard` stands on every route that is not public (tests/web/test_routes.py walks them all). It signs in from the
cookie, checks the CSRF token of unsafe methods and the role's permission; scope is checked by the queries.
"""

import re
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from app.access.scope import Viewer
from app.identity import service as identity
from app.identity.queries import SessionRow
from app.identity.service import Actor
from app.kit.errors import Problem, forbidden
from app.ops import clock
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.ops.secrets import keyed_hash, same
from app.ops.settings import settings
from app.web.transactions import database
from app.workflows import viewers

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_PLACE = re.compile(r"/(?:(?![/\\])[!-\[\]-~]+)?")
"""A path, with its query, as a browser sends it: printable ASCII only, no backslash, no second slash at the start."""
LONGEST_PLACE = 1000
"""Characters of an address that is kept to come back to."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
ANONYMOUS_COOKIE = "coverall_form"


def cookie_name() -> str:
    """Name the session cookie: host-bound when served over https."""
    return "__Host-coverall" if settings().secure else "coverall"


def own_place(place: str) -> str:
    """Keep a path of this site with its query, drop what could lead elsewhere: browsers skip tabs, turn backslashes."""
    return place if len(place) <= LONGEST_PLACE and OWN_PLACE.fullmatch(place) else ""


def place_of(request: Request) -> str:
    """Give where a request went, query and all, to come back to; without the query when that is no address to keep.

    An address holds ids and codes only, so whatever repeats it tells no more than it did.
    """
    path, query = request.url.path, request.url.query
    return own_place(f"{path}?{query}" if query else path) or own_place(path)


class SignInNeeded(Exception):  # noqa: N818 - a redirect, not an error
    """Nobody is signed in: go to the sign-in page and come back."""

    def __init__(self, back_to: str) -> None:
        """Remember where to come back to (a path of this site, with its query)."""
        self.location = "/sign-in?next=" + quote(back_to, safe="/") if back_to not in ("", "/") else "/sign-in"
        super().__init__(self.location)


async def sent_csrf(request: Request) -> str:
    """Read the CSRF token that came with an unsafe request: header first, then the form."""
    if request.method in SAFE:
        return ""
    header = request.headers.get("x-csrf-token")
    if header:
        return header
    if request.headers.get("content-type", "").startswith(FORMS):
        value = (await request.form()).get("csrf")
        return value if isinstance(value, str) else ""
    return ""


SignedIn = tuple[Viewer, SessionRow]
"""Who looks, and the session of their browser."""


def viewer_or_none(request: Request) -> Viewer | None:
    """Give who looks, from the cookie."""
    with database(request).reading() as session:
        found = signed_in(request, session, None, clock.now())
    return found[0] if found else None


def signed_in(request: Request, session: Session, permission: str | None, now: datetime) -> SignedIn | None:
    """Find who looks, with the reach of a permission, and their session, from the cookie."""
    token = request.cookies.get(cookie_name())
    found = viewers.by_session(session, token, now, permission) if token else None
    if found is not None:
        request.state.viewer = found[0]
    return found


def idle(live: SessionRow, now: datetime) -> bool:
    """Say whether a session is to be slid forward: it is, every few minutes."""
    return now - live.seen_at > identity.SEEN_EVERY


class Guard:
    """Lets a signed-in viewer with a permission through, and gives the viewer."""

    def __init__(self, permission: str) -> None:
        """Name the permission of access/roles.py that the route needs."""
        self.permission = permission

    async def __call__(self, request: Request, csrf: Annotated[str, Depends(sent_csrf)]) -> Viewer:
        """Check session, CSRF token and permission."""
        now = clock.now()
        found = await run_in_threadpool(self._look, request, now) if request.cookies.get(cookie_name()) else None
        if found is not None and idle(found[1], now):
            await touch(database(request), found[1], now)
        return self.admitted(request, csrf, found)[0]

    def _look(self, request: Request, now: datetime) -> SignedIn | None:
        with database(request).reading() as session:
            return signed_in(request, session, self.permission, now)

    def admitted(self, request: Request, csrf: str, found: SignedIn | None) -> SignedIn:
        """Refuse who is not signed in, a foreign or forged request, and who lacks the permission."""
        if found is None:
            if request.method in SAFE and "text/html" in request.headers.get("accept", ""):
                raise SignInNeeded(place_of(request))
            raise Problem(401, "sign_in_needed", N_("Please sign in first."))
        if request.method not in SAFE:
            refuse_foreign(request)
            if not same(csrf, found[0].csrf):
                raise stale_form()
        if not found[0].may(self.permission):
            raise forbidden()
        return found


async def touch(base: Database, live: SessionRow, now: datetime) -> None:
    """Slide a session forward when it is a writer's turn: whoever waited in a thread would keep it from others."""
    async with base.turns.writing:
        await run_in_threadpool(_touched, base, live, now)


def _touched(base: Database, live: SessionRow, now: datetime) -> None:
    with base.session() as session:
        identity.touch_session(session, live.id, now)


def refuse_foreign(request: Request) -> None:
    """Refuse an unsafe request that another site made (Fetch metadata, else Origin)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    foreign = site not in ("same-origin", "none") if site else bool(origin) and urlsplit(origin).netloc != host
    if foreign:
        raise Problem(403, "foreign_site", N_("This request came from another site and was refused."))


def stale_form() -> Problem:
    """Say that a form's token does not fit: the session changed since the page was opened."""
    return Problem(403, "csrf", N_("This form is out of date. Reload the page and try again."))


def anonymous_csrf(request: Request) -> str:
    """Give the CSRF token of somebody who is not signed in, from their form cookie."""
    return keyed_hash(request.cookies.get(ANONYMOUS_COOKIE, ""), "csrf")


def check_anonymous(request: Request, csrf: Annotated[str, Depends(sent_csrf)]) -> None:
    """Check an unsafe request of somebody who is not signed in."""
    refuse_foreign(request)
    if not request.cookies.get(ANONYMOUS_COOKIE) or not same(csrf, anonymous_csrf(request)):
        raise stale_form()


def actor(request: Request, viewer: Viewer) -> Actor:
    """Say who acts, for records and the audit trail."""
    return Actor(viewer.account_id, viewer.name, getattr(request.state, "request_id", ""))


def address(request: Request) -> str:
    """Give the caller's address; X-Forwarded-For is believed only from a trusted proxy."""
    peer = request.client.host if request.client else ""
    if peer in settings().trusted_proxies.split(","):
        return request.headers.get("x-forwarded-for", peer).split(",")[-1].strip()
    return peer


def base_url(request: Request) -> str:
    """Give the public address for links in QR codes, without a slash at the end."""
    return settings().base_url.rstrip("/") or str(request.base_url).rstrip("/")

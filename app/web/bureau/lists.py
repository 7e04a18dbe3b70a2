"""The bureau's lists of enterprises by gap, and of waivers; each a page at a time. People are in people.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.access.scope import Viewer
from app.coverage.queries import EnterpriseFilter, EnterpriseRow, enterprises
from app.coverage.queries.answers import Figures
from app.coverage.queries.asking import resolve
from app.coverage.queries.figures import whole_statuses, whole_tally
from app.coverage.queries.sums import Only
from app.coverage.queries.waived import WaivedRow, waived
from app.coverage.status import STATUSES
from app.kit import paging
from app.kit.errors import Problem
from app.kit.paging import Page
from app.ops.db import Session
from app.ops.i18n import N_
from app.web import charts
from app.web.bureau.asking import Asked
from app.web.bureau.shapes import EnterpriseLine, enterprise_line
from app.web.paged import Shown, place_of

AT_ONCE = 2000
"""Rows that an export reads at a time."""


@dataclass(frozen=True)
class Chosen:
    """What a list of enterprises is narrowed to, besides the question; `text` is part of a name, or a code."""

    status: str = ""
    stale: bool = False
    declared: bool = False
    text: str = ""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Give the filters as form fields and link parameters; a name is no part of an address."""
        marks = (("stale", self.stale), ("declared", self.declared))
        fields = (("status", self.status), *((name, "1" if chosen else "") for name, chosen in marks))
        return tuple((name, value) for name, value in fields if value)

    @property
    def narrows(self) -> bool:
        """Say whether anything is left out."""
        return bool(self.fields or self.text)


@dataclass(frozen=True)
class EnterprisesPage:
    """Enterprises, the undeclared first, then by how many are missing; `statuses` count all, whatever is chosen."""

    asked: Asked
    chosen: Chosen
    whole: int
    stale: int
    declared: int
    statuses: tuple[charts.Part, ...]
    lines: tuple[EnterpriseLine, ...]
    shown: Shown
    next: str | None
    """The address of the next page; of a search, where its form asks for it is `shown.next`."""


@dataclass(frozen=True)
class WaiversPage:
    """Waivers in force; `posts` are their posts' names by code."""

    asked: Asked
    waived: int
    posts: dict[str, str]
    lines: tuple[WaivedRow, ...]
    shown: Shown
    next: str | None


def chosen(status: str = "", stale: str = "", declared: str = "") -> Chosen:
    """Check the filters of a list of enterprises; Problem 422 for a status that does not exist."""
    if status and status not in STATUSES:
        raise Problem(422, "status", N_("There is no such status. Choose one from the list."))
    return Chosen(status, stale == "1", declared == "1")


def enterprises_page(
    viewer: Viewer, session: Session, asked: Asked, narrowed: Chosen, after: str, now: datetime
) -> EnterprisesPage:
    """Fill the list of enterprises."""
    question = resolve(viewer.scope, session, asked.ask, asked.today, now)
    whole = whole_statuses(session, question, Only(asked.industry))
    only, place, total = _only(asked, narrowed), place_of(after), _total(whole, narrowed)
    key, most = place.key or None, None if place.key else total
    listed = enterprises(viewer.scope, session, asked.ask, only, asked.today, now, after=key, most=most)
    shown = place.shown(len(listed.rows), listed.after, total)
    return EnterprisesPage(
        asked=asked,
        chosen=narrowed,
        whole=whole.enterprises,
        stale=whole.stale,
        declared=whole.declared,
        statuses=charts.stacked(whole.statuses.items()),
        lines=tuple(enterprise_line(row, asked) for row in listed.rows),
        shown=shown,
        next=None if narrowed.text else next_page(asked, "/coverage/enterprises", shown.next, narrowed.fields),
    )


def _total(whole: Figures, narrowed: Chosen) -> int | None:
    """Give how many the filters leave, where the figures say so."""
    if narrowed.text or sum((bool(narrowed.status), narrowed.stale, narrowed.declared)) > 1:
        return None
    if narrowed.status:
        return whole.statuses.get(narrowed.status, 0)
    return whole.stale if narrowed.stale else whole.declared if narrowed.declared else whole.enterprises


def every_enterprise(
    viewer: Viewer, session: Session, asked: Asked, narrowed: Chosen, now: datetime
) -> Iterator[EnterpriseRow]:
    """Give all rows of the list, for an export."""
    only = _only(asked, narrowed)

    def read(after: str | None) -> Page[EnterpriseRow]:
        return enterprises(viewer.scope, session, asked.ask, only, asked.today, now, after=after, size=AT_ONCE)

    return paging.every(read)


def _only(asked: Asked, narrowed: Chosen) -> EnterpriseFilter:
    stale = True if narrowed.stale else None
    return EnterpriseFilter(narrowed.status or None, asked.industry, stale, narrowed.text, narrowed.declared)


def waivers_page(viewer: Viewer, session: Session, asked: Asked, after: str, now: datetime) -> WaiversPage:
    """Fill the list of waivers in force."""
    place = place_of(after)
    listed = _waived(viewer, session, asked, now, place.key or None)
    question = resolve(viewer.scope, session, asked.ask, asked.today, now)
    counted = whole_tally(session, question, Only(asked.industry, asked.post)).waived
    shown = place.shown(len(listed.rows), listed.after, counted)
    return WaiversPage(
        asked=asked,
        waived=counted,
        posts=asked.posts,
        lines=listed.rows,
        shown=shown,
        next=next_page(asked, "/coverage/waivers", shown.next, ()),
    )


def every_waiver(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> Iterator[WaivedRow]:
    """Give all rows of the list, for an export."""

    def read(after: str | None) -> Page[WaivedRow]:
        return _waived(viewer, session, asked, now, after, AT_ONCE)

    return paging.every(read)


def _waived(
    viewer: Viewer, session: Session, asked: Asked, now: datetime, after: str | None, size: int = 50
) -> Page[WaivedRow]:
    narrowed = {"industry": asked.industry, "post": asked.post}
    return waived(viewer.scope, session, asked.ask, asked.today, now, after=after, size=size, **narrowed)


def next_page(asked: Asked, path: str, after: str | None, fields: tuple[tuple[str, str], ...]) -> str | None:
    """Give the address of the next page of a list, None on the last; `fields` are its filters."""
    return None if after is None else asked.link(path, after=after, **dict(fields))

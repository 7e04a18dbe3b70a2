"""The bureau's lists: enterprises by gap, who is missing and why, and waivers; each a page at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from app.access.scope import Viewer
from app.catalogue import queries as catalogue
from app.coverage.queries import (
    EnterpriseFilter,
    EnterpriseRow,
    MissingFilter,
    MissingRow,
    enterprises,
    missing,
    reason_counts,
)
from app.coverage.queries.waived import WaivedRow, waived
from app.coverage.rules import REASONS
from app.coverage.status import STATUSES
from app.kit.errors import Problem
from app.kit.paging import Page
from app.ops.db import Session
from app.ops.i18n import N_
from app.web import charts
from app.web.bureau.asking import Asked
from app.web.bureau.overview import board_of, figure
from app.web.bureau.shapes import EnterpriseLine, Figure, enterprise_line

Row = TypeVar("Row")
AT_ONCE = 2000
"""Rows that an export reads at a time."""
COUNTED = 3000
"""Up to so many missing posts are counted by reason for the screen."""


@dataclass(frozen=True)
class Chosen:
    """What a list of enterprises is narrowed to, besides the question; `text` is part of a name, or a code."""

    status: str
    stale: bool
    text: str = ""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Give the filters as form fields and link parameters; a name is no part of an address."""
        return tuple((k, v) for k, v in (("status", self.status), ("stale", "1" if self.stale else "")) if v)


@dataclass(frozen=True)
class EnterprisesPage:
    """Enterprises, the undeclared first, then by how many are missing; `statuses` count all, whatever is chosen."""

    asked: Asked
    chosen: Chosen
    whole: int
    stale: int
    statuses: tuple[charts.Part, ...]
    lines: tuple[EnterpriseLine, ...]
    next: str | None
    more: bool
    """A search found more than a page."""


@dataclass(frozen=True)
class MissingLine:
    """A person's post that is not covered: the first course missing, how many more, and why."""

    person_id: int
    name: str
    enterprise_id: int
    enterprise: str
    region: str
    industry: str
    post: str
    course: str
    more: int
    reason: str
    since: date


@dataclass(frozen=True)
class MissingPage:
    """Who is missing in a region; `counts` by reason are empty where counting would take long."""

    asked: Asked
    reason: str
    reasons: tuple[str, ...]
    counts: dict[str, int]
    figure: Figure
    lines: tuple[MissingLine, ...]
    next: str | None

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Give the filters as form fields and link parameters."""
        return (("reason", self.reason),) if self.reason else ()


@dataclass(frozen=True)
class WaiversPage:
    """Waivers in force; `posts` are their posts' names by code."""

    asked: Asked
    waived: int
    posts: dict[str, str]
    lines: tuple[WaivedRow, ...]
    next: str | None


def chosen(status: str, stale: str, text: str = "") -> Chosen:
    """Check the filters of a list of enterprises; Problem 422 for a status that does not exist."""
    if status and status not in STATUSES:
        raise Problem(422, "status", N_("There is no such status. Choose one from the list."))
    return Chosen(status, stale == "1", text.strip())


def enterprises_page(
    viewer: Viewer, session: Session, asked: Asked, narrowed: Chosen, after: str, now: datetime
) -> EnterprisesPage:
    """Fill the list of enterprises."""
    whole = board_of(viewer, session, asked, now).figures()
    only = _only(asked, narrowed)
    listed = enterprises(viewer.scope, session, asked.ask, only, asked.today, now, after=after or None)
    return EnterprisesPage(
        asked=asked,
        chosen=narrowed,
        whole=whole.enterprises,
        stale=whole.stale,
        statuses=charts.stacked(whole.statuses.items()),
        lines=tuple(enterprise_line(row, asked) for row in listed.rows),
        next=None if narrowed.text else _next(asked, "/coverage/enterprises", listed.after, narrowed.fields),
        more=bool(narrowed.text and listed.after),
    )


def every_enterprise(
    viewer: Viewer, session: Session, asked: Asked, narrowed: Chosen, now: datetime
) -> Iterator[EnterpriseRow]:
    """Give all rows of the list, for an export."""
    only = _only(asked, narrowed)

    def read(after: str | None) -> Page[EnterpriseRow]:
        return enterprises(viewer.scope, session, asked.ask, only, asked.today, now, after=after, size=AT_ONCE)

    return _every(read)


def _only(asked: Asked, narrowed: Chosen) -> EnterpriseFilter:
    return EnterpriseFilter(narrowed.status or None, asked.industry, True if narrowed.stale else None, narrowed.text)


def checked_reason(reason: str) -> str:
    """Check a reason; Problem 422 for one that does not exist."""
    if reason and reason not in REASONS:
        raise Problem(422, "reason", N_("There is no such reason. Choose one from the list."))
    return reason


def missing_page(viewer: Viewer, session: Session, asked: Asked, reason: str, after: str, now: datetime) -> MissingPage:
    """Fill the list of who is missing."""
    only = MissingFilter(asked.post, reason or None, industry=asked.industry)
    listed = missing(viewer.scope, session, asked.ask, only, asked.today, now, after=after or None)
    titles = course_titles(session)
    sums = figure(board_of(viewer, session, asked, now).figures().tally)
    counted = sums.missing <= COUNTED and asked.industry is None and asked.post is None
    return MissingPage(
        asked=asked,
        reason=reason,
        reasons=tuple(reversed(REASONS)),
        counts=reason_counts(viewer.scope, session, asked.ask, asked.today, now) if counted else {},
        figure=sums,
        lines=tuple(_missing_line(row, asked, titles) for row in listed.rows),
        next=_next(asked, "/coverage/missing", listed.after, (("reason", reason),)),
    )


def _missing_line(row: MissingRow, asked: Asked, titles: dict[str, str]) -> MissingLine:
    first = row.missing[0]
    return MissingLine(
        person_id=row.person_id,
        name=row.name,
        enterprise_id=row.enterprise_id,
        enterprise=row.enterprise,
        region=asked.tree.name(row.region),
        industry=asked.industries.get(row.industry, row.industry),
        post=asked.posts.get(row.post, row.post),
        course=titles.get(first.course, first.course),
        more=len(row.missing) - 1,
        reason=row.reason,
        since=row.since,
    )


def every_missing(viewer: Viewer, session: Session, asked: Asked, reason: str, now: datetime) -> Iterator[MissingRow]:
    """Give all rows of the list, for an export."""
    only = MissingFilter(asked.post, reason or None, industry=asked.industry)

    def read(after: str | None) -> Page[MissingRow]:
        return missing(viewer.scope, session, asked.ask, only, asked.today, now, after=after, size=AT_ONCE)

    return _every(read)


def course_titles(session: Session) -> dict[str, str]:
    """Give the courses' titles by code."""
    return {row.course_code: row.title for row in catalogue.listing(session)}


def waivers_page(viewer: Viewer, session: Session, asked: Asked, after: str, now: datetime) -> WaiversPage:
    """Fill the list of waivers in force."""
    listed = _waived(viewer, session, asked, now, after or None)
    return WaiversPage(
        asked=asked,
        waived=board_of(viewer, session, asked, now).figures().waived,
        posts=asked.posts,
        lines=listed.rows,
        next=_next(asked, "/coverage/waivers", listed.after, ()),
    )


def every_waiver(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> Iterator[WaivedRow]:
    """Give all rows of the list, for an export."""

    def read(after: str | None) -> Page[WaivedRow]:
        return _waived(viewer, session, asked, now, after, AT_ONCE)

    return _every(read)


def _waived(
    viewer: Viewer, session: Session, asked: Asked, now: datetime, after: str | None, size: int = 50
) -> Page[WaivedRow]:
    narrowed = {"industry": asked.industry, "post": asked.post}
    return waived(viewer.scope, session, asked.ask, asked.today, now, after=after, size=size, **narrowed)


def _next(asked: Asked, path: str, after: str | None, fields: tuple[tuple[str, str], ...]) -> str | None:
    return None if after is None else asked.link(path, after=after, **dict(fields))


def _every(read: Callable[[str | None], Page[Row]]) -> Iterator[Row]:
    after = None
    while True:
        found = read(after)
        yield from found.rows
        if found.after is None:
            return
        after = found.after

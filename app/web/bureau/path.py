"""A region's way to full coverage: what is missing, what each week needs, the pace, what is known to come; and who."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.access.scope import Viewer
from app.coverage.queries.paths import region_path
from app.coverage.queries.turns import Turning, turns
from app.ops import clock
from app.ops.db import Session
from app.reports import coverage as headings
from app.reports import paths as report
from app.reports.exports import Table
from app.web.bureau.asking import Asked, Asks
from app.web.bureau.entry import READ, BureauRoute, PersonalReader, Reader, asked_now
from app.web.bureau.exports import heading
from app.web.bureau.regions import standing
from app.web.bureau.shapes import Standing
from app.web.downloads import ending, exported
from app.web.paged import Shown, place_of
from app.web.pages import render, speech
from app.web.path_view import (
    PathView,
    TurnLine,
    Turns,
    cells,
    fields,
    path_view,
    turn_lines,
    wanted,
)
from app.web.streams import download
from app.web.transactions import Reporting

PATH, PEOPLE = "/coverage/path", "/coverage/path/people"
router = APIRouter(route_class=BureauRoute)


@dataclass(frozen=True)
class PathPage:
    """A region's path, and what limits its figures; `instead_of`: the day to come that was asked for, if one was."""

    asked: Asked
    instead_of: date | None
    standing: Standing
    view: PathView


@dataclass(frozen=True)
class PeoplePage:
    """Who turned between two days, a page of them."""

    asked: Asked
    turning: Turning
    lines: tuple[TurnLine, ...]
    fields: dict[str, str]
    shown: Shown
    next: str | None


@router.api_route(PATH, methods=READ)
def show_path(request: Request, viewer: Reader, session: Reporting, given: Asks) -> Response:
    """Show a region's path."""
    page = _path_page(viewer, session, asked_now(viewer, session, given), clock.now())
    return render(request, "bureau/path.html", page, viewer)


@router.api_route(PEOPLE, methods=READ)
def list_people(
    request: Request,
    viewer: PersonalReader,
    session: Reporting,
    given: Asks,
    kind: str = "lost",
    first: str = "",
    last: str = "",
    after: str = "",
) -> Response:
    """List who became covered, or ceased to be, between two days."""
    asked = asked_now(viewer, session, given)
    turning = wanted(kind, first, last, asked.on, asked.industry, asked.post)
    now, place = clock.now(), place_of(after)
    found = turns(viewer.scope, session, asked.ask, turning, asked.today, now, after=place.key or None)
    shown = place.shown(len(found.rows), found.after)
    page = PeoplePage(
        asked=asked,
        turning=turning,
        lines=tuple(turn_lines(session, found.rows, asked.tree.name, asked.posts)),
        fields=fields(turning),
        shown=shown,
        next=asked.link(PEOPLE, after=shown.next, **fields(turning)) if shown.next else None,
    )
    return render(request, "bureau/path_people.html", page, viewer)


@exported(router, PEOPLE)
def export_people(
    request: Request,
    viewer: PersonalReader,
    session: Reporting,
    given: Asks,
    kind: str = "lost",
    first: str = "",
    last: str = "",
) -> Response:
    """Export who became covered, or ceased to be, between two days."""
    asked = asked_now(viewer, session, given).exact()
    turning, now = wanted(kind, first, last, asked.on, asked.industry, asked.post), clock.now()
    _ = speech(request, viewer)

    def make(session: Session) -> Iterator[Table]:
        every = Turns(viewer.scope, session, asked.ask, turning, asked.today, now)
        rows = (cells(line, _) for line in turn_lines(session, every, asked.tree.name, asked.posts))
        yield report.turns_table(turning, rows, headings.head(heading(asked, session, now), _), _)

    name = f"{_(report.TITLES[turning.kind])} {asked.plan.short_name} {asked.region_name} {turning.from_on}"
    return download(request, f"{name}.{ending(request)}", make)


def _path_page(viewer: Viewer, session: Session, wanted: Asked, now: datetime) -> PathPage:
    asked = wanted.by_today()
    narrowed = {"industry": asked.industry, "post": asked.post}
    board, path = region_path(viewer.scope, session, asked.ask, asked.today, now, **narrowed)

    def people(kind: str, first: date, last: date, known_at: str = "") -> str:
        known = {"known_at": known_at} if known_at else {}
        days = {"first": first.isoformat(), "last": last.isoformat()}
        return asked.link(PEOPLE, kind=kind, **days, **known) if viewer.sees_people else ""

    def missing(on: date) -> str:
        return asked.link("/coverage/missing", on=on.isoformat()) if viewer.sees_people else ""

    def coverage(on: date, known_at: str = "") -> str:
        return asked.link("/coverage", on=on.isoformat(), **({"known_at": known_at} if known_at else {}))

    view = path_view(path, asked.today, people=people, coverage=coverage, missing=missing)
    instead_of = wanted.on if wanted.forecast else None
    return PathPage(asked, instead_of, standing(board.figures(), board), view)

"""An enterprise's way to full coverage: what is missing, what each week needs, what is known to come; and who."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.coverage.queries.paths import enterprise_path
from app.coverage.queries.turns import Turning, turns
from app.ops import clock
from app.ops.db import Session
from app.reports import enterprise as headings
from app.reports import paths as report
from app.reports.exports import Table
from app.web.deps import Guard
from app.web.downloads import ending, exported
from app.web.enterprise.asked import Ask, SubjectPage, asked, read_day
from app.web.enterprise.exports import heading
from app.web.enterprise.understanding import understood
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

PATH, PEOPLE = "/enterprises/{enterprise_id}/path", "/enterprises/{enterprise_id}/path/people"
router = APIRouter()
READ = ["GET", "HEAD"]
Asks = Annotated[Ask, Depends(asked)]
Reader = Annotated[Viewer, Depends(Guard(roles.PEOPLE_READ))]


@dataclass(frozen=True)
class PathPage(SubjectPage):
    """An enterprise's path, and how far its roster can be trusted; `instead_of`: a day to come that was asked for."""

    view: PathView
    instead_of: date | None


@dataclass(frozen=True)
class PeoplePage(SubjectPage):
    """Who turned between two days, a page of them."""

    turning: Turning
    lines: tuple[TurnLine, ...]
    fields: dict[str, str]
    shown: Shown


@router.api_route(PATH, methods=READ)
def show_path(request: Request, viewer: Reader, session: Reporting, ask: Asks) -> Response:
    """Show an enterprise's path."""
    now, today = clock.now(), clock.today()
    day = read_day(ask.on)
    instead_of = day if day and day > today else None
    if instead_of:
        ask = replace(ask, on=today.isoformat())
    subject = understood(viewer, session, ask, today, now)

    def people(kind: str, first: date, last: date, known_at: str = "") -> str:
        days = {"first": first.isoformat(), "last": last.isoformat()}
        return ask.address("/path/people", kind=kind, known_at=known_at or ask.known_at, **days)

    def missing(on: date) -> str:
        return ask.address(on=on.isoformat(), post="", reason="", after="") + "#missing"

    def coverage(on: date, known_at: str = "") -> str:
        return ask.address(on=on.isoformat(), known_at=known_at or ask.known_at)

    path = enterprise_path(session, subject.one.question, today)
    page = PathPage(
        viewer=viewer,
        subject=subject,
        view=path_view(path, today, people=people, coverage=coverage, missing=missing),
        instead_of=instead_of,
    )
    return render(request, "enterprise/path.html", page, viewer)


@router.api_route(PEOPLE, methods=READ)
def list_people(
    request: Request, viewer: Reader, session: Reporting, ask: Asks, kind: str = "lost", first: str = "", last: str = ""
) -> Response:
    """List who became covered there, or ceased to be, between two days."""
    now, today = clock.now(), clock.today()
    subject = understood(viewer, session, ask, today, now)
    turning = wanted(kind, first, last, subject.on, None, ask.post or None)
    question = (subject.coverage_ask(), turning, today, now)
    place = place_of(ask.after)
    found = turns(viewer.scope, session, *question, after=place.key or None)
    lines = tuple(turn_lines(session, found.rows, subject.tree.name, subject.posts))
    shown = place.shown(len(found.rows), found.after)
    page = PeoplePage(viewer, subject, turning, lines, fields(turning), shown)
    return render(request, "enterprise/path_people.html", page, viewer)


@exported(router, PEOPLE)
def export_people(
    request: Request, viewer: Reader, session: Reporting, ask: Asks, kind: str = "lost", first: str = "", last: str = ""
) -> Response:
    """Export who became covered there, or ceased to be, between two days."""
    now, today = clock.now(), clock.today()
    subject = understood(viewer, session, ask, today, now)
    turning = wanted(kind, first, last, subject.on, None, ask.post or None)
    _ = speech(request, viewer)

    def make(session: Session) -> Iterator[Table]:
        every = Turns(viewer.scope, session, subject.coverage_ask(), turning, today, now)
        rows = (cells(line, _) for line in turn_lines(session, every, subject.tree.name, subject.posts))
        yield report.turns_table(turning, rows, headings.head(heading(subject, now), _), _)

    name = f"{_(report.TITLES[turning.kind])} {subject.enterprise.name} {turning.from_on}"
    return download(request, f"{name}.{ending(request)}", make)

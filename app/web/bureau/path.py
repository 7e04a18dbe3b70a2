"""A region's way to full coverage: what is missing, what each week needs, the pace, what is known to come; and who."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.coverage.queries.paths import region_path
from app.coverage.queries.turns import Turn, Turning, turns
from app.kit.errors import forbidden
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import translate
from app.reports import coverage as headings
from app.reports import paths as report
from app.reports.exports import Table
from app.web.bureau.asking import Asked, Asks, Params, understood
from app.web.bureau.regions import standing
from app.web.bureau.routes import BureauRoute
from app.web.bureau.shapes import Standing
from app.web.deps import Guard, Reporting
from app.web.pages import language_of, render
from app.web.path_view import (
    PathView,
    TurnLine,
    Turns,
    cells,
    course_titles,
    download,
    path_view,
    turn_line,
    wanted,
)

PATH, PEOPLE = "/coverage/path", "/coverage/path/people"
router = APIRouter(route_class=BureauRoute)
READ = ["GET", "HEAD"]
Reader = Annotated[Viewer, Depends(Guard(roles.COVERAGE_READ))]
PersonalReader = Annotated[Viewer, Depends(Guard(roles.PEOPLE_READ))]


@dataclass(frozen=True)
class PathPage:
    """A region's path, and what limits its figures."""

    asked: Asked
    standing: Standing
    view: PathView


@dataclass(frozen=True)
class PeoplePage:
    """Who turned between two days, a page of them."""

    asked: Asked
    turning: Turning
    lines: tuple[TurnLine, ...]
    fields: dict[str, str]
    next: str | None


@router.api_route(PATH, methods=READ)
def show_path(request: Request, viewer: Reader, session: Reporting, given: Asks) -> Response:
    """Show a region's path."""
    page = _path_page(viewer, session, _asked(viewer, session, given), clock.now())
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
    asked = _asked(viewer, session, given)
    turning = _turning(viewer, asked, kind, first, last)
    now = clock.now()
    found = turns(viewer.scope, session, asked.ask, turning, asked.today, now, after=after or None)
    fields = {"kind": turning.kind, "first": turning.from_on.isoformat(), "last": turning.to_on.isoformat()}
    titles = course_titles(session)
    page = PeoplePage(
        asked=asked,
        turning=turning,
        lines=tuple(_line(turn, asked, titles) for turn in found.rows),
        fields=fields,
        next=asked.link(PEOPLE, after=found.after, **fields) if found.after else None,
    )
    return render(request, "bureau/path_people.html", page, viewer)


@router.api_route(PEOPLE + ".xlsx", methods=READ)
@router.api_route(PEOPLE + ".csv", methods=READ)
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
    asked = _asked(viewer, session, given)
    turning, now = _turning(viewer, asked, kind, first, last), clock.now()
    _ = partial(translate, language_of(request, viewer))

    def make(session: Session) -> Iterator[Table]:
        titles = course_titles(session)
        every = Turns(viewer.scope, session, asked.ask, turning, asked.today, now)
        rows = (cells(_line(turn, asked, titles), _) for turn in every)
        yield report.turns_table(turning.kind, rows, headings.head(_heading(asked, now), _), _)

    name = f"{_(report.TITLES[turning.kind])} {asked.plan.short_name} {asked.region_name} {turning.from_on}"
    return download(request, name, make)


def _asked(viewer: Viewer, session: Session, given: Params) -> Asked:
    return understood(viewer, session, given, clock.today(), clock.now())


def _turning(viewer: Viewer, asked: Asked, kind: str, first: str, last: str) -> Turning:
    if not viewer.scope.personal:
        raise forbidden()
    return wanted(kind, first, last, asked.on, asked.industry, asked.post)


def _path_page(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> PathPage:
    narrowed = {"industry": asked.industry, "post": asked.post}
    board, path = region_path(viewer.scope, session, asked.ask, asked.today, now, **narrowed)
    personal = viewer.may(roles.PEOPLE_READ) and viewer.scope.personal

    def people(kind: str, first: date, last: date, known_at: str = "") -> str:
        known = {"known_at": known_at} if known_at else {}
        days = {"first": first.isoformat(), "last": last.isoformat()}
        return asked.link(PEOPLE, kind=kind, **days, **known) if personal else ""

    def missing(on: date) -> str:
        return asked.link("/coverage/missing", on=on.isoformat()) if personal else ""

    def coverage(on: date, known_at: str = "") -> str:
        return asked.link("/coverage", on=on.isoformat(), **({"known_at": known_at} if known_at else {}))

    view = path_view(path, asked.today, people=people, coverage=coverage, missing=missing)
    return PathPage(asked, standing(board.figures(), board), view)


def _line(turn: Turn, asked: Asked, titles: Mapping[str, str]) -> TurnLine:
    return turn_line(turn, asked.tree.name, asked.posts, titles)


def _heading(asked: Asked, now: datetime) -> headings.Heading:
    narrowed = [asked.industries[code] for code in (asked.industry,) if code]
    narrowed += [asked.posts[code] for code in (asked.post,) if code]
    return headings.Heading(
        plan=asked.plan,
        region=asked.region_name,
        on=asked.on,
        forecast=asked.forecast,
        known_at=asked.known_at,
        key_enterprises=asked.key,
        narrowed=tuple(narrowed),
        made_at=now,
    )

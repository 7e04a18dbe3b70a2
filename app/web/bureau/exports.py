"""The bureau's exports: the same questions as the screens, as .xlsx or .csv, streamed."""

from collections.abc import Callable, Iterable
from datetime import datetime

from fastapi import Request
from fastapi.responses import Response

from app.access.scope import Viewer
from app.catalogue import queries as catalogue
from app.ops.db import Session
from app.ops.i18n import N_
from app.ops.replica import freshness
from app.reports import coverage as report
from app.reports import people as people_report
from app.reports.exports import Table, Text
from app.reports.people import HELD_WORDS
from app.web.bureau.asking import Asked
from app.web.bureau.lists import Chosen, every_enterprise, every_waiver
from app.web.bureau.overview import board_of
from app.web.bureau.people import Wanted, every, understood
from app.web.downloads import ending
from app.web.pages import speech
from app.web.streams import download


def export_overview(request: Request, viewer: Viewer, asked: Asked, now: datetime) -> Response:
    """Export the figures by region, industry and post."""
    _ = speech(request, viewer)
    names = asked.tree.names

    def make(session: Session) -> Iterable[Table]:
        board = board_of(viewer, session, asked, now)
        return report.overview_tables(board, asked.region, names, heading(asked, session, now), _)

    return _download(request, asked, _("Coverage rate"), make)


def export_enterprises(request: Request, viewer: Viewer, asked: Asked, narrowed: Chosen, now: datetime) -> Response:
    """Export the list of enterprises."""
    _ = speech(request, viewer)

    def make(session: Session) -> Iterable[Table]:
        rows = every_enterprise(viewer, session, asked, narrowed, now)
        told = tuple(_(report.STATUS_WORDS[s]) for s in (narrowed.status,) if s)
        told += (_("Stale roster"),) if narrowed.stale else ()
        told += (_("Declared"),) if narrowed.declared else ()
        told += (_("name or credit code: %(text)s", text=narrowed.text),) if narrowed.text else ()
        return (report.enterprise_table(rows, heading(asked, session, now, (*_own(asked, _), *told)), _),)

    return _download(request, asked, _("Enterprises"), make)


def export_people(request: Request, viewer: Viewer, asked: Asked, chosen: Wanted, now: datetime) -> Response:
    """Export every required post with its standing."""
    _ = speech(request, viewer)

    def make(session: Session) -> Iterable[Table]:
        wanted = understood(viewer, session, asked, chosen, now)
        rows = every(viewer, session, asked, wanted, now)
        told = (*(_(HELD_WORDS[h]) for h in (chosen.held,) if h), *_course(wanted, session, _))
        above = heading(asked, session, now, (*_own(asked, _), *told))
        return (people_report.posts_table(rows, _names(asked, session), above, _),)

    return _download(request, asked, _("Everybody"), make)


def export_missing(request: Request, viewer: Viewer, asked: Asked, chosen: Wanted, now: datetime) -> Response:
    """Export who is missing."""
    _ = speech(request, viewer)

    def make(session: Session) -> Iterable[Table]:
        wanted = understood(viewer, session, asked, chosen, now)
        rows = every(viewer, session, asked, wanted, now)
        told = (*(_(report.REASON_WORDS[r]) for r in (chosen.reason,) if r), *_course(wanted, session, _))
        above = heading(asked, session, now, (*_own(asked, _), *told))
        return (people_report.missing_table(rows, _names(asked, session), above, _),)

    return _download(request, asked, _("Who is missing"), make)


def _course(wanted: Wanted, session: Session, _: Text) -> tuple[str, ...]:
    """Say which course a list is of."""
    if not wanted.course:
        return ()
    word = N_("lacking “%(course)s”") if wanted.held == "missing" else N_("must hold “%(course)s”")
    return (_(word, course=catalogue.titles(session).get(wanted.course, wanted.course)),)


def _names(asked: Asked, session: Session) -> people_report.Names:
    return people_report.Names(asked.tree.names, catalogue.titles(session))


def export_waivers(request: Request, viewer: Viewer, asked: Asked, now: datetime) -> Response:
    """Export the waivers in force."""
    _ = speech(request, viewer)

    def make(session: Session) -> Iterable[Table]:
        above = heading(asked, session, now, _own(asked, _))
        return (report.waived_table(every_waiver(viewer, session, asked, now), above, _),)

    return _download(request, asked, _("Waivers"), make)


def _own(asked: Asked, _: Text) -> tuple[str, ...]:
    return (_("Directly under %(region)s", region=asked.region_name),) if asked.own else ()


def heading(asked: Asked, session: Session, now: datetime, told: tuple[str, ...] = ()) -> report.Heading:
    """Give what stands above a table; `told` are the filters, in words."""
    fresh = freshness(session)
    narrowed = [asked.industries[code] for code in (asked.industry,) if code]
    narrowed += [asked.posts[code] for code in (asked.post,) if code]
    return report.Heading(
        plan=asked.plan,
        region=asked.region_name,
        on=asked.on,
        forecast=asked.forecast,
        known_at=asked.known_at,
        key_enterprises=asked.key,
        narrowed=(*narrowed, *told),
        made_at=now,
        delay=fresh.seconds if fresh else None,
    )


def _download(request: Request, asked: Asked, what: str, make: Callable[[Session], Iterable[Table]]) -> Response:
    """Stream the tables in the form that the address ends with."""
    name = f"{what} {asked.exact().plan.short_name} {asked.region_name} {asked.on}"
    return download(request, f"{name}.{ending(request)}", make)

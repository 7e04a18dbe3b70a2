"""What can be taken away of training held in person: the list of sessions, and who is on a session's list."""

from collections.abc import Iterable, Iterator

from fastapi import Request
from fastapi.responses import Response

from app.access.scope import Viewer
from app.awards.session_queries import SessionRow
from app.catalogue import queries as catalogue
from app.kit import paging
from app.kit.paging import Page
from app.ops import clock
from app.ops.db import Session
from app.reports.exports import Table
from app.reports.trainings import Member, attendance_table, sessions_table
from app.web.downloads import attachment, chunks, ending
from app.web.pages import speech
from app.web.streams import download
from app.web.trainings import pages
from app.web.trainings.shapes import Line, ListAsk, SessionPage

AT_ONCE = 500
"""Sessions read at a time."""


def export_list(request: Request, viewer: Viewer, ask: ListAsk) -> Response:
    """Export the sessions that the filters of the page leave."""
    text = speech(request, viewer)

    def make(session: Session) -> Iterable[Table]:
        return (sessions_table(_every(viewer, session, ask), catalogue.titles(session), text),)

    return download(request, f"{text('Offline sessions')} {clock.today()}.{ending(request)}", make)


def _every(viewer: Viewer, session: Session, ask: ListAsk) -> Iterator[SessionRow]:
    def read(after: str | None) -> Page[SessionRow]:
        return pages.listed(viewer, session, ask, after, AT_ONCE)

    return paging.every(read)


def export_session(request: Request, viewer: Viewer, session: Session, training_id: int) -> Response:
    """Export who is on a session's list, and what came of it."""
    text = speech(request, viewer)
    page = pages.session_page(viewer, session, training_id, clock.today())
    table = attendance_table(page.found, page.title, (_member(page, line) for line in page.lines), text)
    kind = ending(request)
    return attachment(f"{page.found.number}.{kind}", b"".join(chunks(kind, [table])))


def _member(page: SessionPage, line: Line) -> Member:
    posts = "; ".join(f"{one.enterprise} {page.post_names.get(one.post, one.post)}" for one in line.posts)
    return Member(
        name=line.who.name,
        masked_id=line.who.masked_id,
        posts=posts,
        attended=line.who.attended,
        score=line.who.score,
        marked_by=line.who.marked_by,
        outcome=line.words if page.closed else "",
        certificate=line.who.award_number or "",
    )

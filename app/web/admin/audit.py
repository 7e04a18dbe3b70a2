"""The audit trail: who did what to which subject, when; filtered, paged and exported."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.identity import queries
from app.identity.queries import AuditRow
from app.kit.dates import day_or_none, end_of, shanghai_time
from app.kit.errors import not_found
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.reports.exports import Column, Table
from app.web.admin import words
from app.web.admin.shapes import Key
from app.web.deps import Guard
from app.web.downloads import attachment, chunks
from app.web.pages import render, speech
from app.web.transactions import Base, Reading

router = APIRouter()
Auditor = Annotated[Viewer, Depends(Guard(roles.AUDIT_READ))]
SIZE = 50
EXPORTED_AT_ONCE = 1_000
EXPORTED_MOST = 100_000


@dataclass(frozen=True)
class Asked:
    """The filters as they came; '' where a field was left empty."""

    action: str = ""
    account: str = ""
    subject: str = ""
    subject_id: str = ""
    until: str = ""

    def query(self, **changes: str) -> str:
        """Give the query string, but for the changes."""
        return urlencode({name: value for name, value in (asdict(self) | changes).items() if value})


def asked(action: str = "", account: Key = None, subject: str = "", subject_id: str = "", until: str = "") -> Asked:
    """Collect the filters."""
    day_or_none(until, "date")
    return Asked(action, str(account or ""), subject, subject_id, until)


Asks = Annotated[Asked, Depends(asked)]


@dataclass(frozen=True)
class Line:
    """One line in the reader's language."""

    at: datetime
    actor: str
    action: str
    subject: str
    subject_query: str
    detail: str


@dataclass(frozen=True)
class AuditPage:
    """A page of the trail; `actions` are the codes to choose from, with their words."""

    asked: Asked
    lines: tuple[Line, ...]
    actions: dict[str, str]
    narrowed: tuple[str, ...]
    first: bool
    next: str


@router.api_route("/admin/audit", methods=["GET", "HEAD"])
def trail(request: Request, viewer: Auditor, session: Reading, asks: Asks, before: Key = None) -> Response:
    """Show the trail backwards from the newest line, or from `before`."""
    say = speech(request, viewer)
    rows = _rows(session, asks, before, SIZE + 1)
    page = AuditPage(
        asked=asks,
        lines=tuple(_line(row, say) for row in rows[:SIZE]),
        actions=words.ACTIONS,
        narrowed=_narrowed(session, asks, say),
        first=before is None,
        next=asks.query(before=str(rows[SIZE - 1].id)) if len(rows) > SIZE else "",
    )
    return render(request, "admin/audit.html", page, viewer)


@router.api_route("/admin/audit.{kind}", methods=["GET", "HEAD"])
def export(request: Request, viewer: Auditor, database: Base, asks: Asks, kind: str) -> Response:
    """Give the trail as .xlsx or .csv, the newest hundred thousand lines that fit the filters."""
    if kind not in {"csv", "xlsx"}:
        raise not_found()
    say = speech(request, viewer)
    titles = N_("When"), N_("Who"), N_("What"), N_("To whom or what"), N_("Details")
    columns = tuple(Column(say(title), width=width) for title, width in zip(titles, (18, 16, 22, 22, 60), strict=True))
    table = Table(say(N_("Audit trail")), columns, _cells(database, asks, say))
    return attachment(f"{say(N_('Audit trail'))}.{kind}", chunks(kind, (table,)))


def _cells(database: Database, asks: Asked, say: words.Say) -> Iterator[tuple[str, ...]]:
    before: int | None = None
    with database.reading() as session:
        for _ in range(EXPORTED_MOST // EXPORTED_AT_ONCE):
            rows = _rows(session, asks, before, EXPORTED_AT_ONCE)
            for line in (_line(row, say) for row in rows):
                at = shanghai_time(line.at)
                yield at, line.actor, line.action, line.subject, line.detail
            if len(rows) < EXPORTED_AT_ONCE:
                return
            before = rows[-1].id


def _rows(session: Session, asks: Asked, before: int | None, size: int) -> tuple[AuditRow, ...]:
    until = day_or_none(asks.until, "date")
    return queries.audit_trail(
        session,
        before=before,
        action=asks.action,
        account_id=int(asks.account) if asks.account else None,
        subject=asks.subject,
        subject_id=asks.subject_id,
        until=end_of(until) if until else None,
        size=size,
    )


def _line(row: AuditRow, say: words.Say) -> Line:
    kind = words.said(words.SUBJECTS, row.subject, say)
    return Line(
        at=row.at,
        actor=row.actor,
        action=words.said(words.ACTIONS, row.action, say),
        subject=kind if row.subject in words.WHOLE else f"{kind} {row.subject_id}",
        subject_query=urlencode({"subject": row.subject, "subject_id": row.subject_id}),
        detail=words.detail(row.detail, say),
    )


def _narrowed(session: Session, asks: Asked, say: words.Say) -> tuple[str, ...]:
    """Name the filters that have no field of their own on the page."""
    told = []
    if asks.account:
        found = queries.account(session, int(asks.account))
        told.append(found.name if found else asks.account)
    if asks.subject:
        told.append(f"{words.said(words.SUBJECTS, asks.subject, say)} {asks.subject_id}".strip())
    return tuple(told)

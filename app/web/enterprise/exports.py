"""What can be taken away from an enterprise's pages as .xlsx or .csv: who is missing, the roster. IDs are masked."""

from collections.abc import Iterator
from datetime import date, datetime

from fastapi import Request
from fastapi.responses import Response

from app.access.scope import Viewer
from app.coverage.queries.single import missing_here
from app.kit.dates import add_days
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.plans import queries as plans
from app.reports import enterprise as report
from app.reports.coverage import REASON_WORDS
from app.reports.enterprise import ACCOUNT_WORDS
from app.reports.exports import Cells, Table, Text
from app.web.enterprise.asked import Ask, Subject
from app.web.enterprise.overview import MissingLine, missing_lines
from app.web.enterprise.roster import RosterLine, lines, page_of
from app.web.enterprise.understanding import understood
from app.web.pages import speech
from app.web.streams import read_itself

AT_ONCE = 500
"""Rows that are read and told at a time."""


def export_missing(
    request: Request, database: Database, viewer: Viewer, ask: Ask, now: datetime, today: date
) -> Response:
    """Export who is missing, by the filters of the page."""
    text = speech(request, viewer)

    def make(session: Session) -> tuple[Table]:
        subject = understood(viewer, session, ask, today, now)
        rows = [row for row in missing_here(viewer.scope, session, subject.one) if ask.post in ("", row.post)]
        rows = [row for row in rows if ask.reason in ("", row.reason)]
        batches = (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
        told = (_missing_cells(line, text) for batch in batches for line in missing_lines(session, subject, batch))
        return (report.missing_table(told, heading(subject, now), text),)

    return read_itself(request, database, f"missing-{ask.enterprise_id}", make)


def _missing_cells(line: MissingLine, text: Text) -> Cells:
    evidence = line.evidence
    who = (line.name, line.masked_id, line.post, line.trade, evidence.starts_on)
    why = (line.course, text(REASON_WORDS[evidence.reason]), evidence.since, line.more + 1)
    return (*who, *why, line.learned_on)


def export_roster(
    request: Request, database: Database, viewer: Viewer, ask: Ask, now: datetime, today: date
) -> Response:
    """Export the roster, by the filters of the page."""
    text = speech(request, viewer)

    def make(session: Session) -> tuple[Table]:
        subject = understood(viewer, session, ask, today, now, default_on=today)
        told = (_roster_cells(line, text) for line in _every_line(viewer, session, subject, now))
        return (report.roster_table(told, heading(subject, now), text),)

    return read_itself(request, database, f"roster-{ask.enterprise_id}", make)


def _every_line(viewer: Viewer, session: Session, subject: Subject, now: datetime) -> Iterator[RosterLine]:
    posts = plans.posts(session)
    after: str | None = "0"
    while after is not None:
        found = page_of(viewer, session, subject, "", AT_ONCE, after)
        yield from lines(viewer, session, subject, found.rows, posts, now)
        after = found.after


def _roster_cells(line: RosterLine, text: Text) -> Cells:
    last_day = add_days(line.ends_on, -1) if line.ends_on else None
    who = (line.name, line.masked_id, line.post, line.trade, line.starts_on, last_day)
    counts = (line.held, line.required) if line.required else (None, None)
    return (*who, *counts, text(_standing(line)), text(ACCOUNT_WORDS[line.account]))


def _standing(line: RosterLine) -> str:
    if line.waived:
        return N_("Waived")
    if not line.required:
        return N_("Not required")
    return REASON_WORDS[line.reason] if line.reason else N_("Covered")


def heading(subject: Subject, now: datetime) -> report.Heading:
    """Give what stands above a table."""
    return report.Heading(
        enterprise=subject.enterprise.name,
        uscc=subject.enterprise.uscc,
        plan=subject.plan.name,
        on=subject.on,
        known_at=subject.one.question.known_at,
        confirmed_on=subject.one.confirmed_on,
        made_at=now,
        provisional=subject.plan.provisional,
    )

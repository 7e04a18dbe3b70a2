"""Alarms of scheduled work and its last runs: what was found, who looked at it, and whether the check ran at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.kit.errors import Problem
from app.ops import alarms, clock, runs
from app.ops.alarms import AlarmRow
from app.ops.db import Session
from app.ops.i18n import N_
from app.ops.runs import Run
from app.reports.exports import Column, Table, csv_chunks
from app.web.admin.differing import SEPARATOR, Differing, differing, in_facts
from app.web.admin.shapes import Id, Key
from app.web.admin.words import ALARMS, OUTCOMES, RUNS
from app.web.deps import Guard, actor
from app.web.downloads import attachment
from app.web.pages import in_words, render, see_other, speech
from app.web.transactions import Base, Reading
from app.workflows import nightly_check
from app.workflows.acknowledge_alarm import acknowledge_alarm
from app.workflows.nightly_check import LastCheck

router = APIRouter()
Warden = Annotated[Viewer, Depends(Guard(roles.ALARMS_READ))]
OPEN_SHOWN = 50
SIZE = 20
RUNS_SHOWN = 14
OVERDUE = timedelta(hours=36)
"""A night may be late; after this long without a check something is wrong with the checking."""


@dataclass(frozen=True)
class AlarmsPage:
    """Open alarms, those acknowledged, and the last runs; `overdue`: the figures were not checked for too long."""

    open: tuple[AlarmRow, ...]
    open_count: int
    closed: tuple[AlarmRow, ...]
    first: bool
    next: int | None
    runs: tuple[Run, ...]
    checked: LastCheck | None
    overdue: bool
    now: datetime
    kinds: dict[str, str]
    names: dict[str, str]
    outcomes: dict[str, str]


@dataclass(frozen=True)
class AlarmPage:
    """One alarm with the first rows found; `in_facts`: some are in the facts themselves; `error`: beside the form."""

    alarm: AlarmRow
    rows: tuple[Differing, ...]
    in_facts: bool
    kinds: dict[str, str]
    note: str = ""
    error: str = ""


def count_open(request: Request, database: Base) -> None:
    """Note how many alarms are open, for the banner of the administrator's pages."""
    if request.method == "GET":
        with database.reading() as session:
            request.state.open_alarms = alarms.open_count(session)


@router.api_route("/admin/alarms", methods=["GET", "HEAD"])
def show_alarms(request: Request, viewer: Warden, session: Reading, before: Key = None) -> Response:
    """List the open alarms, then those acknowledged, and the last runs."""
    return render(request, "admin/alarms.html", _page(session, before, clock.now()), viewer)


@router.api_route("/admin/alarms/{alarm_id}.csv", methods=["GET", "HEAD"])
def export(request: Request, viewer: Warden, session: Reading, alarm_id: Id) -> Response:
    """Give the rows found that an alarm keeps, as .csv."""
    say = speech(request, viewer)
    found = alarms.one(session, alarm_id).rows
    worded = differing(session, found, say)
    rows = [
        (row.kind, row.text, said.what, say(SEPARATOR).join(said.where), said.stands, said.should)
        for row, said in zip(found, worded, strict=True)
    ]
    titles = N_("Kind"), N_("Row found"), N_("Which figures"), N_("Of what"), N_("What stands there"), N_("What should")
    columns = tuple(Column(say(title)) for title in titles)
    return attachment(f"{say(N_('Alarm'))} {alarm_id}.csv", csv_chunks((Table("", columns, rows),)))


@router.api_route("/admin/alarms/{alarm_id}", methods=["GET", "HEAD"])
def show_alarm(request: Request, viewer: Warden, session: Reading, alarm_id: Id) -> Response:
    """Show one alarm."""
    return render(request, "admin/alarm.html", _alarm_page(request, viewer, session, alarm_id), viewer)


@router.post("/admin/alarms/{alarm_id}/acknowledgement")
def acknowledgement(
    request: Request,
    viewer: Warden,
    database: Base,
    alarm_id: Id,
    note: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Acknowledge an alarm, with what came of it."""
    try:
        with database.session() as session:
            acknowledge_alarm(session, alarm_id, note, actor(request, viewer), clock.now())
    except Problem as problem:
        with database.reading() as session:
            page = _alarm_page(request, viewer, session, alarm_id, note, in_words(request, viewer, problem))
        return render(request, "admin/alarm.html", page, viewer, problem.status)
    return see_other("/admin/alarms")


def _alarm_page(
    request: Request, viewer: Viewer, session: Session, alarm_id: int, note: str = "", error: str = ""
) -> AlarmPage:
    alarm = alarms.one(session, alarm_id)
    rows = differing(session, alarm.rows, speech(request, viewer))
    return AlarmPage(alarm, rows, in_facts(alarm.rows), ALARMS, note, error)


def _page(session: Session, before: int | None, now: datetime) -> AlarmsPage:
    closed = alarms.listed(session, acknowledged=True, size=SIZE + 1, before=before)
    checked = nightly_check.last_check(session)
    return AlarmsPage(
        open=alarms.listed(session, acknowledged=False, size=OPEN_SHOWN),
        open_count=alarms.open_count(session),
        closed=closed[:SIZE],
        first=before is None,
        next=closed[SIZE - 1].id if len(closed) > SIZE else None,
        runs=runs.latest(session, now, RUNS_SHOWN),
        checked=checked,
        overdue=checked is None or now - checked.at > OVERDUE,
        now=now,
        kinds=ALARMS,
        names=RUNS,
        outcomes=OUTCOMES,
    )

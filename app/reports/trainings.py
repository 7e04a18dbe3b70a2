"""Tables of training held in person, for export: the sessions, and who is on the list of one. IDs are masked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.awards.session_queries import SessionRow
from app.ops.i18n import N_
from app.reports.exports import Cell, Column, Table, Text


@dataclass(frozen=True)
class Member:
    """Somebody on a list; `outcome` is a msgid, '' while the session is open."""

    name: str
    masked_id: str
    posts: str
    attended: bool | None
    score: float | None
    marked_by: str
    outcome: str
    certificate: str


ATTENDED = {None: N_("not marked"), True: N_("there"), False: N_("Not there")}


def sessions_table(rows: Iterable[SessionRow], titles: Mapping[str, str], _: Text) -> Table:
    """Give the sessions, the latest day first."""
    columns = (
        Column(_("Session"), width=18),
        Column(_("Held on"), "day"),
        Column(_("Course"), width=30),
        Column(_("For the people of"), width=30),
        Column(_("Where it is held"), width=24),
        Column(_("Trainer")),
        Column(_("Organiser"), width=30),
        Column(_("Minutes taught"), "count"),
        Column(_("On the list"), "count"),
        Column(_("Attended"), "count"),
        Column(_("Certificates"), "count"),
        Column(_("State")),
        Column(_("Closed by")),
    )
    return Table(_("Offline sessions"), columns, _sessions(rows, titles, _))


def _sessions(rows: Iterable[SessionRow], titles: Mapping[str, str], _: Text) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        what = (row.number, row.held_on, titles.get(row.course_code, row.course_code), row.holder)
        how = (row.place, row.trainer, row.provider, row.minutes, row.people, row.attended, row.awarded)
        yield (*what, *how, _("Session closed") if row.closed_at else _("Open"), row.closed_by)


def attendance_table(found: SessionRow, title: str, members: Iterable[Member], _: Text) -> Table:
    """Give who is on a session's list."""
    head: tuple[tuple[str, Cell], ...] = (
        (_("Session"), found.number),
        (_("Course"), title),
        (_("Held on"), found.held_on),
        (_("Minutes taught"), found.minutes),
        (_("Where it is held"), found.place),
        (_("Trainer"), found.trainer),
        (_("Organiser"), found.provider),
    )
    columns = (
        Column(_("Name"), width=12),
        Column(_("Resident ID"), width=22),
        Column(_("Post"), width=36),
        Column(_("Attendance")),
        Column(_("Score"), "count"),
        Column(_("Marked by")),
        Column(_("Outcome"), width=24),
        Column(_("Certificate number"), width=22),
    )
    return Table(_("Attendance"), columns, _members(members, _), head)


def _members(members: Iterable[Member], _: Text) -> Iterator[tuple[Cell, ...]]:
    for one in members:
        outcome = _(one.outcome) if one.outcome else None
        who = (one.name, one.masked_id, one.posts)
        yield (*who, _(ATTENDED[one.attended]), one.score, one.marked_by, outcome, one.certificate)

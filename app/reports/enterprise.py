"""Tables about one enterprise for export: who is missing, the roster. `_` translates a msgid for the reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.kit.dates import shanghai_time
from app.ops.i18n import N_
from app.reports.coverage import plan_title
from app.reports.exports import Cell, Cells, Column, Table, Text

ACCOUNT_WORDS = {
    "active": N_("Activated"),
    "issued": N_("Code handed out"),
    "lapsed": N_("Code lapsed"),
    "none": N_("No account yet"),
}


@dataclass(frozen=True)
class Heading:
    """What was asked, for the lines above a table."""

    enterprise: str
    uscc: str
    plan: str
    on: date
    known_at: datetime | None
    confirmed_on: date | None
    made_at: datetime
    provisional: bool


def head(heading: Heading, _: Text) -> tuple[tuple[str, Cell], ...]:
    """Give the lines above a table."""
    known_at = shanghai_time(heading.known_at) if heading.known_at else _("this moment")
    return (
        (_("Enterprise"), heading.enterprise),
        (_("Unified social credit code"), heading.uscc),
        (_("Plan"), plan_title(heading.plan, heading.provisional, _)),
        (_("Up to day"), heading.on),
        (_("As known at"), known_at),
        (_("Roster confirmed"), heading.confirmed_on),
        (_("Exported"), shanghai_time(heading.made_at)),
    )


def missing_table(rows: Iterable[Cells], heading: Heading, _: Text) -> Table:
    """Give who is missing: name, masked ID, post, trade, in post since, course, reason, its day, how many, last day."""
    columns = (
        *_in_post(_),
        Column(_("First course missing"), width=30),
        Column(_("Reason")),
        Column(_("Since"), "day"),
        Column(_("Courses missing"), "count"),
        Column(_("Last learned"), "day"),
    )
    return Table(_("Who is missing"), columns, rows, head(heading, _))


def _in_post(_: Text) -> tuple[Column, ...]:
    return (
        Column(_("Name"), width=12),
        Column(_("Resident ID"), width=22),
        Column(_("Post"), width=28),
        Column(_("Trade"), width=12),
        Column(_("In post since"), "day"),
    )


def roster_table(rows: Iterable[Cells], heading: Heading, _: Text) -> Table:
    """Give the roster: name, masked ID, post, trade, first and last day, courses, standing, account."""
    columns = (
        *_in_post(_),
        Column(_("Last day in post"), "day"),
        Column(_("Courses held"), "count"),
        Column(_("Courses required"), "count"),
        Column(_("Standing")),
        Column(_("Account")),
    )
    return Table(_("Roster"), columns, rows, head(heading, _))


def counted_table(rows: Iterable[Cells], heading: Heading, _: Text) -> Table:
    """Give who is counted in the figures: name, masked ID, post, standing, since when, courses, last completed."""
    columns = (
        Column(_("Name"), width=12),
        Column(_("Resident ID"), width=22),
        Column(_("Post"), width=28),
        Column(_("Standing")),
        Column(_("Standing since"), "day"),
        Column(_("Courses held"), "count"),
        Column(_("Courses required"), "count"),
        Column(_("Last completed on"), "day"),
    )
    return Table(_("Who is counted"), columns, rows, head(heading, _))

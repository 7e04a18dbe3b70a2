"""Tables about one enterprise for export: who is missing, the roster. `text` translates a msgid for the reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.kit.dates import SHANGHAI
from app.ops.i18n import N_
from app.reports.exports import Cell, Column, Table

Text = Callable[..., str]
Cells = tuple[Cell, ...]
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


def head(heading: Heading, text: Text) -> tuple[tuple[str, Cell], ...]:
    """Give the lines above a table."""
    known_at = _moment(heading.known_at) if heading.known_at else text("this moment")
    return (
        (text("Enterprise"), heading.enterprise),
        (text("Unified social credit code"), heading.uscc),
        (text("Plan"), heading.plan),
        (text("Up to day"), heading.on),
        (text("As known at"), known_at),
        (text("Roster confirmed"), heading.confirmed_on),
        (text("Exported"), _moment(heading.made_at)),
    )


def _moment(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def missing_table(rows: Iterable[Cells], heading: Heading, text: Text) -> Table:
    """Give who is missing: name, masked ID, post, trade, in post since, course, reason, its day, how many, last day."""
    columns = (
        Column(text("Name"), width=12),
        Column(text("Resident ID"), width=22),
        Column(text("Post"), width=28),
        Column(text("Trade"), width=12),
        Column(text("In post since"), "day"),
        Column(text("First course missing"), width=30),
        Column(text("Reason")),
        Column(text("Since"), "day"),
        Column(text("Courses missing"), "count"),
        Column(text("Last learned"), "day"),
    )
    return Table(text("Who is missing"), columns, rows, head(heading, text))


def roster_table(rows: Iterable[Cells], heading: Heading, text: Text) -> Table:
    """Give the roster: name, masked ID, post, trade, first and last day, courses, standing, account."""
    columns = (
        Column(text("Name"), width=12),
        Column(text("Resident ID"), width=22),
        Column(text("Post"), width=28),
        Column(text("Trade"), width=12),
        Column(text("In post since"), "day"),
        Column(text("Last day in post"), "day"),
        Column(text("Courses held"), "count"),
        Column(text("Courses required"), "count"),
        Column(text("Standing")),
        Column(text("Account")),
    )
    return Table(text("Roster"), columns, rows, head(heading, text))

"""The table of who became covered, or ceased to be, between two days, for export. `_` translates for the reader."""

from collections.abc import Iterable

from app.coverage.queries.turns import Turning
from app.ops.i18n import N_
from app.reports.coverage import REASON_WORDS
from app.reports.exports import Cell, Column, Table, Text

TITLES = {"gained": N_("Who became covered"), "lost": N_("Who lapses")}
CAUSE_WORDS = REASON_WORDS | {
    "": N_("Course completed"),
    "waived": N_("Waived"),
    "waiver_ended": N_("Waiver ended"),
}


def turns_table(
    turning: Turning, rows: Iterable[tuple[Cell, ...]], head: tuple[tuple[str, Cell], ...], _: Text
) -> Table:
    """Give who turned: the day, name, masked ID, enterprise, region, post, course, and why; above it, which turns."""
    kind = _(TITLES[turning.kind])
    which = ((_("Which"), kind), (_("First day"), turning.from_on), (_("Last day of the span"), turning.to_on))
    columns = (
        Column(_("Day"), "day"),
        Column(_("Name"), width=12),
        Column(_("Resident ID"), width=22),
        Column(_("Enterprise"), width=34),
        Column(_("Region")),
        Column(_("Post"), width=28),
        Column(_("Course"), width=30),
        Column(_("Why")),
    )
    return Table(kind, columns, rows, (*which, *head))

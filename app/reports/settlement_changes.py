"""Tables about settlements for export: the list of them, and what was recorded since one, posting by posting."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from app.coverage.queries.comparing import Difference
from app.coverage.queries.settlements import Settled
from app.kit.dates import shanghai_time
from app.reports.coverage import STATUS_WORDS, plan_title
from app.reports.exports import Cell, Column, Table, Text


def list_table(settled: Iterable[Settled], _: Text) -> Table:
    """Give the list of settlements."""
    columns = (
        Column(_("Action plan"), width=36),
        Column(_("Region")),
        Column(_("Up to day"), "day"),
        Column(_("Required"), "count"),
        Column(_("Covered"), "count"),
        Column(_("Waived"), "count"),
        Column(_("Coverage rate"), "ratio"),
        Column(_("Settled at"), width=20),
        Column(_("Settled by")),
        Column(_("Validity"), width=12),
        Column(_("Content hash"), width=66),
    )
    return Table(_("Settlements"), columns, (_settled(one, _) for one in settled))


def _settled(one: Settled, _: Text) -> tuple[Cell, ...]:
    head = one.head
    state = _("In force") if one.superseded_by is None else _("Superseded")
    when = shanghai_time(head.known_at)
    return (
        plan_title(head.plan_name, head.provisional, _),
        head.region_name,
        head.on,
        *one.whole,
        one.ratio,
        when,
        head.settled_by,
        state,
        one.seal.hash,
    )


def comparison_table(
    settled: Settled, differences: Iterable[Difference], kinds: Mapping[str, str], now: datetime, _: Text
) -> Table:
    """Give every difference: a line for the enterprise, settled and now, and one for each posting since."""
    head = settled.head
    columns = (
        Column(_("Unified social credit code"), width=22),
        Column(_("Enterprise"), width=36),
        Column(_("Entry or side"), width=26),
        Column(_("Recorded"), width=20),
        Column(_("Required"), "count"),
        Column(_("Covered"), "count"),
        Column(_("Waived"), "count"),
        Column(_("Status before")),
        Column(_("Status after")),
    )
    told: tuple[tuple[str, Cell], ...] = (
        (_("Action plan"), plan_title(head.plan_name, head.provisional, _)),
        (_("Region"), head.region_name),
        (_("Up to day"), head.on),
        (_("Settled at"), shanghai_time(head.known_at)),
        (_("Compared at"), shanghai_time(now)),
        (_("Content hash"), settled.seal.hash),
    )
    return Table(_("Settlement compared"), columns, _lines(differences, kinds, _), told)


def _lines(differences: Iterable[Difference], kinds: Mapping[str, str], _: Text) -> Iterator[tuple[Cell, ...]]:
    for one in differences:
        who = (one.uscc, one.name)
        yield (*who, _("As settled"), None, *one.settled.tally, "", _status(one.settled.status, _))
        for change in one.changes:
            before, after = _status(change.before, _), _status(change.after, _)
            when = shanghai_time(change.recorded_at) if change.recorded_at else None
            yield (*who, _(kinds.get(change.kind, change.kind)), when, *change.tally, before, after)
        yield (*who, _("As known now"), None, *one.current.tally, "", _status(one.current.status, _))


def _status(status: str, _: Text) -> str:
    return _(STATUS_WORDS[status]) if status else ""


def people_table(settled: Settled, enterprise: str, rows: Iterable[tuple[Cell, ...]], now: datetime, _: Text) -> Table:
    """Give who is behind a difference at an enterprise: name, post, standing before and after, and what it changed."""
    head = settled.head
    columns = (
        Column(_("Name"), width=12),
        Column(_("Post"), width=28),
        Column(_("Before")),
        Column(_("After")),
        Column(_("Required"), "count"),
        Column(_("Covered"), "count"),
        Column(_("Waived"), "count"),
    )
    above = (
        (_("Enterprise"), enterprise),
        (_("Action plan"), plan_title(head.plan_name, head.provisional, _)),
        (_("Up to day"), head.on),
        (_("Settled at"), shanghai_time(head.known_at)),
        (_("Exported"), shanghai_time(now)),
    )
    return Table(_("Whose standing differs"), columns, rows, above)

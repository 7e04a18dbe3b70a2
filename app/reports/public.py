"""A public page's figures for machines: JSON and one tidy table, each with its notes and its licence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.coverage.disclosure import Cell, Shown
from app.coverage.ledger import ratio
from app.coverage.queries.public import PublicFigures, Sample
from app.kit.dates import SHANGHAI, end_of
from app.ops.i18n import N_
from app.reports.exports import Column, Table

Say = Callable[..., str]
LICENCE = N_("Free to use, share and adapt; name the source and the day of the figures.")
SMALL = N_(
    "Rows about fewer than 5 posts, or to which fewer than 3 enterprises with anybody to train contribute, are united "
    "with others, and with the next smallest where subtraction would tell them."
)
COUNTS = N_(
    "Fewer than 3 enterprises of a status are not told apart, nor how many declared, are stale or waived where that "
    "would tell them."
)
MONTHLY = N_(
    "The figures move on once a month, to what was known at the end of the month before, so that no day's change tells "
    "of a single enterprise. Later corrections change later months' pages."
)
UNDECLARED = N_("Enterprises that have not declared count with no post, so the rate stands with how many declared.")
ABOUT = N_("One post held by one person counts once; it is covered when all its required courses are completed.")
PROVISIONAL = N_("Provisional plan")
NOTES = (ABOUT, UNDECLARED, SMALL, COUNTS, MONTHLY)
COLUMNS = (
    *(Column(name) for name in ("plan", "region", "on", "known_at", "part", "code", "name")),
    *(Column(name, "count") for name in ("required", "covered")),
    Column("ratio", "ratio"),
    *(Column(name, "count") for name in ("enterprises", "declared")),
)


@dataclass(frozen=True)
class PublicReport:
    """The figures with what names them: the region's name, where they stand, and when all figures were checked."""

    figures: PublicFigures
    region_name: str
    address: str
    above: str | None
    checked_at: datetime | None
    differences: int
    names: dict[str, str]


def as_json(report: PublicReport, say: Say) -> dict[str, Any]:
    """Give the figures as a JSON value; what is withheld is null."""
    figures = report.figures
    return {
        "plan": {"code": figures.plan.code, "name": figures.plan.name, "provisional": figures.plan.provisional},
        "region": {"code": figures.region, "name": report.region_name},
        "on": figures.on.isoformat(),
        "known_at": _known_at(figures),
        "starts_on": figures.plan.starts_on.isoformat(),
        "deadline": figures.plan.deadline.isoformat(),
        "withheld": withheld(figures),
        **_counts(figures.total),
        "waived": figures.waived,
        "stale": figures.stale,
        "by_status": by_status(figures),
        "by_region": _table(figures.regions, report, say),
        "by_industry": _table(figures.industries, report, say),
        "by_post": _table(figures.posts, report, say),
        "trend": [_sample(sample) for sample in figures.past],
        "above": report.above,
        "checked_at": report.checked_at.astimezone(SHANGHAI).isoformat() if report.checked_at else None,
        "differences": report.differences if report.checked_at else None,
        "notes": [say(note) for note in NOTES],
        "licence": say(LICENCE),
        "source": report.address,
    }


def as_table(report: PublicReport, say: Say) -> Table:
    """Give the figures as one tidy table: `part` says what a row is about; the notes are its last rows."""
    return Table("", COLUMNS, list(_lines(report, say)))


def withheld(figures: PublicFigures) -> str | None:
    """Say why there is no figure: it is about too few, or the page above unites it with others; None when there is."""
    if figures.united_above:
        return "united_above"
    return "small" if figures.total is None else None


def by_status(figures: PublicFigures) -> dict[str, int] | None:
    """Give enterprises by status, `other` for those whose status is not told; None when none is told."""
    told, other = figures.statuses.told, figures.statuses.other
    return {**told, **({"other": other} if other else {})} if told else None


def _counts(cell: Cell | None) -> dict[str, Any]:
    if cell is None:
        return dict.fromkeys(("required", "covered", "ratio", "enterprises", "declared"))
    counted = {} if cell.enterprises is None else {"enterprises": cell.enterprises, "declared": cell.declared}
    share = ratio(cell.required, cell.covered)
    return {"required": cell.required, "covered": cell.covered, "ratio": share, **counted}


def _sample(sample: Sample) -> dict[str, Any]:
    share = ratio(sample.required, sample.covered)
    return {"on": sample.on.isoformat(), "required": sample.required, "covered": sample.covered, "ratio": share}


def _table(shown: Shown, report: PublicReport, say: Say) -> dict[str, Any] | None:
    if shown.withheld:
        return None
    other = {"united": shown.merged, **_counts(shown.other)} if shown.other else None
    rows = [{"code": cell.code, "name": name_of(cell, report, say), **_counts(cell)} for cell in shown.rows]
    return {"rows": rows, "other": other}


def name_of(cell: Cell, report: PublicReport, say: Say) -> str:
    """Name a row: a region by its present name, the region's own enterprises as such."""
    if cell.code == report.figures.region:
        return say(N_("Directly under %(region)s"), region=report.region_name)
    return report.names.get(cell.code, cell.name)


def _known_at(figures: PublicFigures) -> str:
    return end_of(figures.known_on).astimezone(SHANGHAI).isoformat(timespec="seconds")


def _lines(report: PublicReport, say: Say) -> Iterator[Sequence[Any]]:
    figures = report.figures
    key = (figures.plan.code, figures.region, figures.on, _known_at(figures))
    if figures.total:
        yield (*key, "total", figures.region, report.region_name, *_values(figures.total))
    for part, shown in (("region", figures.regions), ("industry", figures.industries), ("post", figures.posts)):
        for cell in shown.rows:
            yield (*key, part, cell.code, name_of(cell, report, say), *_values(cell))
        if shown.other:
            united = say(N_("Others, %(n)s united"), n=shown.merged)
            yield (*key, part, "", united, *_values(shown.other))
    for status, count in (by_status(figures) or {}).items():
        yield (*key, "status", status, "", None, None, None, count, None)
    for s in figures.past:
        share = ratio(s.required, s.covered)
        yield (*key, "trend", s.on.isoformat(), "", s.required, s.covered, share, None, None)
    for note in (*((PROVISIONAL,) if figures.plan.provisional else ()), *NOTES, LICENCE):
        yield (*key, "note", "", say(note), None, None, None, None, None)


def _values(cell: Cell) -> tuple[Any, ...]:
    return cell.required, cell.covered, ratio(cell.required, cell.covered), cell.enterprises, cell.declared

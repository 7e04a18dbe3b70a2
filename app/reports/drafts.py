"""Tables about a draft plan for export: figures now and under the draft by region, post, industry, course, enterprise.

Above them stand both plans, the place, the day and as of when the facts were read. `_` translates a msgid.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.coverage.ledger import ratio
from app.coverage.queries.drafts import CourseLine, EnterpriseLine, Pair
from app.kit.dates import shanghai_time
from app.ops.i18n import N_
from app.reports.coverage import STATUS_WORDS
from app.reports.exports import Cell, Column, Table, Text

COUNTS = (N_("Required now"), N_("Covered now"), N_("Required, draft"), N_("Covered, draft"))
CHANGES = (N_("Change of required"), N_("Change of missing"))
RATIOS = (N_("Coverage rate now"), N_("Coverage rate, draft"))
COURSES = (COUNTS[0], COUNTS[2], N_("Missing now"), N_("Missing, draft"), N_("Newly missing"))
STANDINGS = (N_("Key industry now"), N_("Key industry, draft"), N_("Status now"), N_("Status, draft"))
OUTSIDE = N_("Outside the plan")


@dataclass(frozen=True)
class Heading:
    """What was compared; `base` is '' where there is nothing to compare with."""

    draft: str
    base: str
    region: str
    on: date
    as_of: datetime | None


@dataclass(frozen=True)
class Part:
    """A way to split the figures: what it is called, what its rows are, and the rows."""

    name: str
    title: str
    rows: tuple[tuple[str, Pair], ...]


def tables(
    heading: Heading,
    whole: Pair,
    parts: Iterable[Part],
    courses: tuple[CourseLine, ...],
    enterprises: Iterable[EnterpriseLine],
    _: Text,
) -> Iterator[Table]:
    """Give the tables of a comparison; the first has the heading, each part its total; courses may be left out.

    The enterprises come with names for the codes of regions and industries.
    """
    above = _head(heading, _)
    for part in parts:
        rows = [(name, *_sums(pair)) for name, pair in (*part.rows, (_("Total"), whole))]
        yield Table(part.name, (Column(part.title, width=28), *_columns(_)), rows, above)
        above = ()
    if courses:
        yield Table(
            _("Courses"),
            (Column(_("Course"), width=36), *(Column(_(title), "count", 14) for title in COURSES)),
            [
                (c.title, c.required_now, c.required_then, c.missing_now, c.missing_then, c.newly_missing)
                for c in courses
            ],
        )
    yield _enterprises(enterprises, _)


def _enterprises(rows: Iterable[EnterpriseLine], _: Text) -> Table:
    columns = (
        Column(_("Unified social credit code"), width=22),
        Column(_("Enterprise"), width=36),
        Column(_("Region")),
        *(Column(_(title)) for title in STANDINGS),
        *_columns(_),
    )
    lines = (
        (
            row.uscc,
            row.name,
            row.region,
            row.industry_now,
            row.industry_then,
            _(STATUS_WORDS.get(row.status_now, OUTSIDE)),
            _(STATUS_WORDS.get(row.status_then, OUTSIDE)),
            *_sums(row.pair),
        )
        for row in rows
    )
    return Table(_("Enterprises with changes"), columns, lines)


def _head(heading: Heading, _: Text) -> tuple[tuple[str, Cell], ...]:
    as_of = shanghai_time(heading.as_of) if heading.as_of else ""
    return (
        (_("Draft plan"), heading.draft),
        (_("Compared with"), heading.base or _("nothing")),
        (_("Region"), heading.region),
        (_("Up to day"), heading.on),
        (_("Facts as of"), as_of),
    )


def _columns(_: Text) -> tuple[Column, ...]:
    counts = (Column(_(title), "count", 14) for title in (*COUNTS, *CHANGES))
    return (*counts, *(Column(_(title), "ratio", 14) for title in RATIOS))


def _sums(pair: Pair) -> tuple[Cell, ...]:
    now, then = pair.now, pair.then
    counts = (now.required, now.covered, then.required, then.covered, pair.required, pair.missing)
    return (*counts, ratio(now.required, now.covered), ratio(then.required, then.covered))

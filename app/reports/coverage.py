"""Tables about coverage for export: figures by region, industry and post; enterprises; who is missing.

Above each stand the plan, the place, the day, the instant of knowledge and what was counted, so that a sheet that
travels still says what it shows. `text` translates a msgid into the reader's language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.coverage.ledger import NOTHING, Tally, ratio
from app.coverage.queries import EnterpriseRow, Figures, MissingRow
from app.coverage.queries.dashboard import Dashboard
from app.kit.dates import SHANGHAI
from app.ops.i18n import N_
from app.plans.queries import Plan
from app.reports.exports import Cell, Column, Table

Text = Callable[..., str]

STATUS_WORDS = {
    "undeclared": N_("Undeclared"),
    "incomplete": N_("Posts incomplete"),
    "not_applicable": N_("Nobody to train"),
    "none": N_("Nobody covered"),
    "partial": N_("Partly covered"),
    "full": N_("Fully covered"),
}
REASON_WORDS = {
    "never_started": N_("Not started"),
    "in_progress": N_("Learning"),
    "failed": N_("Not passed"),
    "expired": N_("Expired"),
    "outdated": N_("To be retaken"),
    "revoked": N_("Revoked"),
}


@dataclass(frozen=True)
class Heading:
    """What was asked, for the lines above a table; `region` is a name, `narrowed` names of an industry or post."""

    plan: Plan
    region: str
    on: date
    forecast: bool
    known_at: datetime | None
    key_enterprises: bool
    narrowed: tuple[str, ...]
    made_at: datetime


def head(heading: Heading, text: Text) -> tuple[tuple[str, Cell], ...]:
    """Give the lines above a table."""
    counted = text("Key enterprises") if heading.key_enterprises else text("All enterprises")
    lines: list[tuple[str, Cell]] = [
        (text("Plan"), heading.plan.name + (text(" (provisional)") if heading.plan.provisional else "")),
        (text("Region"), heading.region),
        (text("Up to day"), heading.on),
        (text("As known at"), _moment(heading.known_at) if heading.known_at else text("this moment")),
        (text("Counted"), text(", ").join((counted, *heading.narrowed))),
        (text("Exported"), _moment(heading.made_at)),
    ]
    if heading.forecast:
        lines.insert(3, (text("Forecast"), text("The day is still to come: what is known today, carried forward.")))
    return tuple(lines)


def _moment(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def overview_tables(
    board: Dashboard, region: str, names: Mapping[str, str], heading: Heading, text: Text
) -> tuple[Table, ...]:
    """Give the tables of a region: by region below, by industry, by post, and posts by industries; totals last."""
    plan, whole = board.question.plan, board.figures()
    sums = (_count(text("Required")), _count(text("Covered")), _count(text("Waived")), _ratio(text))
    standing = (_count(text("Enterprises")), _count(text("Declared")), _count(text("Stale roster")))
    regions = Table(
        text("By region"),
        (Column(text("Region code")), Column(text("Region")), *sums, *standing),
        _region_rows(board.by_region(region), region, names, whole, text),
        head(heading, text),
    )
    industries = {i.code: i.name for i in plan.industries}
    posts = {p.code: p.name for p in plan.posts}
    return (
        regions,
        _sums_table(text("By industry"), text("Key industry"), industries, board.by_industry(), whole.tally, text),
        _sums_table(text("By post"), text("Post"), posts, board.by_post(), whole.tally, text),
        Table(
            text("Posts by industries"),
            (Column(text("Post"), width=28), Column(text("Key industry")), *sums),
            _pairs(posts, industries, board.by_post_and_industry()),
        ),
    )


def _region_rows(
    rows: Mapping[str, Figures], own: str, names: Mapping[str, str], whole: Figures, text: Text
) -> Iterator[tuple[Cell, ...]]:
    for code, figures in rows.items():
        name = text("Directly under %(region)s", region=names[code]) if code == own else names.get(code, code)
        yield (code, name, *_sums(figures.tally), figures.enterprises, figures.declared, figures.stale)
    yield ("", text("Total"), *_sums(whole.tally), whole.enterprises, whole.declared, whole.stale)


def _sums_table(  # a name, what it lists, and what it sums
    name: str, title: str, names: Mapping[str, str], rows: Mapping[str, Tally], whole: Tally, text: Text
) -> Table:
    sums = (_count(text("Required")), _count(text("Covered")), _count(text("Waived")), _ratio(text))
    lines = [(label, *_sums(rows.get(code, NOTHING))) for code, label in names.items()]
    return Table(name, (Column(title, width=28), *sums), (*lines, (text("Total"), *_sums(whole))))


def _pairs(
    posts: Mapping[str, str], industries: Mapping[str, str], cells: Mapping[tuple[str, str], Tally]
) -> Iterator[tuple[Cell, ...]]:
    for post, post_name in posts.items():
        for industry, industry_name in industries.items():
            yield (post_name, industry_name, *_sums(cells.get((post, industry), NOTHING)))


def enterprise_table(rows: Iterable[EnterpriseRow], heading: Heading, text: Text) -> Table:
    """Give the list of enterprises; what an undeclared one has is left blank, for it is not known."""
    columns = (
        Column(text("Unified social credit code"), width=22),
        Column(text("Enterprise"), width=36),
        Column(text("Region")),
        Column(text("Key industry")),
        Column(text("Key enterprise")),
        Column(text("Status")),
        _count(text("Required")),
        _count(text("Covered")),
        _count(text("Waived")),
        _ratio(text),
        _count(text("Missing")),
        _count(text("On roster")),
        _count(text("Insured")),
        Column(text("Roster confirmed"), "day"),
        Column(text("Stale")),
    )
    industries = {i.code: i.name for i in heading.plan.industries}
    lines = (_enterprise(row, industries, text) for row in rows)
    return Table(text("Enterprises"), columns, lines, head(heading, text))


def _enterprise(row: EnterpriseRow, industries: Mapping[str, str], text: Text) -> tuple[Cell, ...]:
    unknown = row.status == "undeclared"
    sums: tuple[Cell, ...] = (None, None, None, None) if unknown else _sums(row.figures.tally)
    return (
        row.uscc,
        row.name,
        row.region_name,
        industries.get(row.industry, row.industry),
        text("yes") if row.key_enterprise else text("no"),
        text(STATUS_WORDS[row.status]),
        *sums,
        None if unknown else row.missing,
        None if unknown else row.roster,
        row.insured,
        row.confirmed_on,
        text("yes") if row.stale else text("no"),
    )


def missing_table(
    rows: Iterable[MissingRow],
    regions: Mapping[str, str],
    courses: Mapping[str, str],
    heading: Heading,
    text: Text,
) -> Table:
    """Give who is missing and why; resident IDs are masked."""
    columns = (
        Column(text("Name"), width=12),
        Column(text("Resident ID"), width=22),
        Column(text("Unified social credit code"), width=22),
        Column(text("Enterprise"), width=36),
        Column(text("Region")),
        Column(text("Key industry")),
        Column(text("Post"), width=24),
        Column(text("First course missing"), width=30),
        Column(text("Reason")),
        Column(text("Courses missing"), "count"),
        Column(text("Uncovered since"), "day"),
    )
    industries = {i.code: i.name for i in heading.plan.industries}
    posts = {p.code: p.name for p in heading.plan.posts}
    lines = (
        (
            row.name,
            row.resident_id_masked,
            row.uscc,
            row.enterprise,
            regions.get(row.region, row.region),
            industries.get(row.industry, row.industry),
            posts.get(row.post, row.post),
            courses.get(row.missing[0].course, row.missing[0].course),
            text(REASON_WORDS[row.reason]),
            len(row.missing),
            row.since,
        )
        for row in rows
    )
    return Table(text("Who is missing"), columns, lines, head(heading, text))


def _sums(tally: Tally) -> tuple[Cell, ...]:
    return (tally.required, tally.covered, tally.waived, ratio(tally.required, tally.covered))


def _count(title: str) -> Column:
    return Column(title, "count")


def _ratio(text: Text) -> Column:
    return Column(text("Coverage rate"), "ratio")

"""Tables about coverage for export: figures by region, industry and post; enterprises; waivers.

Above each stand the plan, the place, the day, the instant of knowledge and what was counted, so that a sheet that
travels still says what it shows. `_` translates a msgid into the reader's language.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.coverage.ledger import NOTHING, Tally, ratio
from app.coverage.queries import EnterpriseRow, Figures
from app.coverage.queries.dashboard import Dashboard
from app.coverage.queries.waived import WaivedRow
from app.kit.dates import add_days, shanghai_time
from app.ops.i18n import N_
from app.plans.queries import Plan
from app.reports.exports import Cell, Column, Table, Text

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
    """What was asked, for the lines above a table; `region` is a name, `narrowed` names of an industry or post.

    delay: seconds by which a replica that was read may lag behind; None: it was the database itself.
    """

    plan: Plan
    region: str
    on: date
    forecast: bool
    known_at: datetime | None
    key_enterprises: bool
    narrowed: tuple[str, ...]
    made_at: datetime
    delay: int | None = None


def head(heading: Heading, _: Text) -> tuple[tuple[str, Cell], ...]:
    """Give the lines above a table."""
    counted = _("Key enterprises") if heading.key_enterprises else _("All enterprises")
    lines: list[tuple[str, Cell]] = [
        (_("Plan"), plan_title(heading.plan.name, heading.plan.provisional, _)),
        (_("Region"), heading.region),
        (_("Up to day"), heading.on),
        (_("As known at"), shanghai_time(heading.known_at) if heading.known_at else _("this moment")),
        (_("Counted"), _(", ").join((counted, *heading.narrowed))),
        (_("Exported"), shanghai_time(heading.made_at)),
    ]
    if heading.forecast:
        lines.insert(3, (_("Forecast"), _("The day is still to come: what is known today, carried forward.")))
    if heading.delay is not None:
        lines.append((_("Read from"), _("a read-only replica, at most %(n)s s behind", n=heading.delay)))
    return tuple(lines)


def plan_title(name: str, provisional: bool, _: Text) -> str:  # noqa: FBT001 - as plans and settlements have it
    """Give a plan's name, and say where the figures follow one that is not published yet (暂行口径)."""
    return name + (_(" (provisional)") if provisional else "")


def overview_tables(
    board: Dashboard, region: str, names: Mapping[str, str], heading: Heading, _: Text
) -> tuple[Table, ...]:
    """Give the tables of a region: by region below, by industry, by post, and posts by industries; totals last."""
    plan, whole = board.question.plan, board.figures()
    sums = (_count(_("Required")), _count(_("Covered")), _count(_("Waived")), _ratio(_))
    standing = (_count(_("Enterprises")), _count(_("Declared")), _count(_("Stale roster")))
    regions = Table(
        _("By region"),
        (Column(_("Region code")), Column(_("Region")), *sums, *standing),
        _region_rows(board.by_region(region), region, names, whole, _),
        head(heading, _),
    )
    industries = plan.industry_names
    posts = plan.post_names
    return (
        regions,
        _sums_table(_("By industry"), _("Key industry"), industries, board.by_industry(), whole.tally, _),
        _sums_table(_("By post"), _("Post"), posts, board.by_post(), whole.tally, _),
        Table(
            _("Posts by industries"),
            (Column(_("Post"), width=28), Column(_("Key industry")), *sums),
            _pairs(posts, industries, board.by_post_and_industry()),
        ),
    )


def _region_rows(
    rows: Mapping[str, Figures], own: str, names: Mapping[str, str], whole: Figures, _: Text
) -> Iterator[tuple[Cell, ...]]:
    for code, figures in rows.items():
        name = _("Directly under %(region)s", region=names[code]) if code == own else names.get(code, code)
        yield (code, name, *_sums(figures.tally), figures.enterprises, figures.declared, figures.stale)
    yield ("", _("Total"), *_sums(whole.tally), whole.enterprises, whole.declared, whole.stale)


def _sums_table(  # a name, what it lists, and what it sums
    name: str, title: str, names: Mapping[str, str], rows: Mapping[str, Tally], whole: Tally, _: Text
) -> Table:
    sums = (_count(_("Required")), _count(_("Covered")), _count(_("Waived")), _ratio(_))
    lines = [(label, *_sums(rows.get(code, NOTHING))) for code, label in names.items()]
    return Table(name, (Column(title, width=28), *sums), (*lines, (_("Total"), *_sums(whole))))


def _pairs(
    posts: Mapping[str, str], industries: Mapping[str, str], cells: Mapping[tuple[str, str], Tally]
) -> Iterator[tuple[Cell, ...]]:
    for post, post_name in posts.items():
        for industry, industry_name in industries.items():
            yield (post_name, industry_name, *_sums(cells.get((post, industry), NOTHING)))


def enterprise_table(rows: Iterable[EnterpriseRow], heading: Heading, _: Text) -> Table:
    """Give the list of enterprises; what an undeclared one has is left blank, for it is not known."""
    columns = (
        Column(_("Unified social credit code"), width=22),
        Column(_("Enterprise"), width=36),
        Column(_("Region")),
        Column(_("Key industry")),
        Column(_("Key enterprise")),
        Column(_("Status")),
        _count(_("Required")),
        _count(_("Covered")),
        _count(_("Waived")),
        _ratio(_),
        _count(_("Missing")),
        _count(_("On roster")),
        _count(_("Insured")),
        Column(_("Roster confirmed"), "day"),
        Column(_("Stale")),
    )
    industries = heading.plan.industry_names
    lines = (_enterprise(row, industries, _) for row in rows)
    return Table(_("Enterprises"), columns, lines, head(heading, _))


def _enterprise(row: EnterpriseRow, industries: Mapping[str, str], _: Text) -> tuple[Cell, ...]:
    unknown = row.status == "undeclared"
    sums: tuple[Cell, ...] = (None, None, None, None) if unknown else _sums(row.figures.tally)
    return (
        row.uscc,
        row.name,
        row.region_name,
        industries.get(row.industry, row.industry),
        _("yes") if row.key_enterprise else _("no"),
        _(STATUS_WORDS[row.status]),
        *sums,
        None if unknown else row.missing,
        None if unknown else row.roster,
        row.insured,
        row.confirmed_on,
        _("yes") if row.stale else _("no"),
    )


def waived_table(rows: Iterable[WaivedRow], heading: Heading, _: Text) -> Table:
    """Give the waivers in force, their last days included."""
    columns = (
        Column(_("Name"), width=12),
        Column(_("Enterprise"), width=36),
        Column(_("Post"), width=24),
        Column(_("From"), "day"),
        Column(_("Last day"), "day"),
        Column(_("Why"), width=40),
        Column(_("Granted by")),
        Column(_("Recorded"), width=20),
    )
    posts = heading.plan.post_names
    lines = (
        (
            row.name,
            row.enterprise,
            posts.get(row.post, row.post),
            row.from_on,
            add_days(row.until_on, -1) if row.until_on else None,
            row.reason,
            row.actor,
            shanghai_time(row.recorded_at),
        )
        for row in rows
    )
    return Table(_("Waivers"), columns, lines, head(heading, _))


def _sums(tally: Tally) -> tuple[Cell, ...]:
    return (tally.required, tally.covered, tally.waived, ratio(tally.required, tally.covered))


def _count(title: str) -> Column:
    return Column(title, "count")


def _ratio(_: Text) -> Column:
    return Column(_("Coverage rate"), "ratio")

"""What a comparison found, with names for codes: figures by place, post, industry, course, enterprise; differences."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from app.catalogue import queries as catalogue
from app.coverage.ledger import roll_up
from app.coverage.queries import drafts as results
from app.coverage.queries.drafts import Pair
from app.coverage.queries.runs import RunRow
from app.kit.offline import marked
from app.ops.db import Session
from app.organisations.regions import RegionTree
from app.plans.changes import Change, changes
from app.plans.queries import Plan
from app.web.bureau.draft_shapes import ChangeLine, Found, PairLine

SHOWN = 10
"""How many enterprises the first page names."""


def found(session: Session, run: RunRow, base: Plan | None, draft: Plan, tree: RegionTree, place: str) -> Found:
    """Put a comparison in names, for one of its regions with all below it."""
    here = tree.within(place)

    def split(by: results.By) -> dict[str, Pair]:
        return results.figures(session, run.id, here, by)

    by_key = split("key")
    posts = called((p.code, p.name) for plan in (draft, base) if plan for p in plan.posts)
    industries = called((i.code, i.name) for plan in (draft, base) if plan for i in plan.industries)
    listed = results.enterprises(session, run.id, here, size=SHOWN)
    return Found(
        whole=results.total([results.statuses(session, run.id, here), *by_key.values()]),
        key=by_key.get("1", Pair()),
        places=_places(split("region"), tree, place),
        posts=_named(split("post"), posts),
        industries=_named(split("industry"), industries),
        courses=_courses(session, run.id),
        enterprises=tuple(with_names(line, industries, tree) for line in listed.rows),
    )


def called(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give names by code; of several for one code the first."""
    found: dict[str, str] = {}
    for code, name in pairs:
        found.setdefault(code, name)
    return found


def _places(sums: Mapping[str, Pair], tree: RegionTree, place: str) -> tuple[PairLine, ...]:
    """Give a line for each region below with anybody to train, and for the region's own enterprises."""
    parents = {code: row.parent for code, row in tree.rows.items()}
    lines = []
    for code, pairs in roll_up(parents, sums, place).items():
        if pairs:
            own = code == place
            name = "" if own else tree.name(code)
            lines.append(PairLine(code, name, results.total(pairs), own))
    return tuple(sorted(lines, key=lambda line: (line.own, -line.pair.missing, line.code)))


def _named(sums: Mapping[str, Pair], names: Mapping[str, str]) -> tuple[PairLine, ...]:
    return tuple(PairLine(code, name, sums.get(code, Pair())) for code, name in names.items())


def _courses(session: Session, run_id: int) -> tuple[results.CourseLine, ...]:
    titles = catalogue.titles(session)
    listed = results.courses(session, run_id)
    return tuple(replace(line, title=titles.get(line.course, line.course)) for line in listed)


def with_names(line: results.EnterpriseLine, industries: Mapping[str, str], tree: RegionTree) -> results.EnterpriseLine:
    """Put names for codes."""
    return replace(
        line,
        region=tree.name(line.region),
        industry_now=industries.get(line.industry_now, line.industry_now),
        industry_then=industries.get(line.industry_then, line.industry_then),
    )


def differences(
    session: Session, base: Plan | None, draft: Plan, tree: RegionTree, today: date, *, past: bool
) -> tuple[ChangeLine, ...]:
    """Put the differences in words; days already over are told only of a plan that has figures of them."""
    if base is None:
        return ()
    plans = (draft, base)
    names = tree.names
    titles = catalogue.titles(session)
    names |= titles | {marked(code): f"{title}（须线下）" for code, title in titles.items()}
    subjects = {i.code: i.name for plan in plans for i in plan.industries}
    subjects |= {p.code: p.name for plan in plans for p in plan.posts}
    found = changes(base, draft)
    return tuple(_change(change, subjects, names, change.past(today) if past else None) for change in found)


def _change(
    change: Change, subjects: Mapping[str, str], names: Mapping[str, str], past: tuple[date, date] | None
) -> ChangeLine:
    named = change.kind in {"regions", "requirement"}

    def told(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(value, value) for value in values) if named else values

    return ChangeLine(
        kind=change.kind,
        subject=subjects.get(change.subject, change.subject),
        industry=subjects.get(change.industry, change.industry) if change.industry else "",
        before=told(change.before),
        after=told(change.after),
        from_on=change.from_on,
        until_on=change.until_on,
        past=past,
    )

"""The figures of a plan in a region on a day, as rows to be frozen: the whole, its parts, and every enterprise."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, OWN, Tally
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry
from app.coverage.queries.answers import Figures
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.queries.dashboard import INSURED, ROSTER, Dashboard, dashboard
from app.coverage.queries.figures import coverage
from app.coverage.settlement_content import SettledRow
from app.coverage.staleness import is_stale
from app.kit.scope import Scope
from app.organisations.models import Enterprise

CHUNK = 2000
"""Rows that are read at a time."""
ID = "enterprise_id"


def parts(scope: Scope, session: Session, ask: Ask, today: date, now: datetime) -> Iterator[SettledRow]:
    """Give the whole, the key enterprises alone, and the sums by region, industry and post; `ask` names a region.

    The first row is the whole. Problem 404 or 422 when it cannot be asked.
    """
    board = dashboard(scope, session, ask, today, now)
    top = ask.region or ""
    named = board.question.names
    whole = _row("whole", named.get(top, top), board.figures(), region=top)
    yield replace(whole, roster=board.amount(ROSTER), insured=board.amount(INSURED))
    keys = board.figures(key_enterprises=True)
    yield replace(_row("key_enterprises", named.get(top, top), keys, region=top), key_enterprise=True)
    yield from _regions(scope, session, ask, board, today, now)
    by_industry = coverage(scope, session, replace(ask, by="industry"), today, now)
    for row in by_industry.rows:
        yield _row("industry", row.name, row.figures, industry=row.key)
    yield from _posts(board, {row.key: row.name for row in by_industry.rows})


def _regions(
    scope: Scope, session: Session, ask: Ask, board: Dashboard, today: date, now: datetime
) -> Iterator[SettledRow]:
    """Give every region below, those of the highest first, and apart what lies in none of a region's parts."""
    inner = {parent for parent in board.question.parents.values() if parent is not None}
    names, queue = board.question.names, [ask.region or ""]
    while queue:
        node = queue.pop(0)
        if node not in inner:
            continue
        here = board if node == ask.region else dashboard(scope, session, replace(ask, region=node), today, now)
        for code, figures in here.by_region(node).items():
            if code != node:
                queue.append(code)
                yield replace(_row("region", names[code], figures, region=code), parent=node)
            elif figures.enterprises or figures.tally != NOTHING:
                yield _row("own", f"{names[node]}{OWN}", figures, region=node)


def _posts(board: Dashboard, industries: dict[str, str]) -> Iterator[SettledRow]:
    posts = board.question.plan.post_names
    by_post, pairs = board.by_post(), board.by_post_and_industry()
    for code in dict.fromkeys([*posts, *by_post]):
        yield SettledRow("post", posts.get(code, code), by_post.get(code, NOTHING), post=code)
    found = dict.fromkeys([*((p, i) for p in posts for i in industries), *sorted(pairs)])
    for post, industry in found:
        name = f"{posts.get(post, post)} · {industries.get(industry, industry)}"
        yield SettledRow("post_industry", name, pairs.get((post, industry), NOTHING), post=post, industry=industry)


def _row(kind: str, name: str, figures: Figures, *, region: str = "", industry: str = "") -> SettledRow:
    statuses = {status: count for status, count in figures.statuses.items() if count}
    return SettledRow(
        kind, name, figures.tally, region=region, industry=industry, statuses=statuses, stale=figures.stale
    )


def enterprises(
    scope: Scope, session: Session, ask: Ask, today: date, now: datetime
) -> Iterator[tuple[int, SettledRow]]:
    """Give every enterprise taken in, with its id, by credit code; streamed."""
    question = resolve(scope, session, ask, today, now)
    with session.execute(_query(question).execution_options(yield_per=CHUNK)) as found:
        for row in found:
            yield row.id, _enterprise(row)


def _enterprise(row: Any) -> SettledRow:  # noqa: ANN401 - a row of _query
    return SettledRow(
        "enterprise",
        row.name,
        Tally(int(row.required), int(row.covered), int(row.waived)),
        region=row.region,
        industry=row.industry,
        uscc=row.uscc,
        key_enterprise=row.key_enterprise,
        status=row.status,
        stale=int(row.stale),
        roster=int(row.roster),
        insured=int(row.insured),
    )


def _query(question: Question) -> Select[*tuple[Any, ...]]:
    standing, entry = EnterpriseStanding, EnterpriseEntry
    sums = [func.sum(column).label(column.key) for column in (Entry.required, Entry.covered, Entry.waived)]
    tallies = select(Entry.enterprise_id, *sums).where(*_entries(question, Entry)).group_by(Entry.enterprise_id)
    heads = [func.sum(case((entry.kind == kind, entry.delta), else_=0)).label(kind) for kind in (ROSTER, INSURED)]
    people = select(entry.enterprise_id, *heads).where(*_entries(question, entry), entry.kind.in_((ROSTER, INSURED)))
    figures, counts = tallies.subquery(), people.group_by(entry.enterprise_id).subquery()
    amounts = [func.coalesce(c, 0).label(c.key) for part in (figures, counts) for c in part.c if c.key != ID]
    stale = is_stale(standing, question.on, question.known_at).label("stale")
    own = (standing.region, standing.industry, standing.key_enterprise, standing.status, stale)
    query: Select[*tuple[Any, ...]] = select(Enterprise.id, Enterprise.uscc, Enterprise.name, *own, *amounts)
    query = query.join(standing, standing.enterprise_id == Enterprise.id)
    for part in (figures, counts):
        query = query.outerjoin(part, part.c.enterprise_id == Enterprise.id)
    return query.where(*question.spans(standing)).order_by(Enterprise.uscc)


def _entries(question: Question, entry: type[Entry | EnterpriseEntry]) -> list[ColumnElement[bool]]:
    """Give the conditions that entries count; those of some regions are found by the enterprises taken in there."""
    if question.regions is None:
        return question.entries(entry)
    standing = EnterpriseStanding
    taken_in = select(standing.enterprise_id).where(*question.spans(standing))
    return [*question.entries(entry), entry.enterprise_id.in_(taken_in)]

"""Standing of enterprises: what facts and figures say now, what is stored, and the writing of the difference."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.coverage import enterprise_figures, gather, ledger, rules, status
from app.coverage.enterprise_figures import Known, Where
from app.coverage.facts import Declaration
from app.coverage.ledger import EnterpriseLine
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Posting
from app.coverage.prepared import IDS, run
from app.coverage.standings import Book
from app.coverage.status import DECIDED, STALE, Change, StatusSpan
from app.coverage.writing import append, line_columns, supersede
from app.kit.dates import add_days
from app.ops.db import Day
from app.ops.listed import CODES, among

AMOUNTS = ("roster", "insured", STALE)
CHUNK = 200


@dataclass(frozen=True)
class Difference:
    """Stored rows that no longer hold, with their spans, spans not stored yet, and what dated amounts lack.

    `known` is what the figures of the enterprises follow from.
    """

    gone: tuple[tuple[int, StatusSpan], ...]
    new: tuple[StatusSpan, ...]
    amounts: dict[EnterpriseLine, int]
    known: Known


def compare(
    session: Session, book: Book, enterprises: Collection[int], moved: Mapping[int, date] | None = None
) -> Difference:
    """Compare what is stored of enterprises with what facts and figures say now.

    `moved` says since when figures are others than before, where nothing else of them can be; None: look at all days.
    """
    timelines = gather.timelines(session, enterprises)
    declarations = gather.declarations(session, enterprises)
    holds = gather.holds(session, enterprises)
    changes = _figures(session, book, enterprises)
    said: list[StatusSpan] = []
    amounts: dict[EnterpriseLine, int] = {}
    for enterprise, timeline in timelines.items():
        in_post = status.posts_held(holds[enterprise])
        insured = status.insured(timeline.values.get("insured", ()))
        dated = (status.roster(holds[enterprise]), insured, _stale(declarations[enterprise]))
        for plan in book.plans:
            places = rules.places(plan, timeline)
            framed = status.frame(plan, timeline, places, declarations[enterprise], in_post)
            said += status.stated(framed, changes.get((plan.id, enterprise), ()))
            for kind, steps in zip(AMOUNTS, dated, strict=True):
                amounts |= ledger.amounts(plan.id, enterprise, places, kind, steps)
    gone, new = _apart(_stored(session, enterprises), said)
    days = () if moved is None else [moved[id] for id in enterprises if id in moved]
    first = date.min if moved is None else min([*days, *_differing(gone, new)], default=date.max)
    known = Known(enterprises, first, _by_where(said), changes)
    return Difference(gone, new, _lacking(_stored_amounts(session, book, enterprises), amounts), known)


def _stale(declarations: Sequence[Declaration]) -> tuple[tuple[date, int], ...]:
    """Give when an enterprise becomes stale, as a dated amount."""
    return ((status.stale_from(declarations), 1),)


def confirm(session: Session, book: Book, enterprises: Collection[int]) -> tuple[Difference, set[int]]:
    """Do the same for enterprises of which nothing but declarations changed: all that this moves is who is stale.

    Those that are declared from another day on than is stored are given apart: they are to be compared.
    """
    declarations = gather.declarations(session, enterprises)
    stored = _by_where(span for _, span in _stored(session, enterprises) if span.status == "undeclared")
    redeclared: set[int] = set()
    amounts: dict[EnterpriseLine, int] = {}
    for enterprise, timeline in gather.timelines(session, enterprises).items():
        for plan in book.plans:
            places = rules.places(plan, timeline)
            undeclared = status.undeclared(plan, enterprise, places, declarations[enterprise])
            if undeclared != set(stored.get((plan.id, enterprise), ())):
                redeclared.add(enterprise)
            amounts |= ledger.amounts(plan.id, enterprise, places, STALE, _stale(declarations[enterprise]))
    lacking = _lacking(_stored_amounts(session, book, enterprises, (STALE,)), amounts)
    moved = {line: delta for line, delta in lacking.items() if line.enterprise not in redeclared}
    return Difference((), (), moved, Known(())), redeclared


def _differing(gone: Iterable[tuple[int, StatusSpan]], new: Iterable[StatusSpan]) -> list[date]:
    """Give for each plan and enterprise the first day on which what held and what holds now are not the same."""
    before, after = _by_where(span for _, span in gone), _by_where(new)
    days = []
    for where in before.keys() | after.keys():
        firsts = [min(said[where], key=lambda span: span.from_on) for said in (before, after) if where in said]
        same = len({span._replace(until_on=date.max) for span in firsts}) < len(firsts)
        days.append(min(span.until_on if same else span.from_on for span in firsts))
    return days


def restate(session: Session, book: Book, since: Mapping[int, date]) -> Difference:
    """Do the same for enterprises of which only the figures changed, each since a day.

    What declarations and posts decide, and all before the first of the days, is taken as stored: so the cost does not
    follow the length of an enterprise's history.
    """
    first = min(since.values())
    changes = _figures(session, book, since, first)
    stored = _stored(session, since)
    spans: dict[Where, list[StatusSpan]] = {}
    for _, span in stored:
        spans.setdefault((span.plan, span.enterprise), []).extend(_untold(span, first))
    said: list[StatusSpan] = []
    for where, blanks in spans.items():
        framed = status.merged(sorted(blanks, key=lambda span: span.from_on))
        said += status.stated(framed, changes.get(where, ()))
    return Difference(*_apart(stored, said), {}, Known(since.keys(), first, _by_where(said), changes))


def _by_where(spans: Iterable[StatusSpan]) -> dict[Where, list[StatusSpan]]:
    found: dict[Where, list[StatusSpan]] = {}
    for span in spans:
        found.setdefault((span.plan, span.enterprise), []).append(span)
    return found


def _untold(span: StatusSpan, first: date) -> list[StatusSpan]:
    """Leave to be told what of a span lies after a day and is told by figures."""
    if span.status in DECIDED or span.until_on <= first:
        return [span]
    if first <= span.from_on:
        return [span._replace(status="")]
    return [span._replace(until_on=first), span._replace(from_on=first, status="")]


def write(session: Session, posting: Posting, difference: Difference) -> None:
    """Supersede what no longer holds, store what is new, append the entries."""
    supersede(session, EnterpriseStanding, posting, [id for id, _ in difference.gone])
    append(session, EnterpriseStanding, [_standing(posting, span) for span in difference.new])
    lines = ledger.status_difference((span for _, span in difference.gone), difference.new) | difference.amounts
    rows = [line_columns(posting, line) | {"kind": line.kind, "delta": delta} for line, delta in lines.items()]
    append(session, EnterpriseEntry, rows)
    enterprise_figures.write(session, difference.known)


def _figures(
    session: Session, book: Book, enterprises: Collection[int], first: date = date.min
) -> dict[Where, list[Change]]:
    """Give the changes of enterprises' figures by day; those before the first day as one change on the day before."""
    plans = [plan.id for plan in book.plans]
    asked = {"ids": list(enterprises), "plans": plans, "first": first}
    found: dict[Where, list[Change]] = {}
    if first > date.min:
        for plan, enterprise, *counts in run(session, _before(), asked):
            change = Change(add_days(first, -1), *(int(count) for count in counts))
            found.setdefault((plan, enterprise), []).append(change)
    for plan, enterprise, day, *counts in run(session, _since(), asked).all():
        found.setdefault((plan, enterprise), []).append(Change(day, *(int(count) for count in counts)))
    return found


PLANS: BindParameter[Any] = bindparam("plans", expanding=True)
FIRST = bindparam("first", type_=Day())


@cache
def _before() -> Select[*tuple[Any, ...]]:
    row = Entry
    sums = (func.sum(row.required), func.sum(row.covered), func.sum(row.waived))
    query = select(row.plan_id, row.enterprise_id, *sums).where(row.plan_id.in_(PLANS), row.enterprise_id.in_(IDS))
    return query.where(row.effective_on < FIRST).group_by(row.plan_id, row.enterprise_id)


@cache
def _since() -> Select[*tuple[Any, ...]]:
    row = Entry
    line = (row.plan_id, row.enterprise_id, row.effective_on)
    sums = (func.sum(row.required), func.sum(row.covered), func.sum(row.waived))
    query = select(*line, *sums).where(row.plan_id.in_(PLANS), row.enterprise_id.in_(IDS), row.effective_on >= FIRST)
    return query.group_by(*line).order_by(row.effective_on)


def _stored(session: Session, enterprises: Collection[int]) -> list[tuple[int, StatusSpan]]:
    return [(id, StatusSpan._make(values)) for id, *values in run(session, _told(), {"ids": list(enterprises)}).all()]


@cache
def _told() -> Select[*tuple[Any, ...]]:
    row = EnterpriseStanding
    columns = (row.plan_id, row.enterprise_id, row.region, row.industry, row.key_enterprise, row.from_on, row.until_on)
    query = select(row.id, *columns, row.status)
    return query.where(among(row.enterprise_id), row.superseded_at.is_(None))


def _stored_amounts(
    session: Session, book: Book, enterprises: Collection[int], kinds: Sequence[str] = AMOUNTS
) -> dict[EnterpriseLine, int]:
    asked = {"ids": list(enterprises), "plans": [plan.id for plan in book.plans], "codes": kinds}
    return {EnterpriseLine._make(values): int(delta) for *values, delta in run(session, _dated(), asked).all()}


@cache
def _dated() -> Select[*tuple[Any, ...]]:
    """Sum dated amounts by line, in the order of an index: SQLite walks all entries of the plans otherwise."""
    row = EnterpriseEntry
    line = (row.plan_id, row.region, row.industry, row.key_enterprise, row.enterprise_id, row.kind, row.effective_on)
    ordered = (row.plan_id, row.enterprise_id, row.kind, row.effective_on, row.region, row.industry, row.key_enterprise)
    query = select(*line, func.sum(row.delta)).where(row.plan_id.in_(PLANS), row.enterprise_id.in_(IDS))
    return query.where(among(row.kind, CODES)).group_by(*ordered)


def _apart(
    stored: list[tuple[int, StatusSpan]], said: Iterable[StatusSpan]
) -> tuple[tuple[tuple[int, StatusSpan], ...], tuple[StatusSpan, ...]]:
    kept, known = set(said), {span for _, span in stored}
    gone = tuple((id, span) for id, span in stored if span not in kept)
    return gone, tuple(span for span in said if span not in known)


def _lacking(stored: dict[EnterpriseLine, int], said: dict[EnterpriseLine, int]) -> dict[EnterpriseLine, int]:
    lines = dict.fromkeys([*stored, *said])
    lacking = {line: said.get(line, 0) - stored.get(line, 0) for line in lines}
    return {line: delta for line, delta in lacking.items() if delta}


def _standing(posting: Posting, span: StatusSpan) -> dict[str, Any]:
    return {
        "plan_id": span.plan,
        "enterprise_id": span.enterprise,
        "region": span.region,
        "industry": span.industry,
        "key_enterprise": span.key_enterprise,
        "from_on": span.from_on,
        "until_on": span.until_on,
        "status": span.status,
        "recorded_at": posting.recorded_at,
        "superseded_at": None,
    }

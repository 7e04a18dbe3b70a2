"""Reads of what a draft run found: what coverage would be under the draft beside what it is.

Everything is of one run (runs.py): one region with all below it, one day, the facts as known at one instant.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import ColumnElement, func, literal, select, tuple_
from sqlalchemy.orm import Session

from app.coverage.draft_models import DraftCourse, DraftEnterprise, DraftFigure, DraftStatus
from app.coverage.draft_sums import tallies
from app.coverage.ledger import NOTHING, Tally
from app.coverage.queries.answers import Figures
from app.coverage.queries.runs import RunRow, newest_compared
from app.coverage.status import STATUSES
from app.kit.paging import Page, numbers, page
from app.organisations.models import Enterprise

STALE = "stale"
By = Literal["region", "industry", "post", "key"]


@dataclass(frozen=True)
class Pair:
    """Figures under the plan known now, and under the draft."""

    now: Figures = field(default_factory=Figures)
    then: Figures = field(default_factory=Figures)

    @property
    def required(self) -> int:
        """Give how many more the draft requires."""
        return self.then.required - self.now.required

    @property
    def missing(self) -> int:
        """Give how many more are not covered under the draft."""
        return (self.then.required - self.then.covered) - (self.now.required - self.now.covered)

    def plus(self, other: "Pair") -> "Pair":
        """Add figures up; counts by status too."""
        return Pair(_plus(self.now, other.now), _plus(self.then, other.then))


@dataclass(frozen=True)
class CourseLine:
    """A course under both plans: assignments that must hold it, that miss it, and that are newly missing with it."""

    course: str
    required_now: int
    required_then: int
    missing_now: int
    missing_then: int
    newly_missing: int
    title: str = ""


@dataclass(frozen=True)
class EnterpriseLine:
    """An enterprise of which anything changes; '' for industry or status where a plan does not take it in."""

    id: int
    uscc: str
    name: str
    region: str
    industry_now: str
    industry_then: str
    status_now: str
    status_then: str
    weight: int
    pair: Pair


def headlines(session: Session, draft_ids: Iterable[int]) -> dict[int, tuple[RunRow, Pair]]:
    """Give each draft's newest finished comparison with its figures."""
    newest = newest_compared(session, draft_ids)
    row = DraftFigure
    query = select(row.run_id, *_sums()).where(row.run_id.in_([run.id for run in newest.values()]))
    sums = {int(values[0]): _pair(values[1:]) for values in session.execute(query.group_by(row.run_id))}
    return {draft: (run, sums.get(run.id, Pair())) for draft, run in newest.items()}


def figures(session: Session, run_id: int, regions: Collection[str], by: By) -> dict[str, Pair]:
    """Give the figures of a run in some regions, split; key enterprises stand under "1", the others under ""."""
    row = DraftFigure
    column = {"region": row.region, "industry": row.industry, "post": row.post, "key": row.key_enterprise}[by]
    query = select(column, *_sums()).where(row.run_id == run_id, row.region.in_(sorted(regions))).group_by(column)
    found = {}
    for values in session.execute(query):
        key = values[0] if by != "key" else "1" if values[0] else ""
        found[str(key)] = _pair(values[1:])
    return found


def statuses(session: Session, run_id: int, regions: Collection[str]) -> Pair:
    """Count the enterprises of a run in some regions by status; there are no other figures in it."""
    row = DraftStatus
    counts = (func.sum(row.count_now), func.sum(row.count_then))
    query = select(row.status, *counts).where(row.run_id == run_id, row.region.in_(sorted(regions)))
    rows = session.execute(query.group_by(row.status)).all()
    return total(Pair(_counted(status, int(now)), _counted(status, int(then))) for status, now, then in rows)


def courses(session: Session, run_id: int) -> tuple[CourseLine, ...]:
    """Give the courses that either plan requires, those that make most newly missing first."""
    row = DraftCourse
    query = select(
        row.course, row.required_now, row.required_then, row.missing_now, row.missing_then, row.newly_missing
    ).where(row.run_id == run_id)
    return tuple(
        CourseLine(*values) for values in session.execute(query.order_by(row.newly_missing.desc(), row.course))
    )


def enterprises(
    session: Session, run_id: int, regions: Collection[str], after: str | None = None, size: int = 50
) -> Page[EnterpriseLine]:
    """List the enterprises of which anything changes, the largest changes first."""
    row = DraftEnterprise
    query = select(row, Enterprise.uscc, Enterprise.name).join(Enterprise, Enterprise.id == row.enterprise_id)
    query = query.where(row.run_id == run_id, row.region.in_(sorted(regions)))
    query = query.order_by(row.weight.desc(), row.enterprise_id).limit(size + 1)
    if after is not None:
        weight, id = numbers(after, 2)
        query = query.where(tuple_(-row.weight, row.enterprise_id) > tuple_(literal(-weight), literal(id)))
    found = [_line(one, uscc, name) for one, uscc, name in session.execute(query)]
    return page(found, size, lambda line: f"{line.weight}.{line.id}")


def enterprise(session: Session, run_id: int, enterprise_id: int) -> EnterpriseLine | None:
    """Give one of the enterprises of which anything changes; None for another."""
    row = DraftEnterprise
    query = select(row, Enterprise.uscc, Enterprise.name).join(Enterprise, Enterprise.id == row.enterprise_id)
    found = session.execute(query.where(row.run_id == run_id, row.enterprise_id == enterprise_id)).first()
    return None if found is None else _line(*found)


def total(pairs: Iterable[Pair]) -> Pair:
    """Add pairs up."""
    found = Pair()
    for pair in pairs:
        found = found.plus(pair)
    return found


def _line(row: DraftEnterprise, uscc: str, name: str) -> EnterpriseLine:
    now = Figures(Tally(row.required_now, row.covered_now))
    then = Figures(Tally(row.required_then, row.covered_then))
    plans = (row.industry_now, row.industry_then, row.status_now, row.status_then)
    return EnterpriseLine(row.enterprise_id, uscc, name, row.region, *plans, row.weight, Pair(now, then))


def _sums() -> list[ColumnElement[int]]:
    row = DraftFigure
    now = row.required_now, row.covered_now, row.waived_now
    return [func.sum(column) for column in (*now, row.required_then, row.covered_then, row.waived_then)]


def _pair(numbers: Sequence[int]) -> Pair:
    now, then = tallies([int(number) for number in numbers])
    return Pair(Figures(now), Figures(then))


def _counted(status: str, count: int) -> Figures:
    if status == STALE:
        return Figures(stale=count)
    return Figures(statuses={status: count}) if count else Figures()


def _plus(left: Figures, right: Figures) -> Figures:
    if left.tally == NOTHING and not left.statuses and not left.stale:
        return right
    statuses: Mapping[str, int] = left.statuses
    if right.statuses:
        both = {s: left.statuses.get(s, 0) + right.statuses.get(s, 0) for s in STATUSES}
        statuses = {status: count for status, count in both.items() if count}
    return replace(left, tally=left.tally.plus(right.tally), statuses=statuses, stale=left.stale + right.stale)

"""The list of enterprises by the size of their gap: the undeclared first, then those with the most people missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.coverage.ledger import Tally
from app.coverage.models import EnterpriseEntry
from app.coverage.prepared import KNOWN_AT, asked, run
from app.coverage.queries.answers import Figures
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.queries.cuts import PLACE, SUMS, Cut, Narrowing
from app.coverage.queries.each import enterprise_figures
from app.coverage.status import is_stale
from app.coverage.versions import recorded
from app.kit.paging import Page, numbers, page
from app.kit.scope import Scope
from app.ops.listed import among
from app.organisations.models import Declaration, Enterprise


@dataclass(frozen=True)
class EnterpriseRow:
    """An enterprise in a plan on a day: its place, status, figures, head-counts and how fresh its roster is.

    roster: distinct persons who hold any post; insured: head-count of the insurance; confirmed_on: the last
    confirmation of its roster as then known, None where there is none.
    """

    id: int
    uscc: str
    name: str
    region: str
    region_name: str
    industry: str
    key_enterprise: bool
    status: str
    stale: bool
    figures: Figures
    roster: int
    insured: int
    confirmed_on: date | None

    @property
    def missing(self) -> int:
        """Assignments required and not covered."""
        return self.figures.required - self.figures.covered


@dataclass(frozen=True)
class EnterpriseFilter:
    """Which enterprises to list: of a status, of an industry, stale or declared ones, by part of the name or code."""

    status: str | None = None
    industry: str | None = None
    stale: bool | None = None
    text: str = ""
    declared: bool = False

    @property
    def narrowing(self) -> Narrowing:
        """Give the same as figures of enterprises are narrowed."""
        return Narrowing(self.status, self.industry, self.stale, self.declared, self.text)


def enterprises(
    scope: Scope,
    session: Session,
    ask: Ask,
    only: EnterpriseFilter,
    today: date,
    now: datetime,
    *,
    after: str | None = None,
    size: int = 50,
    most: int | None = None,
) -> Page[EnterpriseRow]:
    """List a page of the enterprises taken in, the largest gap first; `after` is the key of the last row seen.

    most: how many there are from there on, where that is known: no more of them are looked for.
    """
    question = resolve(scope, session, ask, today, now)
    place, wanted = _key(after) if after is not None else None, size + 1 if most is None else min(size + 1, most)
    (listed,) = _listed(session, question, [Cut(only.narrowing, place, wanted)]) if wanted else [[]]
    return page(listed, size, lambda row: f"{int(row.status != 'undeclared')}.{row.missing}.{row.id}")


def first_enterprises(
    scope: Scope, session: Session, ask: Ask, wanted: Sequence[tuple[EnterpriseFilter, int]], today: date, now: datetime
) -> list[list[EnterpriseRow]]:
    """List the first so many enterprises of several filters: what they have in common is worked out once."""
    question = resolve(scope, session, ask, today, now)
    return _listed(session, question, [Cut(only.narrowing, None, size) for only, size in wanted])


def _listed(session: Session, question: Question, cuts: Sequence[Cut]) -> list[list[EnterpriseRow]]:
    found: list[list[Any]] = [[] for _ in cuts]
    for row in session.execute(_query(session, question, cuts)):
        found[row.cut].append(row)
    shown = [rows[: cut.size] for rows, cut in zip(found, cuts, strict=True)]
    ids = [row.id for rows in shown for row in rows]
    amounts, confirmed = _amounts(session, question, ids), _confirmed(session, question, ids)
    return [[_row(question, row, amounts.get(row.id, {}), confirmed.get(row.id)) for row in rows] for rows in shown]


def _query(session: Session, question: Question, cuts: Sequence[Cut]) -> Select[*tuple[Any, ...]]:
    figures = enterprise_figures(session, question, *cuts)
    columns = [figures.c[name] for name in (*PLACE, *SUMS)]
    query: Select[*tuple[Any, ...]] = select(figures.c.cut, Enterprise.id, Enterprise.uscc, Enterprise.name, *columns)
    query = query.join(figures, figures.c.enterprise_id == Enterprise.id)
    query = query.order_by(figures.c.rank, figures.c.surplus, figures.c.enterprise_id)
    return query.limit(cuts[0].size) if len(cuts) == 1 else query


def _key(after: str) -> tuple[int, int, int]:
    rank, missing, id = numbers(after, 3)
    return rank, -missing, id


def _amounts(session: Session, question: Question, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    values = asked(ids, question.known_at) | {"plan": question.plan.id, "on": question.on}
    found: dict[int, dict[str, int]] = {}
    for enterprise, kind, amount in run(session, _counted(then=question.known_at is not None), values):
        found.setdefault(enterprise, {})[kind] = int(amount)
    return found


@cache
def _counted(*, then: bool) -> Select[*tuple[Any, ...]]:
    row = EnterpriseEntry
    query = select(row.enterprise_id, row.kind, func.sum(row.delta)).where(among(row.enterprise_id))
    query = query.where(row.plan_id == bindparam("plan"), row.effective_on <= bindparam("on"))
    query = query.where(recorded(row.recorded_at, KNOWN_AT if then else None), row.kind.in_(("roster", "insured")))
    return query.group_by(row.enterprise_id, row.kind)


def _confirmed(session: Session, question: Question, ids: Sequence[int]) -> dict[int, date]:
    rows = run(session, _declared(then=question.known_at is not None), asked(ids, question.known_at))
    return {enterprise: day for enterprise, day in rows}  # noqa: C416 - rows, not tuples


@cache
def _declared(*, then: bool) -> Select[*tuple[Any, ...]]:
    row = Declaration
    query = select(row.enterprise_id, func.max(row.confirmed_on)).where(among(row.enterprise_id))
    return query.where(recorded(row.recorded_at, KNOWN_AT if then else None)).group_by(row.enterprise_id)


def _row(question: Question, row: Any, amounts: Mapping[str, int], confirmed_on: date | None) -> EnterpriseRow:  # noqa: ANN401 - a row of _query
    stale = is_stale(row.status, confirmed_on, question.on)
    return EnterpriseRow(
        id=row.id,
        uscc=row.uscc,
        name=row.name,
        region=row.region,
        region_name=question.names.get(row.region, row.region),
        industry=row.industry,
        key_enterprise=row.key_enterprise,
        status=row.status,
        stale=stale,
        figures=Figures(Tally(int(row.required), int(row.covered), int(row.waived)), {row.status: 1}, int(stale)),
        roster=amounts.get("roster", 0),
        insured=amounts.get("insured", 0),
        confirmed_on=confirmed_on,
    )

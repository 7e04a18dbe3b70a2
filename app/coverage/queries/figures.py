"""The coverage of a part of a plan on a day, as known at an instant: sums of entries, never a walk over people."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.coverage.ledger import NOTHING, OWN, Tally, roll_up
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Standing
from app.coverage.queries.answers import Answer, Figures, Row, plus
from app.coverage.queries.asking import Ask, By, Question, resolve
from app.coverage.status import STATUSES
from app.kit.scope import Scope
from app.organisations.models import Enterprise

STALE = "stale"


def coverage(scope: Scope, session: Session, ask: Ask, today: date, now: datetime) -> Answer:
    """Answer a question about coverage; Problem 404 or 422 when it cannot be asked."""
    question = resolve(scope, session, ask, today, now)
    rows = _rows(session, question, ask.by)
    return Answer(
        plan=question.plan.code,
        on=question.on,
        known_at=question.known_at,
        forecast=question.forecast,
        figures=_total(session, question, ask.by, rows),
        persons=_persons(session, question) if ask.persons else None,
        rows=rows,
        tops=question.tops,
    )


def _total(session: Session, question: Question, by: By | None, rows: tuple[Row, ...]) -> Figures:
    """Add the rows up; statuses are asked for apart where rows do not have them."""
    if by in {"region", "industry"}:
        return plus(row.figures for row in rows)
    statuses = _statuses(session, question, None).get("", Figures())
    if by is None:
        return plus([statuses, _tallies(session, question, None).get("", Figures())])
    return plus([statuses, *(Figures(row.figures.tally) for row in rows)])


def _rows(session: Session, question: Question, by: By | None) -> tuple[Row, ...]:
    if by == "region":
        return _by_region(session, question)
    if by == "industry":
        return _by_industry(session, question)
    if by == "post":
        tallies = _tallies(session, question, Entry.post)
        names = {post.code: post.name for post in question.plan.posts}
        return tuple(
            Row(key, names.get(key, key), tallies.get(key, Figures())) for key in dict.fromkeys([*names, *tallies])
        )
    return _by_enterprise(session, question) if by == "enterprise" else ()


def _by_region(session: Session, question: Question) -> tuple[Row, ...]:
    figures = _both(_tallies(session, question, Entry.region), _statuses(session, question, EnterpriseEntry.region))
    if len(question.tops) == 1 and not question.enterprises:
        top = question.tops[0]
        sorted_in = roll_up(question.parents, figures, top)
        names = {**question.names, top: OWN}
        return tuple(Row(code, names[code], plus(amounts)) for code, amounts in sorted_in.items())
    if question.tops and not question.enterprises:
        below = {top: [*roll_up(question.parents, figures, top).values()] for top in question.tops}
        return tuple(Row(top, question.names[top], plus(f for fs in lists for f in fs)) for top, lists in below.items())
    return tuple(Row(code, question.names[code], amounts) for code, amounts in sorted(figures.items()))


def _by_industry(session: Session, question: Question) -> tuple[Row, ...]:
    figures = _both(_tallies(session, question, Entry.industry), _statuses(session, question, EnterpriseEntry.industry))
    names = {industry.code: industry.name for industry in question.plan.industries}
    keys = dict.fromkeys([*names, *figures])
    return tuple(Row(key, names.get(key, key), figures.get(key, Figures())) for key in keys)


def _by_enterprise(session: Session, question: Question) -> tuple[Row, ...]:
    tallies = _tallies(session, question, Entry.enterprise_id)
    standing = EnterpriseStanding
    query = select(Enterprise.id, Enterprise.uscc, Enterprise.name, standing.status)
    query = query.join(standing, standing.enterprise_id == Enterprise.id).where(*question.spans(standing))
    return tuple(
        Row(uscc, name, tallies.get(str(id), Figures()), status, id)
        for id, uscc, name, status in session.execute(query.order_by(Enterprise.uscc))
    )


def _tallies(session: Session, question: Question, key: InstrumentedAttribute[Any] | None) -> dict[str, Figures]:
    sums = (func.sum(Entry.required), func.sum(Entry.covered), func.sum(Entry.waived))
    query = select(*sums) if key is None else select(*sums, key).group_by(key)
    found = {}
    for required, covered, waived, *group in session.execute(query.where(*question.entries(Entry))):
        tally = Tally(int(required or 0), int(covered or 0), int(waived or 0))
        if tally != NOTHING:
            found[str(group[0]) if group else ""] = Figures(tally)
    return found


def _statuses(session: Session, question: Question, key: InstrumentedAttribute[str] | None) -> dict[str, Figures]:
    row = EnterpriseEntry
    groups = (row.kind,) if key is None else (row.kind, key)
    query = select(func.sum(row.delta), *groups).where(row.kind.in_((*STATUSES, STALE)), *question.entries(row))
    counts: dict[str, dict[str, int]] = {}
    for delta, kind, *group in session.execute(query.group_by(*groups)):
        if delta:
            counts.setdefault(group[0] if group else "", {})[kind] = int(delta)
    found = {}
    for place, kinds in counts.items():
        ordered = {status: kinds[status] for status in STATUSES if status in kinds}
        found[place] = Figures(statuses=ordered, stale=kinds.get(STALE, 0))
    return found


def _persons(session: Session, question: Question) -> int:
    query = select(func.count(Standing.person_id.distinct())).where(*question.spans(Standing))
    return session.scalar(query) or 0


def _both(left: Mapping[str, Figures], right: Mapping[str, Figures]) -> dict[str, Figures]:
    empty = Figures()
    return {key: plus([left.get(key, empty), right.get(key, empty)]) for key in dict.fromkeys([*left, *right])}

"""The coverage of a part of a plan on a day, as known at an instant: sums of entries, never a walk over people."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, OWN, Tally, total
from app.coverage.models import Standing
from app.coverage.queries.answers import Answer, Figures, Row, figures_of, plus
from app.coverage.queries.asking import Ask, By, Question, resolve
from app.coverage.queries.cuts import Cut
from app.coverage.queries.each import enterprise_figures
from app.coverage.queries.nodes import split
from app.coverage.queries.sums import KINDS, TALLIES, Only, grouped
from app.kit.scope import Scope
from app.organisations.models import Enterprise


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


def whole_tally(session: Session, question: Question, only: Only) -> Tally:
    """Count the posts of all that is asked about, narrowed to an industry and a post."""
    return total(Tally(*counts) for _, *counts in grouped(session, question, TALLIES, (), only=only))


def whole_statuses(session: Session, question: Question, only: Only) -> Figures:
    """Count the enterprises of all that is asked about by status, and the stale ones, narrowed to an industry."""
    kinds: dict[str, int] = {}
    for _, kind, amount in grouped(session, question, KINDS, ("kind",), only=only):
        kinds[kind] = kinds.get(kind, 0) + amount
    return figures_of(NOTHING, kinds)


def _total(session: Session, question: Question, by: By | None, rows: tuple[Row, ...]) -> Figures:
    """Add the rows up; statuses are asked for apart where rows do not have them."""
    if by in {"region", "industry"}:
        return plus(row.figures for row in rows)
    statuses = _statuses(session, question, ()).get("", Figures())
    if by is None:
        return plus([statuses, _tallies(session, question, ()).get("", Figures())])
    return plus([statuses, *(Figures(row.figures.tally) for row in rows)])


def _rows(session: Session, question: Question, by: By | None) -> tuple[Row, ...]:
    if by == "region":
        return _by_region(session, question)
    if by == "industry":
        return _by_industry(session, question)
    if by == "post":
        tallies = _tallies(session, question, ("post",))
        names = question.plan.post_names
        return tuple(
            Row(key, names.get(key, key), tallies.get(key, Figures())) for key in dict.fromkeys([*names, *tallies])
        )
    return _by_enterprise(session, question) if by == "enterprise" else ()


def _by_region(session: Session, question: Question) -> tuple[Row, ...]:
    if question.by_nodes and len(question.tops) == 1:
        figures = split(session, question)
        names = {**question.names, question.tops[0]: OWN}
        return tuple(Row(code, names[code], amounts) for code, amounts in figures.items())
    figures = _both(_tallies(session, question, ("node",)), _statuses(session, question, ("node",)))
    keys = question.tops if question.by_nodes else sorted(figures)
    return tuple(Row(code, question.names[code], figures.get(code, Figures())) for code in keys)


def _by_industry(session: Session, question: Question) -> tuple[Row, ...]:
    figures = _both(_tallies(session, question, ("industry",)), _statuses(session, question, ("industry",)))
    names = question.plan.industry_names
    keys = dict.fromkeys([*names, *figures])
    return tuple(Row(key, names.get(key, key), figures.get(key, Figures())) for key in keys)


def _by_enterprise(session: Session, question: Question) -> tuple[Row, ...]:
    figures = enterprise_figures(session, question, Cut())
    query = select(Enterprise.uscc, Enterprise.name, figures.c.status, figures.c.enterprise_id)
    query = query.add_columns(*(figures.c[name] for name in Tally._fields))
    query = query.join(figures, figures.c.enterprise_id == Enterprise.id).order_by(Enterprise.uscc)
    return tuple(
        Row(uscc, name, Figures(Tally(*map(int, counts))), status, id)
        for uscc, name, status, id, *counts in session.execute(query)
    )


def _tallies(session: Session, question: Question, by: tuple[str, ...]) -> dict[str, Figures]:
    """Give tallies by node, by one of the columns, or under '' in all."""
    found: dict[str, Tally] = {}
    columns = tuple(name for name in by if name != "node")
    for node, *group, required, covered, waived in grouped(session, question, TALLIES, columns):
        key = node if "node" in by else group[0] if group else ""
        found[key] = found.get(key, NOTHING).plus(Tally(required, covered, waived))
    return {key: Figures(tally) for key, tally in found.items()}


def _statuses(session: Session, question: Question, by: tuple[str, ...]) -> dict[str, Figures]:
    """Give counts of enterprises by status, and stale ones, in the same way."""
    counts: dict[str, dict[str, int]] = {}
    columns = ("kind", *(name for name in by if name != "node"))
    for node, kind, *group, delta in grouped(session, question, KINDS, columns):
        kinds = counts.setdefault(node if "node" in by else group[0] if group else "", {})
        kinds[kind] = kinds.get(kind, 0) + delta
    return {key: figures_of(NOTHING, kinds) for key, kinds in counts.items()}


def _persons(session: Session, question: Question) -> int:
    query = select(func.count(Standing.person_id.distinct())).where(*question.spans(Standing))
    return session.scalar(query) or 0


def _both(left: Mapping[str, Figures], right: Mapping[str, Figures]) -> dict[str, Figures]:
    empty = Figures()
    return {key: plus([left.get(key, empty), right.get(key, empty)]) for key in dict.fromkeys([*left, *right])}

"""Standing of assignments: what the facts say now, what is stored, and writing the difference with its entries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.coverage import gather, ledger, planned, rules
from app.coverage.facts import Assignment, Plan, Retake
from app.coverage.models import Entry, Posting, Standing
from app.coverage.prepared import asked, run
from app.coverage.records import records
from app.coverage.rules import Holdings, Span
from app.coverage.writing import append, line_columns, supersede
from app.ops.listed import among
from app.plans import queries as plan_queries


@dataclass(frozen=True)
class Book:
    """All plans and retakes as known now: what every computation of a posting shares."""

    plans: tuple[Plan, ...]
    retakes: tuple[Retake, ...]


def book(session: Session) -> Book:
    """Read the plans and retakes; what is made of them is kept, by all that was read."""
    return _book(plan_queries.stored(session), planned.tree(session), planned.retakes(session))


@lru_cache(maxsize=8)
def _book(plans: plan_queries.Stored, tree: str, retakes: tuple[Retake, ...]) -> Book:
    parents = planned.parents(tree)
    return Book(tuple(planned.shaped(plan, parents) for plan in plan_queries.read(plans)), retakes)


@dataclass(frozen=True)
class Difference:
    """Stored rows that no longer hold, with their spans, and spans that are not stored yet."""

    gone: tuple[tuple[int, Span], ...]
    new: tuple[Span, ...]


def compare(session: Session, book: Book, ids: Collection[int]) -> Difference:
    """Compare the stored standing of assignments (few enough for an IN) with what the facts say now."""
    stored = [(id, Span._make(values)) for id, *values in run(session, _stored(), asked(ids)).all()]
    said = spans(session, book, ids)
    kept = set(said)
    known = {span for _, span in stored}
    return Difference(
        tuple((id, span) for id, span in stored if span not in kept), tuple(span for span in said if span not in known)
    )


@cache
def _stored() -> Select[*tuple[Any, ...]]:
    row = Standing
    who = (row.plan_id, row.assignment_id, row.person_id, row.enterprise_id, row.post)
    where = (row.region, row.industry, row.key_enterprise)
    query = select(row.id, *who, *where, row.from_on, row.until_on, row.covered, row.waived)
    return query.where(among(row.assignment_id), row.superseded_at.is_(None))


def spans(session: Session, book: Book, ids: Collection[int]) -> list[Span]:
    """Compute the standing of assignments in all plans from the facts as known now."""
    assignments = gather.assignments(session, ids)
    timelines = gather.timelines(session, {assignment.enterprise for assignment in assignments})
    places = {(p.id, e): rules.places(p, timeline) for p in book.plans for e, timeline in timelines.items()}
    holdings = _holdings(session, book, assignments)
    waivers = gather.waivers(session, ids)
    found: list[Span] = []
    for a in assignments:
        for plan in book.plans:
            taken_in = places[plan.id, a.enterprise]
            if taken_in:
                held = holdings[a.person, plan.counts_from]
                found += rules.spans(plan, a, taken_in, held, waivers.get((plan.id, a.id), ()))
    return found


def _holdings(session: Session, book: Book, assignments: Iterable[Assignment]) -> dict[tuple[int, Any], Holdings]:
    persons = {assignment.person for assignment in assignments}
    done = records(session, persons, book.retakes, efforts=False)
    starts = {plan.counts_from for plan in book.plans}
    return {
        (person, day): rules.held(record.awards, record.retakes, day)
        for person, record in done.items()
        for day in starts
    }


def write(session: Session, posting: Posting, difference: Difference) -> dict[int, date]:
    """Supersede what no longer holds, store what is new, append the entries.

    Give the enterprises whose figures changed, with the first day on which they did.
    """
    supersede(session, Standing, posting, [id for id, _ in difference.gone])
    append(session, Standing, [_standing(posting, span) for span in difference.new])
    lines = ledger.difference((span for _, span in difference.gone), difference.new)
    rows = [line_columns(posting, line) | {"post": line.post} | tally._asdict() for line, tally in lines.items()]
    append(session, Entry, rows)
    since: dict[int, date] = {}
    for line in lines:
        since[line.enterprise] = min(line.effective_on, since.get(line.enterprise, line.effective_on))
    return since


def _standing(posting: Posting, span: Span) -> dict[str, Any]:
    return {
        "plan_id": span.plan,
        "assignment_id": span.assignment,
        "person_id": span.person,
        "enterprise_id": span.enterprise,
        "post": span.post,
        "region": span.region,
        "industry": span.industry,
        "key_enterprise": span.key_enterprise,
        "from_on": span.from_on,
        "until_on": span.until_on,
        "covered": span.covered,
        "waived": span.waived,
        "recorded_at": posting.recorded_at,
        "superseded_at": None,
    }

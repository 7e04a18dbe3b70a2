"""The proof of the ledger: everything stored recomputed from the facts, every entry traced to a change of spans."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, not_, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.coverage import enterprise_standings, projection_proof, standings
from app.coverage.ledger import LATEST, late_class
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Posting, Standing
from app.coverage.prepared import MANY
from app.coverage.standings import Book
from app.coverage.status import STATUSES
from app.kit.batches import batched
from app.kit.dates import NEVER, day_of
from app.organisations.models import Enterprise, PostAssignment, PostAssignmentVersion
from app.plans.models import Plan

STALE = "stale"
Columns = tuple[Any, ...]
Stretch = tuple[int, int | None]
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Finding:
    """Something stored that does not follow from the facts: its kind, and where."""

    kind: str
    text: str


def check(session: Session) -> Iterator[Finding]:
    """Prove standing, statuses, amounts and entries against the facts; nothing is found when all is well."""
    book = standings.book(session)
    plans = session.scalars(select(Plan.id)).all()
    for stretch in _stretches(session):
        yield from _standings(session, book, stretch)
        yield from _enterprise_standings(session, book, stretch)
        for plan in plans:
            yield from _entries(session, plan, stretch)
            yield from _enterprise_entries(session, plan, stretch)
            yield from _lateness(session, plan, stretch)
    yield from _postings(session)
    yield from _overlaps(session)
    yield from _versions(session)
    for text in projection_proof.rollups(session):
        yield Finding("projection", text)


def _stretches(session: Session) -> Iterator[Stretch]:
    """Cut the enterprises, in the order of their ids, into stretches that fit into memory: (after, until] each."""
    after = 0
    while True:
        query = (
            select(Enterprise.id).where(Enterprise.id > after).order_by(Enterprise.id).limit(enterprise_standings.CHUNK)
        )
        ids = session.scalars(query).all()
        if len(ids) < enterprise_standings.CHUNK:
            yield after, None
            return
        yield after, ids[-1]
        after = ids[-1]


def _within(column: InstrumentedAttribute[int], stretch: Stretch) -> ColumnElement[bool]:
    after, until = stretch
    return column > after if until is None else and_(column > after, column <= until)


def _standings(session: Session, book: Book, stretch: Stretch) -> Iterator[Finding]:
    row = PostAssignment
    ids = session.scalars(select(row.id).where(_within(row.enterprise_id, stretch))).all()
    for chunk in batched(ids, MANY):
        difference = standings.compare(session, book, chunk)
        for id, span in difference.gone:
            yield Finding("standing", f"row {id} does not follow from the facts: {span}")
        for span in difference.new:
            yield Finding("standing", f"no row says {span}")


def _enterprise_standings(session: Session, book: Book, stretch: Stretch) -> Iterator[Finding]:
    ids = session.scalars(select(Enterprise.id).where(_within(Enterprise.id, stretch))).all()
    if not ids:
        return
    difference = enterprise_standings.compare(session, book, ids)
    for id, span in difference.gone:
        yield Finding("status", f"row {id} does not follow from the facts: {span}")
    for span in difference.new:
        yield Finding("status", f"no row says {span}")
    for line, delta in difference.amounts.items():
        yield Finding("amount", f"entries lack {delta}: {line}")
    for text in projection_proof.figures(session, difference.known):
        yield Finding("projection", text)


def _entries(session: Session, plan: int, stretch: Stretch) -> Iterator[Finding]:
    """Find postings whose entries are not what the spans that they stored and superseded come to."""
    row = Standing
    place: Columns = (row.region, row.industry, row.key_enterprise, row.enterprise_id, row.post)
    amounts: Columns = (literal(1), case((row.covered, 1), else_=0), case((row.waived, 1), else_=0))
    line: Columns = (Entry.region, Entry.industry, Entry.key_enterprise, Entry.enterprise_id, Entry.post)
    sums: Columns = (-Entry.required, -Entry.covered, -Entry.waived)
    here = _here(row, plan, stretch)
    entered = select(Entry.recorded_at, Entry.effective_on, *line, *sums).where(*_here(Entry, plan, stretch))
    parts = [part.where(*here) for part in _changes(row, place, amounts)]
    yield from _unbalanced(session, f"plan {plan}", "entry", [*parts, entered], len(amounts))


def _enterprise_entries(session: Session, plan: int, stretch: Stretch) -> Iterator[Finding]:
    row, entry = EnterpriseStanding, EnterpriseEntry
    place: Columns = (row.region, row.industry, row.key_enterprise, row.enterprise_id)
    parts = _changes(row, (*place, row.status), (literal(1),))
    parts += [part.where(row.stale.is_(True)) for part in _changes(row, (*place, literal(STALE)), (literal(1),))]
    parts = [part.where(*_here(row, plan, stretch)) for part in parts]
    line: Columns = (entry.region, entry.industry, entry.key_enterprise, entry.enterprise_id, entry.kind)
    entered = select(entry.recorded_at, entry.effective_on, *line, -entry.delta)
    parts.append(entered.where(entry.kind.in_((*STATUSES, STALE)), *_here(entry, plan, stretch)))
    yield from _unbalanced(session, f"plan {plan}", "status entry", parts, 1)


def _here(
    table: type[Standing | Entry | EnterpriseStanding | EnterpriseEntry], plan: int, stretch: Stretch
) -> tuple[ColumnElement[bool], ...]:
    """Give the condition; of spans of status SQLite would take an index by plan, and read them all for each stretch."""
    of_plan = table.plan_id + literal_column("0") if table is EnterpriseStanding else table.plan_id
    return of_plan == plan, _within(table.enterprise_id, stretch)


def _changes(row: type[Standing | EnterpriseStanding], place: Columns, amounts: Columns) -> list[Query]:
    """Give what storing and superseding spans changes: instant, day, place, amounts."""
    less = tuple(-amount for amount in amounts)
    begun = select(row.recorded_at, row.from_on, *place, *amounts)
    ended = select(row.recorded_at, row.until_on, *place, *less).where(row.until_on < NEVER)
    undone = select(row.superseded_at, row.from_on, *place, *less).where(row.superseded_at.is_not(None))
    unended = select(row.superseded_at, row.until_on, *place, *amounts).where(row.superseded_at.is_not(None))
    return [begun, ended, undone, unended.where(row.until_on < NEVER)]


def _unbalanced(session: Session, where: str, kind: str, parts: list[Query], amounts: int) -> Iterator[Finding]:
    width = len(parts[0].selected_columns)
    named = [
        part.with_only_columns(*(c.label(f"c{position}") for position, c in enumerate(part.selected_columns)))
        for part in parts
    ]
    ledger = union_all(*named).subquery()
    columns = [ledger.c[f"c{position}"] for position in range(width)]
    groups, sums = columns[: width - amounts], [func.sum(column) for column in columns[width - amounts :]]
    query = select(*groups, *sums).group_by(*groups).having(or_(*(sum_ != 0 for sum_ in sums)))
    for line in session.execute(query):
        yield Finding(kind, f"spans and entries differ in {where}: {_plain(line)}")


def _plain(line: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in line)


def _lateness(session: Session, plan: int, stretch: Stretch) -> Iterator[Finding]:
    for table in (Entry, EnterpriseEntry):
        query = select(table.recorded_at, table.effective_on, table.late).where(*_here(table, plan, stretch))
        for recorded_at, effective_on, late in session.execute(query.distinct()):
            if late != late_class(effective_on, day_of(recorded_at)) or late > LATEST:
                text = f"{table.__tablename__} of {effective_on} recorded at {recorded_at} is classed {late}"
                yield Finding("late", text)


def _postings(session: Session) -> Iterator[Finding]:
    for table in (Entry, EnterpriseEntry):
        query = select(table.id).join(Posting, Posting.id == table.posting_id)
        for id in session.scalars(query.where(Posting.recorded_at != table.recorded_at)):
            yield Finding("posting", f"{table.__tablename__} {id} has not its posting's instant")


def _overlaps(session: Session) -> Iterator[Finding]:
    one, other = aliased(PostAssignment), aliased(PostAssignment)
    same = and_(
        one.person_id == other.person_id,
        one.enterprise_id == other.enterprise_id,
        one.post == other.post,
        one.id < other.id,
        one.void.is_(False),
        other.void.is_(False),
        or_(one.ends_on.is_(None), other.starts_on < one.ends_on),
        or_(other.ends_on.is_(None), one.starts_on < other.ends_on),
    )
    for first, second in session.execute(select(one.id, other.id).join(other, same)):
        yield Finding("overlap", f"assignments {first} and {second} overlap")
    query = select(PostAssignment.id).where(PostAssignment.ends_on <= PostAssignment.starts_on)
    for id in session.scalars(query.where(PostAssignment.void.is_(False))):
        yield Finding("assignment", f"assignment {id} ends before it starts")


def _versions(session: Session) -> Iterator[Finding]:
    """Find assignments whose version known now is not what stands."""
    now, version = PostAssignment, PostAssignmentVersion
    current = and_(version.assignment_id == now.id, version.superseded_at.is_(None))
    agree = and_(
        version.person_id == now.person_id,
        version.enterprise_id == now.enterprise_id,
        version.post == now.post,
        version.starts_on == now.starts_on,
        version.ends_on.is_not_distinct_from(now.ends_on),
        version.void == now.void,
    )
    for id in session.scalars(select(now.id).outerjoin(version, current).where(or_(version.id.is_(None), not_(agree)))):
        yield Finding("version", f"assignment {id} differs from its version known now")
    twice = select(version.assignment_id).where(version.superseded_at.is_(None)).group_by(version.assignment_id)
    for id in session.scalars(twice.having(func.count() > 1)):
        yield Finding("version", f"assignment {id} has two versions known now")

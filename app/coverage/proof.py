"""The proof of the ledger: everything stored recomputed from the facts, every entry traced to a change of spans."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, not_, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.coverage import enterprise_standings, projection_proof, staleness, standings
from app.coverage.findings import Finding, paired, sides
from app.coverage.ledger import LATEST, late_class
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Posting, Standing
from app.coverage.prepared import MANY
from app.coverage.standings import Book
from app.coverage.status import STALE, STATUSES
from app.kit.batches import batched
from app.kit.dates import NEVER, day_of
from app.organisations.models import Declaration, Enterprise, PostAssignment, PostAssignmentVersion
from app.plans.models import Plan

ASSIGNMENT = PostAssignment.__tablename__
Columns = tuple[Any, ...]
Stretch = tuple[int, int | None]
Query = Select[*tuple[Any, ...]]


WHO = frozenset({"plan", "assignment", "person", "enterprise", "post", "from_on"})
"""What tells spans apart; the rest is what they say."""
ABOUT = WHO - {"person", "from_on"} | {"region", "industry", "key_enterprise"}
PLACE = ("recorded_at", "day", "region", "industry", "key_enterprise", "enterprise")
"""What entries are told apart by, before their post or kind."""


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
    yield from projection_proof.rollups(session)


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
        for found in paired(difference.gone, difference.new, lambda span: (span.plan, span.assignment, span.from_on)):
            yield _span("standing", "standing", ("covered",), found)


def _span(table: str, kind: str, main: Iterable[str], found: tuple[int | None, Any, Any]) -> Finding:
    """Tell a span that does not follow from the facts, that is not stored, or that says something else."""
    id, old, new = found
    one = old or new
    told = f"row {id} does not follow from the facts: {old}" if old else f"no row says {new}"
    text = f"{told}; it should say {new}" if old and new else told
    about = {name: value for name, value in one._asdict().items() if name in ABOUT}
    there, meant = (span and {n: v for n, v in span._asdict().items() if n not in WHO} for span in (old, new))
    stands, should = sides(there, meant, main)
    return Finding(kind, text, {"table": table, **about, "day": one.from_on, "until": one.until_on}, stands, should)


def _enterprise_standings(session: Session, book: Book, stretch: Stretch) -> Iterator[Finding]:
    ids = session.scalars(select(Enterprise.id).where(_within(Enterprise.id, stretch))).all()
    if not ids:
        return
    difference = enterprise_standings.compare(session, book, ids)
    for found in paired(difference.gone, difference.new, lambda span: (span.plan, span.enterprise, span.from_on)):
        yield _span("enterprise_standing", "status", ("status",), found)
    for line, delta in difference.amounts.items():
        about = {"table": "enterprise_entry", **line._asdict(), "day": line.effective_on}
        about = {name: value for name, value in about.items() if name not in {"kind", "effective_on"}}
        yield Finding("amount", f"entries lack {delta}: {line}", about, lacks={line.kind: delta})
    yield from projection_proof.figures(session, difference.known)


def _entries(session: Session, plan: int, stretch: Stretch) -> Iterator[Finding]:
    """Find postings whose entries are not what the spans that they stored and superseded come to."""
    row = Standing
    place: Columns = (*_place(row), row.post)
    amounts: Columns = (literal(1), case((row.covered, 1), else_=0), case((row.waived, 1), else_=0))
    line: Columns = (*_place(Entry), Entry.post)
    sums: Columns = (-Entry.required, -Entry.covered, -Entry.waived)
    here = _here(row, plan, stretch)
    entered = select(Entry.recorded_at, Entry.effective_on, *line, *sums).where(*_here(Entry, plan, stretch))
    parts = [part.where(*here) for part in _changes(row, place, amounts)]
    for line in _unbalanced(session, [*parts, entered], len(amounts)):
        about = dict(zip((*PLACE, "post"), line, strict=False))
        lacks = dict(zip(("required", "covered", "waived"), line[-len(amounts) :], strict=True))
        text = f"spans and entries differ in plan {plan}: {_plain(line)}"
        yield Finding("entry", text, {"table": "entry", "plan": plan, **about}, lacks=lacks)


def _enterprise_entries(session: Session, plan: int, stretch: Stretch) -> Iterator[Finding]:
    """Find postings whose entries are not what spans of status, and with them declarations, come to."""
    row, entry, here = EnterpriseStanding, EnterpriseEntry, _here(EnterpriseStanding, plan, stretch)
    stale = staleness.spans(here, [_within(Declaration.enterprise_id, stretch)]).c
    parts = [part.where(*here) for part in _changes(row, (*_place(row), row.status), (literal(1),))]
    parts += _changes(stale, (*_place(stale), literal(STALE)), (literal(1),))
    line: Columns = (*_place(entry), entry.kind)
    entered = select(entry.recorded_at, entry.effective_on, *line, -entry.delta)
    parts.append(entered.where(entry.kind.in_((*STATUSES, STALE)), *_here(entry, plan, stretch)))
    for found in _unbalanced(session, parts, 1):
        what, lacking = found[-2:]
        about = {"table": "enterprise_entry", "plan": plan, **dict(zip(PLACE, found, strict=False))}
        text = f"spans and entries differ in plan {plan}: {_plain(found)}"
        yield Finding("status entry", text, about, lacks={what: lacking})


def _place(row: Any) -> Columns:  # noqa: ANN401 - a table, or its columns
    return row.region, row.industry, row.key_enterprise, row.enterprise_id


def _here(
    table: type[Standing | Entry | EnterpriseStanding | EnterpriseEntry], plan: int, stretch: Stretch
) -> tuple[ColumnElement[bool], ...]:
    """Give the condition; of spans of status SQLite would take an index by plan, and read them all for each stretch."""
    of_plan = table.plan_id + literal_column("0") if table is EnterpriseStanding else table.plan_id
    return of_plan == plan, _within(table.enterprise_id, stretch)


def _changes(row: Any, place: Columns, amounts: Columns) -> list[Query]:  # noqa: ANN401 - a table, or its columns
    """Give what storing and superseding spans changes: instant, day, place, amounts."""
    less = tuple(-amount for amount in amounts)
    begun = select(row.recorded_at, row.from_on, *place, *amounts)
    ended = select(row.recorded_at, row.until_on, *place, *less).where(row.until_on < NEVER)
    undone = select(row.superseded_at, row.from_on, *place, *less).where(row.superseded_at.is_not(None))
    unended = select(row.superseded_at, row.until_on, *place, *amounts).where(row.superseded_at.is_not(None))
    return [begun, ended, undone, unended.where(row.until_on < NEVER)]


def _unbalanced(session: Session, parts: list[Query], amounts: int) -> Iterator[tuple[Any, ...]]:
    """Give the lines whose amounts, the last columns, do not add up to nothing."""
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
        yield tuple(line)


def _plain(line: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in line)


def _lateness(session: Session, plan: int, stretch: Stretch) -> Iterator[Finding]:
    for table in (Entry, EnterpriseEntry):
        query = select(table.recorded_at, table.effective_on, table.late).where(*_here(table, plan, stretch))
        for recorded_at, effective_on, late in session.execute(query.distinct()):
            if late != late_class(effective_on, day_of(recorded_at)) or late > LATEST:
                text = f"{table.__tablename__} of {effective_on} recorded at {recorded_at} is classed {late}"
                about = {"table": table.__tablename__, "plan": plan, "day": effective_on, "recorded_at": recorded_at}
                meant = late_class(effective_on, day_of(recorded_at))
                yield Finding("late", text, about, {"late": late}, {"late": meant})


def _postings(session: Session) -> Iterator[Finding]:
    for table in (Entry, EnterpriseEntry):
        query = select(table.id, table.plan_id, table.enterprise_id, table.recorded_at, Posting.recorded_at)
        query = query.join(Posting, Posting.id == table.posting_id).where(Posting.recorded_at != table.recorded_at)
        for id, plan, enterprise, there, meant in session.execute(query):
            text = f"{table.__tablename__} {id} has not its posting's instant"
            about = {"table": table.__tablename__, "plan": plan, "enterprise": enterprise, "row": id}
            yield Finding("posting", text, about, {"recorded_at": there}, {"recorded_at": meant})


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
    pairs = select(one.id, other.id, one.enterprise_id, one.post).join(other, same)
    for first, second, enterprise, post in session.execute(pairs):
        about = {"table": ASSIGNMENT, "enterprise": enterprise, "post": post, "assignment": first, "other": second}
        yield Finding("overlap", f"assignments {first} and {second} overlap", about)
    query = select(PostAssignment).where(PostAssignment.ends_on <= PostAssignment.starts_on)
    for row in session.scalars(query.where(PostAssignment.void.is_(False))):
        about = {"table": ASSIGNMENT, "enterprise": row.enterprise_id, "post": row.post, "assignment": row.id}
        about |= {"day": row.starts_on, "until": row.ends_on}
        yield Finding("assignment", f"assignment {row.id} ends before it starts", about)


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
    apart = select(now.id, now.enterprise_id, now.post).outerjoin(version, current)
    for id, enterprise, post in session.execute(apart.where(or_(version.id.is_(None), not_(agree)))):
        about = {"table": ASSIGNMENT, "enterprise": enterprise, "post": post, "assignment": id}
        yield Finding("version", f"assignment {id} differs from its version known now", about)
    twice = select(version.assignment_id).where(version.superseded_at.is_(None)).group_by(version.assignment_id)
    for id in session.scalars(twice.having(func.count() > 1)):
        text = f"assignment {id} has two versions known now"
        yield Finding("version", text, {"table": ASSIGNMENT, "assignment": id})

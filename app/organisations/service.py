"""Commands of organisations: regions, enterprises and their dated facts, declarations."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.kit.batches import batched
from app.ops import bulk
from app.organisations.dated import FactChange
from app.organisations.models import Declaration, Enterprise, EnterpriseFact, PostAssignment, Region, RegionPast
from app.organisations.regions import RegionRow


@dataclass(frozen=True)
class NewEnterprise:
    """An enterprise to enter; its counted attributes are dated facts of their own."""

    uscc: str
    name: str
    region: str


@dataclass(frozen=True)
class Declared:
    """An enterprise's word on its roster; `kind` is import or confirmation."""

    enterprise_id: int
    kind: str
    declared_from: date
    confirmed_on: date
    head_count: int


class _Word(NamedTuple):
    """What an enterprise said before."""

    declared_from: date
    confirmed_on: date
    head_count: int


def add_regions(session: Session, rows: Sequence[RegionRow]) -> None:
    """Enter regions, each after the one it lies in; ValueError when they lie in a circle."""
    waiting = {row.code: row for row in rows}
    while waiting:
        ready = [row for row in waiting.values() if row.parent not in waiting]
        if not ready:
            raise ValueError(sorted(waiting))
        session.execute(insert(Region), [{"code": r.code, "name": r.name, "parent": r.parent} for r in ready])
        waiting = {code: row for code, row in waiting.items() if row not in ready}


def change_regions(session: Session, rows: Sequence[RegionRow], recorded_at: datetime) -> None:
    """Rename regions, or put them under others: where those lay until now is kept."""
    if not rows:
        return
    lies = select(Region.code, Region.parent).where(Region.code.in_([row.code for row in rows]))
    parents = {code: parent for code, parent in session.execute(lies)}  # noqa: C416 - rows, not tuples
    past = [
        {"code": row.code, "superseded_at": recorded_at, "parent": parents[row.code]}
        for row in rows
        if row.parent != parents[row.code]
    ]
    if past:
        session.execute(insert(RegionPast), past)
    session.connection().execute(
        update(Region).where(Region.code == bindparam("of")).values(name=bindparam("name"), parent=bindparam("parent")),
        [{"of": r.code, "name": r.name, "parent": r.parent} for r in rows],
    )


def add_enterprises(session: Session, rows: Sequence[NewEnterprise]) -> list[int]:
    """Enter enterprises; gives their ids in the same order."""
    if not rows:
        return []
    values = [{"uscc": r.uscc, "name": r.name, "region": r.region} for r in rows]
    return list(session.scalars(insert(Enterprise).returning(Enterprise.id, sort_by_parameter_order=True), values))


def place_enterprise(session: Session, enterprise_id: int, name: str, region: str) -> None:
    """Set what an enterprise is called and where it lies now."""
    session.execute(update(Enterprise).where(Enterprise.id == enterprise_id).values(name=name, region=region))


def record_facts(session: Session, changes: Sequence[FactChange], recorded_at: datetime) -> None:
    """Record dated facts; those they correct stay as what was known before."""
    for batch in batched([change.supersedes for change in changes if change.supersedes is not None]):
        session.execute(update(EnterpriseFact).where(EnterpriseFact.id.in_(batch)).values(superseded_at=recorded_at))
    if changes:
        session.execute(
            insert(EnterpriseFact),
            [
                {
                    "enterprise_id": change.enterprise_id,
                    "attribute": change.attribute,
                    "value": change.value,
                    "effective_on": change.effective_on,
                    "recorded_at": recorded_at,
                    "superseded_at": None,
                }
                for change in changes
            ],
        )


def declare(session: Session, words: Iterable[Declared], actor: str, recorded_at: datetime) -> tuple[int, ...]:
    """Record declarations, but those that repeat the enterprise's last word; gives the enterprises that said anew."""
    listed = list(words)
    known = _words(session, {word.enterprise_id for word in listed})
    new = [word for word in listed if _says_more(word, known.get(word.enterprise_id, ()))]
    bulk.append(session, Declaration, [asdict(word) | {"actor": actor, "recorded_at": recorded_at} for word in new])
    return tuple(word.enterprise_id for word in new)


def head_counts(session: Session, enterprise_ids: Iterable[int], on: date) -> dict[int, int]:
    """Count the distinct people in any post on a day, by enterprise."""
    counts = dict.fromkeys(enterprise_ids, 0)
    held = PostAssignment
    for batch in batched(sorted(counts)):
        rows = session.execute(
            select(held.enterprise_id, func.count(held.person_id.distinct()))
            .where(
                held.enterprise_id.in_(batch),
                held.void.is_(False),
                held.starts_on <= on,
                or_(held.ends_on.is_(None), held.ends_on > on),
            )
            .group_by(held.enterprise_id)
        )
        counts.update(dict(rows.all()))
    return counts


def _words(session: Session, enterprise_ids: set[int]) -> dict[int, list[_Word]]:
    """Read what enterprises said so far, in the order in which it was recorded."""
    found: dict[int, list[_Word]] = {}
    row = Declaration
    query = select(row.enterprise_id, row.declared_from, row.confirmed_on, row.head_count).order_by(row.recorded_at)
    for batch in batched(sorted(enterprise_ids)):
        for enterprise_id, *said in session.execute(query.where(row.enterprise_id.in_(batch))).all():
            found.setdefault(enterprise_id, []).append(_Word._make(said))
    return found


def _says_more(word: Declared, known: Sequence[_Word]) -> bool:
    if not known:
        return True
    last = known[-1]
    earlier = word.declared_from < min(row.declared_from for row in known)
    return earlier or (last.confirmed_on, last.head_count) != (word.confirmed_on, word.head_count)

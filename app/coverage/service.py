"""Commands: open a posting, post what a change of facts does to every figure, waive and withdraw a waiver, repair."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.coverage import enterprise_standings, projections, rollups, standings
from app.coverage.locks import lock_people, lock_postings
from app.coverage.models import Posting, Waiver
from app.coverage.prepared import MANY, asked, run
from app.coverage.projections import is_postgresql
from app.kit.batches import batched
from app.kit.errors import Problem, not_found
from app.ops.db import MICROSECOND, Instant
from app.ops.i18n import N_
from app.ops.listed import among
from app.organisations.models import Enterprise, PersonMerge, PostAssignment
from app.plans import queries as plan_queries


def open_posting(session: Session, now: datetime, kind: str, *, persons: Collection[int] | None = None) -> Posting:
    """Take the posting lock and an instant of recorded time later than all it builds on; do this before any fact.

    On SQLite the write transaction is the lock. On PostgreSQL a posting holds it alone, unless it says whose facts it
    will change and changes no others (`persons`: only their awards): then it shares the lock with its like, and holds
    those people, and the enterprises they hold posts at, for itself. The locks are held until the transaction ends.
    """
    alone = persons is None or not is_postgresql(session)
    if alone:
        lock_postings(session)
    else:
        lock_people(session, persons or ())
    last = run(session, LAST).scalar_one()
    recorded_at = now if last is None else max(now, last + MICROSECOND)
    if alone:
        id = run(session, OPENED, {"recorded_at": recorded_at, "kind": kind}).scalar_one()
        posting = Posting(id=id, recorded_at=recorded_at, kind=kind)
    else:
        posting = _opened_beside(session, recorded_at, kind)
    posting.alone = posting.folds = alone
    return posting


def leave_pending(session: Session, posting: Posting) -> None:
    """Leave a posting's entries to the next fold, which comes by itself: readers add what is pending (PostgreSQL).

    For postings of few enterprises. To fold touches a page of the rollups for nearly every entry.
    """
    posting.folds = not is_postgresql(session)


LAST = select(func.max(Posting.recorded_at))
OPENED = insert(Posting).returning(Posting.id)
OPENED_BESIDE = postgresql.insert(Posting).on_conflict_do_nothing().returning(Posting.id)


def _opened_beside(session: Session, recorded_at: datetime, kind: str) -> Posting:
    """Record a posting while others are open: each at an instant of its own."""
    driver: Any = session.connection().connection.driver_connection
    step = MICROSECOND * (1 + driver.info.backend_pid % 997)
    while True:
        id = run(session, OPENED_BESIDE, {"recorded_at": recorded_at, "kind": kind}).scalar()
        if id is not None:
            return Posting(id=id, recorded_at=recorded_at, kind=kind)
        recorded_at += step


def post(
    session: Session,
    posting: Posting,
    *,
    assignments: Iterable[int] = (),
    persons: Iterable[int] = (),
    enterprises: Iterable[int] = (),
    declared: Iterable[int] = (),
    everything: bool = False,
) -> None:
    """Recompute what the changed facts touch, and append what differs from what is stored.

    assignments: their own facts or waivers changed. persons: their awards or revocations changed, or they were merged.
    enterprises: their dated facts changed. declared: only their declarations did.
    everything: a plan, a retake or the region tree changed.
    """
    session.flush()
    rehung = projections.follow_tree(session, whole=everything)
    book = standings.book(session)
    touched = _Touched(session, posting, tuple(assignments), tuple(persons), tuple(enterprises), everything)
    moved: dict[int, date] = {}
    for chunk in batched(touched.assignments(), MANY):
        for enterprise, day in standings.write(session, posting, standings.compare(session, book, chunk)).items():
            moved[enterprise] = min(day, moved.get(enterprise, day))
    whole = touched.enterprises()
    for ids in batched(sorted(set(declared) - whole), enterprise_standings.CHUNK):
        confirmed, redeclared = enterprise_standings.confirm(session, book, ids)
        enterprise_standings.write(session, posting, confirmed)
        whole |= redeclared
    since = None if everything else moved
    for ids in batched(sorted(whole), enterprise_standings.CHUNK):
        enterprise_standings.write(session, posting, enterprise_standings.compare(session, book, ids, since))
    for ids in batched(sorted(moved.keys() - whole), enterprise_standings.CHUNK):
        difference = enterprise_standings.restate(session, book, {id: moved[id] for id in ids})
        enterprise_standings.write(session, posting, difference)
    if rehung:
        rollups.rebuild(session)
    elif posting.folds:
        projections.fold(session)


@dataclass(frozen=True)
class _Touched:
    """Whom a change of facts can touch."""

    session: Session
    posting: Posting
    given: Sequence[int]
    persons: Sequence[int]
    given_enterprises: Sequence[int]
    everything: bool

    @cached_property
    def employers(self) -> dict[int, int]:
        """Give the enterprise of each of the given assignments."""
        found: dict[int, int] = {}
        for chunk in batched(self.given, MANY):
            rows = run(self.session, _assignments_by("id"), asked(chunk))
            found.update((id, enterprise) for id, enterprise in rows)
        return found

    def assignments(self) -> list[int]:
        """Give the assignments, those of one enterprise together."""
        if self.everything:
            row = PostAssignment
            return list(self.session.scalars(select(row.id).order_by(row.enterprise_id, row.id)))
        found = dict(self.employers)
        named = (("person_id", self.persons), ("enterprise_id", self.given_enterprises))
        for column, keys in named:
            for chunk in batched(keys, MANY):
                rows = run(self.session, _assignments_by(column), asked(chunk))
                found.update((id, enterprise) for id, enterprise in rows)
        return sorted(found, key=lambda id: (found[id], id))

    def enterprises(self) -> set[int]:
        """Give the enterprises of which more than the figures may have changed."""
        if self.everything:
            return set(self.session.scalars(select(Enterprise.id)))
        found = set(self.given_enterprises) | set(self.employers.values())
        for chunk in batched(self.persons if self._merged() else (), MANY):
            found.update(enterprise for _, enterprise in run(self.session, _assignments_by("person_id"), asked(chunk)))
        return found

    def _merged(self) -> bool:
        """Say whether this posting united people, as only one that is alone can: then rosters count fewer of them."""
        if not self.persons or not self.posting.alone:
            return False
        return run(self.session, MERGED, {"at": self.posting.recorded_at}).first() is not None


MERGED = select(PersonMerge.id).where(PersonMerge.recorded_at == bindparam("at", type_=Instant())).limit(1)


@cache
def _assignments_by(column: str) -> Select[int, int]:
    """Select assignments, void ones too, with their enterprise, by one of their keys."""
    row = PostAssignment
    return select(row.id, row.enterprise_id).where(among(getattr(row, column)))


@dataclass(frozen=True)
class Waive:
    """One assignment counts as covered in one plan on [from_on, until_on), open where None."""

    assignment_id: int
    plan_code: str
    from_on: date
    until_on: date | None
    reason: str
    actor: str


def waive(session: Session, command: Waive, recorded_at: datetime) -> int:
    """Record a waiver and give its id; the workflow then posts the assignment. Problem 404 or 422 when it cannot be."""
    if command.until_on is not None and command.until_on <= command.from_on:
        raise Problem(422, "waiver_dates", N_("A waiver must end after it begins."))
    _refuse_silence(command.reason)
    assignment = session.get(PostAssignment, command.assignment_id)
    if assignment is None or assignment.void:
        raise not_found()
    waiver = Waiver(
        assignment_id=assignment.id,
        plan_id=plan_queries.plan(session, command.plan_code).id,
        from_on=command.from_on,
        until_on=command.until_on,
        reason=command.reason.strip(),
        actor=command.actor,
        recorded_at=recorded_at,
    )
    session.add(waiver)
    session.flush()
    return waiver.id


@dataclass(frozen=True)
class Withdraw:
    """A waiver no longer applies from a day on; None: it never did."""

    waiver_id: int
    from_on: date | None
    reason: str
    actor: str


def withdraw(session: Session, command: Withdraw, recorded_at: datetime) -> int:
    """Withdraw a waiver, and give the id of its assignment, which the workflow then posts."""
    _refuse_silence(command.reason)
    waiver = session.get(Waiver, command.waiver_id)
    if waiver is None or waiver.superseded_at is not None:
        raise not_found()
    waiver.superseded_at = recorded_at
    waiver.withdrawn_reason, waiver.withdrawn_by = command.reason.strip(), command.actor
    if command.from_on is not None and command.from_on > waiver.from_on:
        until_on = min(command.from_on, waiver.until_on or command.from_on)
        session.add(_shortened(waiver, until_on, recorded_at))
    session.flush()
    return waiver.assignment_id


def _shortened(waiver: Waiver, until_on: date, recorded_at: datetime) -> Waiver:
    kept = {name: getattr(waiver, name) for name in ("assignment_id", "plan_id", "from_on", "reason", "actor")}
    return Waiver(**kept, until_on=until_on, recorded_at=recorded_at)


def _refuse_silence(reason: str) -> None:
    if not reason.strip():
        raise Problem(422, "reason_missing", N_("Say why: the reason is kept."))


def repair(session: Session, now: datetime) -> Posting:
    """Post whatever the stored figures lack against the facts; past knowledge stays as it was."""
    posting = open_posting(session, now, "repair")
    post(session, posting, everything=True)
    return posting

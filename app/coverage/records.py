"""Reads what persons have done - awards, failed and open attempts, learning - as known now or at an instant."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Integer, ScalarSelect, Select, exists, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from app.assessment.models import Attempt
from app.awards.models import Award as AwardRow
from app.awards.models import Revocation
from app.coverage.facts import Award, Effort, Record, Retake
from app.coverage.prepared import KNOWN_AT, MANY, asked, run
from app.coverage.versions import Known, recorded
from app.kit.batches import batched
from app.kit.dates import day_of
from app.learning.models import LearningDay
from app.ops.db import Day
from app.ops.listed import among, one_of
from app.organisations.models import PersonMerge

dated = lru_cache(maxsize=40_000)(date.fromordinal)
"""A day by its number: the days of a plan are few, and each is made once."""


def records(
    session: Session,
    persons: Collection[int],
    known: Sequence[Retake],
    known_at: datetime | None = None,
    *,
    efforts: bool = True,
) -> dict[int, Record]:
    """Give what persons have done, as known at an instant (None: now); `known` are the retakes() of that instant.

    Without `efforts` only their awards: enough to say whether, not why.
    """
    owners = _Owners(session, persons, known_at)
    awards: dict[int, list[Award]] = {person: [] for person in persons}
    tries: dict[int, list[Effort]] = {person: [] for person in persons}
    for chunk in batched(owners.persons, MANY):
        for owner, award in _awards(session, chunk, owners, known_at):
            awards[owner].append(award)
        for owner, effort in _efforts(session, chunk, owners, known_at) if efforts else ():
            tries[owner].append(effort)
    return {person: Record(tuple(awards[person]), tuple(tries[person]), tuple(known)) for person in persons}


class _Owners:
    """Whose a fact was, as known at an instant: now it stands under the person that it was merged into."""

    def __init__(self, session: Session, persons: Collection[int], known_at: datetime | None) -> None:
        self.wanted = frozenset(persons)
        self.persons: Collection[int] = self.wanted
        self.then: dict[int, int] | None = None
        self.now: dict[int, int] = {}
        if known_at is not None:
            merges = session.execute(select(PersonMerge.source_id, PersonMerge.target_id, PersonMerge.recorded_at))
            rows = [(source, target, at <= known_at) for source, target, at in merges]
            self.then = {source: target for source, target, then in rows if then}
            self.now = {source: target for source, target, _ in rows}
            self.persons = frozenset(self.stored(person) for person in persons)

    def stored(self, person: int) -> int:
        """Give the person under whom the facts of one of those wanted stand now."""
        return _root(self.now, person)

    def of(self, person: int, recorded_person: int) -> int | None:
        """Give the person, if wanted, whose the fact was."""
        owner = person if self.then is None else _root(self.then, recorded_person)
        return owner if owner in self.wanted else None


def _root(merges: Mapping[int, int], person: int) -> int:
    while person in merges:
        person = merges[person]
    return person


def _awards(
    session: Session, persons: Sequence[int], owners: _Owners, known_at: datetime | None
) -> Iterator[tuple[int, Award]]:
    rows = run(session, _awarded(then=known_at is not None), asked(persons, known_at)).all()
    for id, course, version, completed_on, valid_until, revoked, person, first, mode in rows:
        owner = owners.of(person, first)
        if owner is not None:
            end = None if valid_until is None else dated(valid_until)
            yield owner, Award(id, course, version, dated(completed_on), end, revoked, mode == "offline")


@cache
def _awarded(*, then: bool) -> Select[*tuple[Any, ...]]:
    known_at = KNOWN_AT if then else None
    row = AwardRow
    days = (type_coerce(row.completed_on, Integer), type_coerce(row.valid_until, Integer), revoked_from(known_at))
    awards = select(row.id, row.course_code, row.version_number, *days, row.person_id, row.recorded_person_id, row.mode)
    return awards.where(among(row.person_id), recorded(row.recorded_at, known_at))


def revoked_from(known_at: Known) -> ScalarSelect[Any]:
    """Give, beside an award, the earliest day from which a revocation known at an instant says it is not held."""
    known = (Revocation.award_id == AwardRow.id, recorded(Revocation.recorded_at, known_at))
    return select(func.min(Revocation.revoked_from, type_=Day)).where(*known).scalar_subquery()


def with_efforts(session: Session, persons: Iterable[int]) -> set[int]:
    """Give those who have learned or opened an attempt, as known now."""
    found: set[int] = set()
    for chunk in batched(persons, MANY):
        for column in (LearningDay.person_id, Attempt.person_id):
            theirs = select(column).where(one_of(column, chunk)).distinct()
            found.update(session.connection().execute(theirs).scalars())
    return found


def eventful(
    session: Session, persons: Collection[int], known: Sequence[Retake], known_at: datetime | None = None
) -> set[int]:
    """Give those who did more than earn awards that never end: of the others, what they miss was never started.

    For an instant (None: now) with the retakes() of it; whose events were not yet known then may be among them.
    """
    owners = _Owners(session, persons, known_at)
    found, retaken = with_efforts(session, owners.persons), {retake.course for retake in known}
    for chunk in batched(owners.persons, MANY):
        theirs = select(AwardRow.person_id).where(one_of(AwardRow.person_id, chunk))
        revoked = exists().where(Revocation.award_id == AwardRow.id)
        ends = or_(AwardRow.valid_until.is_not(None), revoked, AwardRow.course_code.in_(retaken))
        found.update(session.connection().execute(theirs.where(ends)).scalars())
    return {person for person in persons if owners.stored(person) in found}


def _efforts(
    session: Session, persons: Sequence[int], owners: _Owners, known_at: datetime | None
) -> Iterator[tuple[int, Effort]]:
    then, values = known_at is not None, asked(persons, known_at)
    for person, first, course, day in run(session, _learned(then=then), values):
        owner = owners.of(person, first)
        if owner is not None:
            yield owner, Effort(course, day, "in_progress")
    tried = run(session, _tried(then=then), values)
    for person, first, course, opened_at, submitted_at, outcome, recorded_at in tried:
        owner = owners.of(person, first)
        known = recorded_at is not None and (known_at is None or recorded_at <= known_at)
        submitted_on = day_of(submitted_at) if known and submitted_at else None
        effort = _attempt(course, day_of(opened_at), submitted_on, outcome)
        if owner is not None and effort is not None:
            yield owner, effort


@cache
def _learned(*, then: bool) -> Select[*tuple[Any, ...]]:
    row = LearningDay
    query = select(row.person_id, row.recorded_person_id, row.course_code, row.day)
    return query.where(among(row.person_id), recorded(row.recorded_at, KNOWN_AT if then else None))


@cache
def _tried(*, then: bool) -> Select[*tuple[Any, ...]]:
    row = Attempt
    columns = (row.course_code, row.opened_at, row.submitted_at, row.outcome, row.recorded_at)
    query = select(row.person_id, row.recorded_person_id, *columns)
    return query.where(among(row.person_id), recorded(row.opened_at, KNOWN_AT if then else None))


def _attempt(course: str, opened_on: date, submitted_on: date | None, outcome: str) -> Effort | None:
    if submitted_on is None:
        return Effort(course, opened_on, "in_progress")
    return Effort(course, submitted_on, "failed") if outcome == "failed" else None

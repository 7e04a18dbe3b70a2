"""Reads whose each award was in recorded time, and with which revocation it was known."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.awards.models import Award as AwardRow
from app.awards.models import Revocation
from app.awards.service import OFFLINE
from app.coverage.prepared import MANY
from app.coverage.rebuild.history import FOREVER, NEVER, Held, Instant
from app.coverage.rebuild.reading import Stretch, raw, stored
from app.kit.batches import batched
from app.organisations.models import PersonMerge, PostAssignmentVersion

Merges = Mapping[int, tuple[int, Instant]]
"""Whom a person was merged into, and when that was recorded."""


def merges(session: Session) -> Merges:
    """Read all merges."""
    row = PersonMerge
    query = select(row.source_id, row.target_id, *stored(row.recorded_at))
    return {source: (target, at) for source, target, at in raw(session, query)}


def awards(session: Session, stretch: Stretch, into: Merges) -> dict[int, list[Held]]:
    """Read the awards that ever were those of people with a post at a stretch of enterprises, by person."""
    row = PostAssignmentVersion
    here = select(row.person_id).where(row.enterprise_id.between(*stretch))
    query = _query().where(AwardRow.person_id.in_(here))
    found: dict[int, list[Held]] = {}
    _sort(session, query, into, found)
    if into:
        sources = here.where(row.person_id.in_(select(PersonMerge.source_id)))
        roots = {_root(into, person) for person in session.scalars(sources)}
        for chunk in batched(roots, MANY):
            _sort(session, _query().where(AwardRow.person_id.in_(chunk), AwardRow.person_id.not_in(here)), into, found)
    return found


def _query() -> Select[*tuple[Any, ...]]:
    row = AwardRow
    query = select(row.recorded_person_id, row.id, *stored(Revocation.recorded_at, Revocation.revoked_from))
    query = query.add_columns(*stored(row.recorded_at), row.course_code, row.version_number, row.mode == OFFLINE)
    query = query.add_columns(*stored(row.completed_on), func.coalesce(*stored(row.valid_until), NEVER))
    return query.outerjoin(Revocation, Revocation.award_id == row.id)


def _sort(session: Session, query: Select[*tuple[Any, ...]], into: Merges, found: dict[int, list[Held]]) -> None:
    """Sort awards under the people whose they were."""
    revoked: dict[int, tuple[int, Held, list[tuple[Instant, int]]]] = {}
    for person, id, revoked_at, revoked_from, since, course, version, offline, from_on, until_on in raw(session, query):
        held = Held(since, FOREVER, course, version, offline, from_on, until_on)
        if revoked_at is not None:
            revoked.setdefault(id, (person, held, []))[2].append((revoked_at, revoked_from))
        elif person in into:
            _own(found, into, person, [held])
        elif person in found:
            found[person].append(held)
        else:
            found[person] = [held]
    for person, held, revocations in revoked.values():
        _own(found, into, person, list(_known(held, sorted(revocations))))


def _known(held: Held, revocations: list[tuple[Instant, int]]) -> Iterator[Held]:
    """Tell an award with what was known of its revocations, of which the earliest day counts."""
    for at, day in revocations:
        if held.since < at:
            yield held._replace(until=at)
        held = held._replace(since=at, until_on=min(held.until_on, day))
    yield held


def _own(found: dict[int, list[Held]], into: Merges, person: int, known: list[Held]) -> None:
    """Let what was recorded of a person be theirs until they were merged, then the other's, and so on."""
    begun: Instant = 0
    while True:
        target, ended = into.get(person, (0, FOREVER))
        for held in known:
            since, until = max(held.since, begun), min(held.until, ended)
            if since < until:
                found.setdefault(person, []).append(held._replace(since=since, until=until))
        if ended == FOREVER:
            return
        person, begun = target, max(begun, ended)


def _root(into: Merges, person: int) -> int:
    while person in into:
        person = into[person][0]
    return person

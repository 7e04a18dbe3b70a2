"""Post assignments: read for a decision, entered and changed in bulk.

Each change to an assignment also writes its recorded version, so that what was known can be told later.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from app.kit.batches import batched
from app.ops import bulk
from app.organisations.models import PostAssignment, PostAssignmentVersion


class Held(NamedTuple):
    """A post assignment; id 0 is not stored yet. `ends_on` None is open; `void` counts nowhere."""

    id: int
    person_id: int
    enterprise_id: int
    post: str
    trade: str
    starts_on: date
    ends_on: date | None
    void: bool = False

    def in_post(self, on: date) -> bool:
        """Say whether the post is held on a day."""
        return not self.void and self.starts_on <= on and (self.ends_on is None or on < self.ends_on)

    def overlaps(self, starts_on: date, ends_on: date | None) -> bool:
        """Say whether this shares a day with [starts_on, ends_on)."""
        begins_before = ends_on is None or self.starts_on < ends_on
        return not self.void and begins_before and (self.ends_on is None or starts_on < self.ends_on)


def held_at(session: Session, enterprise_ids: Iterable[int], person_ids: Iterable[int] | None = None) -> list[Held]:
    """Read the assignments at some enterprises (of some people only, when named); void ones are left out."""
    held = PostAssignment
    found: list[Held] = []
    enterprises = set(enterprise_ids)
    if person_ids is None:
        for batch in batched(sorted(enterprises)):
            found += _held(session, select(held).where(held.enterprise_id.in_(batch), held.void.is_(False)))
        return found
    for batch in batched(sorted(set(person_ids))):
        rows = _held(session, select(held).where(held.person_id.in_(batch), held.void.is_(False)))
        found += [row for row in rows if row.enterprise_id in enterprises]
    return found


def held_by(session: Session, person_ids: Iterable[int]) -> list[Held]:
    """Read all assignments of some people; void ones are left out."""
    found: list[Held] = []
    for batch in batched(sorted(set(person_ids))):
        query = select(PostAssignment).where(PostAssignment.person_id.in_(batch), PostAssignment.void.is_(False))
        found += _held(session, query)
    return found


def _held(session: Session, query: Any) -> list[Held]:  # noqa: ANN401 - a select of assignments
    columns = PostAssignment
    rows = session.execute(
        query.with_only_columns(
            columns.id,
            columns.person_id,
            columns.enterprise_id,
            columns.post,
            columns.trade,
            columns.starts_on,
            columns.ends_on,
        ).order_by(columns.id)
    )
    return [Held(*row) for row in rows]


def assign(session: Session, rows: Sequence[Held], recorded_at: datetime) -> list[Held]:
    """Enter assignments; gives them with their ids, in the same order."""
    ids = bulk.new_ids(session, PostAssignment, len(rows))
    stored = [row._replace(id=id) for id, row in zip(ids, rows, strict=True)]
    more = [{"id": row.id, "trade": row.trade, "recorded_at": recorded_at} for row in stored]
    bulk.append(session, PostAssignment, [_values(row) | those for row, those in zip(stored, more, strict=True)])
    _write_versions(session, stored, recorded_at)
    return stored


def amend(session: Session, rows: Sequence[Held], recorded_at: datetime) -> None:
    """Change stored assignments to what `rows` say: person, trade, days, void."""
    if not rows:
        return
    session.connection().execute(
        update(PostAssignment)
        .where(PostAssignment.id == bindparam("of"))
        .values(
            person_id=bindparam("person_id"),
            trade=bindparam("trade"),
            starts_on=bindparam("starts_on"),
            ends_on=bindparam("ends_on"),
            void=bindparam("void"),
            recorded_at=bindparam("at"),
        ),
        [
            {
                "of": row.id,
                "person_id": row.person_id,
                "trade": row.trade,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
                "void": row.void,
                "at": recorded_at,
            }
            for row in rows
        ],
    )
    version = PostAssignmentVersion
    for batch in batched([row.id for row in rows]):
        known = version.assignment_id.in_(batch), version.superseded_at.is_(None)
        session.execute(update(version).where(*known).values(superseded_at=recorded_at))
    _write_versions(session, rows, recorded_at)


def _write_versions(session: Session, rows: Sequence[Held], recorded_at: datetime) -> None:
    known = {"recorded_at": recorded_at, "superseded_at": None}
    bulk.append(session, PostAssignmentVersion, [_values(row) | known | {"assignment_id": row.id} for row in rows])


def _values(row: Held) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "enterprise_id": row.enterprise_id,
        "post": row.post,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "void": row.void,
    }

"""Reads what was ever known of a stretch of enterprises, in columns as stored: no mapped objects, each day once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.catalogue.models import CourseVersion
from app.coverage import planned
from app.coverage.models import Waiver as WaiverRow
from app.coverage.rebuild.history import (
    FOREVER,
    NEVER,
    Edition,
    EnterpriseHistory,
    Instant,
    Library,
    Retaken,
    Said,
    Term,
    Told,
    Waived,
)
from app.ops.db import EPOCH, MICROSECOND
from app.organisations.models import Declaration as DeclarationRow
from app.organisations.models import Enterprise, EnterpriseFact, PostAssignmentVersion
from app.plans.models import PlanVersion
from app.plans.shapes import from_json


class Stretch(NamedTuple):
    """Enterprises with ids from the first to the last, both included."""

    first: int
    last: int


class _Days(dict[int, date]):
    """Each day once, by its ordinal."""

    def __missing__(self, ordinal: int) -> date:
        day = self[ordinal] = date.fromordinal(ordinal)
        return day


DAYS = _Days()


def library(session: Session) -> Library:
    """Read all editions of all plans, each again wherever regions were put under others, and the retakes."""
    trees = _trees(session)
    row = PlanVersion
    query = select(row.plan_id, row.body, *stored(row.recorded_at, row.superseded_at)).order_by(row.recorded_at)
    editions: dict[int, list[Edition]] = {}
    for plan, body, recorded_at, superseded_at in session.connection().execute(query):
        read = from_json(plan, body)
        for begun, ended, parents in trees:
            since, until = max(begun, recorded_at), min(ended, _instant(superseded_at))
            if since < until:
                editions.setdefault(plan, []).append(Edition(since, until, planned.shaped(read, parents)))
    version = CourseVersion
    retakes = select(*stored(version.recorded_at), version.course_code, version.number, *stored(version.retake_from))
    retakes = retakes.where(version.change == "retake", version.retake_from.is_not(None))
    return Library(
        tuple(tuple(rows) for rows in editions.values()),
        tuple(Retaken(*retaken) for retaken in raw(session, retakes)),
    )


def _trees(session: Session) -> list[tuple[Instant, Instant, Mapping[str, str | None]]]:
    """Give the parents of all regions with the stretch of recorded time in which they were these."""
    begun: Instant = 0
    found = []
    for until, parents in planned.trees(session):
        ended = FOREVER if until is None else (until - EPOCH) // MICROSECOND
        found.append((begun, ended, parents))
        begun = ended
    return found


def waivers(session: Session) -> dict[int, list[Waived]]:
    """Read all waivers, by assignment: few are waived."""
    row = WaiverRow
    query = select(row.assignment_id, *stored(row.recorded_at), _else(row.superseded_at, FOREVER), row.plan_id)
    query = query.add_columns(*stored(row.from_on), _else(row.until_on, NEVER))
    found: dict[int, list[Waived]] = {}
    for id, *values in raw(session, query):
        found.setdefault(id, []).append(Waived._make(values))
    return found


def histories(
    session: Session, stretch: Stretch, waived: Mapping[int, Sequence[Waived]]
) -> dict[int, EnterpriseHistory]:
    """Read what was ever known of each enterprise of a stretch, but for awards; given what is waived anywhere."""
    ids = select(Enterprise.id).where(Enterprise.id.between(*stretch)).order_by(Enterprise.id)
    found = {id: EnterpriseHistory(id, waived) for id in session.scalars(ids)}
    _facts(session, stretch, found)
    _declarations(session, stretch, found)
    _terms(session, stretch, found)
    return found


def _facts(session: Session, stretch: Stretch, found: dict[int, EnterpriseHistory]) -> None:
    row = EnterpriseFact
    query = select(row.enterprise_id, *stored(row.recorded_at, row.superseded_at), row.attribute)
    query = query.add_columns(*stored(row.effective_on), row.value)
    for id, since, until, attribute, day, value in raw(session, query.where(row.enterprise_id.between(*stretch))):
        found[id].facts.append(Told(since, _instant(until), attribute, DAYS[day], value))


def _declarations(session: Session, stretch: Stretch, found: dict[int, EnterpriseHistory]) -> None:
    row = DeclarationRow
    query = select(row.enterprise_id, *stored(row.recorded_at, row.declared_from, row.confirmed_on))
    for id, since, declared_from, confirmed_on in raw(session, query.where(row.enterprise_id.between(*stretch))):
        found[id].declarations.append(Said(since, declared_from, confirmed_on))


def _terms(session: Session, stretch: Stretch, found: dict[int, EnterpriseHistory]) -> None:
    row = PostAssignmentVersion
    query = select(row.enterprise_id, *stored(row.recorded_at), _else(row.superseded_at, FOREVER))
    query = query.add_columns(row.assignment_id, row.person_id, row.post)
    query = query.add_columns(*stored(row.starts_on), _else(row.ends_on, NEVER))
    query = query.where(row.enterprise_id.between(*stretch), row.void.is_(False)).order_by(row.recorded_at)
    for values in raw(session, query):
        term = Term._make(values[1:])
        found[values[0]].terms.setdefault(term.assignment, []).append(term)


def stored(*columns: InstrumentedAttribute[Any]) -> list[Any]:
    """Give days and instants as the integers that they are stored as."""
    return [type_coerce(column, BigInteger) for column in columns]


def _else(column: InstrumentedAttribute[Any], value: int) -> ColumnElement[int]:
    """Give a day or instant as stored, or something else where there is none."""
    return func.coalesce(type_coerce(column, BigInteger), value)


def raw(session: Session, query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    """Read rows as the driver gives them: plain tuples of what is stored."""
    rows: Sequence[Any] = session.connection().execute(query).cursor.fetchall()
    return rows


def _instant(until: Instant | None) -> Instant:
    return FOREVER if until is None else until

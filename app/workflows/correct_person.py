"""Correct a person's name or resident ID; an ID that is recorded already unites the two records."""

from dataclasses import dataclass
from datetime import datetime

from app.coverage import service as coverage
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import corrections, queries
from app.organisations.corrections import Why
from app.workflows import import_fields as fields
from app.workflows.import_fields import Refused, same_name
from app.workflows.import_reasons import REASONS
from app.workflows.merge_people import unite
from app.workflows.reasons import stated


@dataclass(frozen=True)
class CorrectPerson:
    """What is right: a name, a resident ID, or both ('' stays as it is), and why."""

    person_id: int
    name: str
    resident_id: str
    reason: str


def correct_person(scope: Scope, session: Session, asked: CorrectPerson, by: Actor, now: datetime) -> int:
    """Correct a person in reach and give the id that stands, another one when the ID was recorded already.

    Problem 404, 422 (nothing to correct, ill-formed, no reason) or 409 (the ID is somebody of another name).
    """
    posting = coverage.open_posting(session, now, "correction")
    person = queries.person(scope, session, asked.person_id)
    why = Why(stated(asked.reason), by.name)
    name, resident_id = _checked(asked, now)
    if name and name != person.name:
        corrections.correct_name(session, person.id, name, why, posting.recorded_at)
        _audit(session, person.id, "name", why, by, posting.recorded_at)
    if not resident_id:
        return person.id
    owner = corrections.owner_of(session, resident_id)
    if owner is None:
        corrections.correct_id(session, person.id, resident_id, why, posting.recorded_at)
        _audit(session, person.id, "resident_id", why, by, posting.recorded_at)
        return person.id
    if owner == person.id:
        return person.id
    other = queries.person(scope, session, owner)
    if not same_name(other.name, name or person.name):
        message = N_("This ID number is recorded for somebody of another name. Check it; merge the two if it is right.")
        raise Problem(409, "id_taken", message)
    return unite(session, posting, person.id, other.id, why, by)


def _checked(asked: CorrectPerson, now: datetime) -> tuple[str, str]:
    try:
        name = fields.person_name(asked.name) if asked.name.strip() else ""
        read = fields.resident_id(day_of(now))
        resident_id = read(asked.resident_id) if asked.resident_id.strip() else ""
    except Refused as refused:
        raise Problem(422, refused.code, REASONS[refused.code], dict(refused.details)) from refused
    if not (name or resident_id):
        raise Problem(422, "nothing", N_("Write the right name, the right ID number, or both."))
    return name, resident_id


def _audit(session: Session, person_id: int, field: str, why: Why, by: Actor, now: datetime) -> None:
    detail: dict[str, object] = {"field": field, "reason": why.reason}
    identity.audit(session, by, "person.correct", "person", person_id, now, detail)

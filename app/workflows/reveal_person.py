"""Show somebody's whole resident ID to an office that may see it; every look is on record."""

from datetime import datetime

from app.identity import service as identity
from app.identity.service import Actor
from app.kit.scope import Scope
from app.ops.db import Session
from app.organisations import corrections, queries


def reveal_person(scope: Scope, session: Session, person_id: int, by: Actor, now: datetime) -> str:
    """Give the resident ID of a person in reach; Problem 404."""
    person = queries.person(scope, session, person_id)
    identity.audit(session, by, "person.reveal", "person", person.id, now)
    return corrections.resident_id(session, person.id)

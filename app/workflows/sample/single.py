"""Enters what is done to one person at a time: corrections, merges, revocations, waivers."""

from collections.abc import Callable
from datetime import datetime

from app.awards import queries as awards
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.scope import SYSTEM
from app.ops.db import Session
from app.organisations import staffing
from app.workflows.correct_person import CorrectPerson, correct_person
from app.workflows.merge_people import merge_people
from app.workflows.revoke_award import RevokeAward, revoke_award
from app.workflows.sample.agenda import Desk
from app.workflows.sample.shapes import Corrected, Human, Revoked, Waived
from app.workflows.waive_assignment import WaiveAssignment, waive_assignment

PersonId = Callable[[int], int]
"""Gives the stored person of somebody in the story."""


def correct(session: Session, one: Corrected, human: Human, person_id: int, by: Actor, now: datetime) -> None:
    """Put a mistyped ID right."""
    correct_person(SYSTEM, session, CorrectPerson(person_id, "", human.resident_id, one.reason), by, now)


def decide(
    session: Session, desk: Desk, person: PersonId, enterprise: dict[int, int], by: Actor, now: datetime
) -> None:
    """Enter the merges, revocations and waivers of a day."""
    for merge in desk.merges:
        merge_people(SYSTEM, session, person(merge.source), person(merge.target), merge.reason, by, now)
    for revoked in desk.revocations:
        _revoke(session, revoked, person(revoked.training.human), by, now)
    for waived in desk.waivers:
        _waive(session, waived, person(waived.tenure.human), enterprise[waived.tenure.firm], by, now)


def _revoke(session: Session, revoked: Revoked, person_id: int, by: Actor, now: datetime) -> None:
    training = revoked.training
    for award in awards.of_person(SYSTEM, session, person_id, day_of(now)):
        if (award.course_code, award.completed_on) == (training.course, training.completed_on):
            revoke_award(SYSTEM, session, RevokeAward(award.id, revoked.revoked_from, revoked.reason), by, now)


def _waive(session: Session, waived: Waived, person_id: int, enterprise_id: int, by: Actor, now: datetime) -> None:
    for held in staffing.held_by(session, [person_id]):
        if (held.enterprise_id, held.post) == (enterprise_id, waived.tenure.post):
            asked = WaiveAssignment(held.id, waived.plan, waived.from_on, waived.until_on, waived.reason)
            waive_assignment(SYSTEM, session, asked, by, now)

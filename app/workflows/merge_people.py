"""Unite two records of one person: awards, attempts, progress, account, overlapping assignments and coverage."""

from datetime import datetime

from app.assessment import succession as assessment
from app.awards import succession as awards
from app.coverage import service as coverage
from app.coverage import waivers
from app.coverage.models import Posting
from app.identity import service as identity
from app.identity import succession as accounts
from app.identity.service import Actor
from app.kit.scope import Scope
from app.learning import succession as learning
from app.ops.db import Session
from app.organisations import corrections, queries
from app.organisations.corrections import Why
from app.workflows.reasons import stated


def merge_people(
    scope: Scope, session: Session, source_id: int, target_id: int, reason: str, by: Actor, now: datetime
) -> int:
    """Unite `source` into `target`, both in reach, and give the id that stands; retroactive in days, recorded now.

    Problem 404, 409 (both sit the same exam) or 422 (the same record, no reason).
    """
    posting = coverage.open_posting(session, now, "merge")
    source, target = queries.person(scope, session, source_id), queries.person(scope, session, target_id)
    return unite(session, posting, source.id, target.id, Why(stated(reason), by.name), by)


def unite(session: Session, posting: Posting, source_id: int, target_id: int, why: Why, by: Actor) -> int:
    """Unite two records within an open posting, and give the id that stands."""
    united = corrections.merge(session, source_id, target_id, why, posting.recorded_at)
    awards.hand_over(session, source_id, target_id)
    assessment.hand_over(session, source_id, target_id)
    learning.hand_over(session, source_id, target_id, posting.recorded_at)
    accounts.hand_over(session, source_id, target_id, by, posting.recorded_at)
    for voided_id, kept_id in united.into.items():
        waivers.carry(session, voided_id, kept_id, posting.recorded_at)
    touched = [held.id for held in united.amended]
    coverage.post(session, posting, assignments=touched, persons=[source_id, target_id])
    detail: dict[str, object] = {"source": source_id, "reason": why.reason}
    identity.audit(session, by, "person.merge", "person", target_id, posting.recorded_at, detail)
    return target_id

"""Revoke a certificate: who, from when and why; coverage follows in the same transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from app.awards import queries
from app.awards import service as awards
from app.awards.service import Revoke
from app.coverage import service as coverage
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.ops.db import Session


@dataclass(frozen=True)
class RevokeAward:
    """Somebody revokes a certificate from a day on; None: from its completion, void throughout."""

    award_id: int
    revoked_from: date | None
    reason: str


def revoke_award(scope: Scope, session: Session, asked: RevokeAward, by: Actor, now: datetime) -> int:
    """Revoke a certificate in reach and give its holder's person id; Problem 404, 409 or 422 as awards.service says."""
    posting = coverage.open_posting(session, now, "revocation")
    certificate = queries.certificate(scope, session, asked.award_id, day_of(now))
    revocation = Revoke(certificate.id, asked.revoked_from, asked.reason, by.name)
    person_id = awards.revoke(session, revocation, posting.recorded_at)
    coverage.post(session, posting, persons=[person_id])
    detail: dict[str, object] = {"number": certificate.number, "reason": asked.reason.strip()}
    identity.audit(session, by, "award.revoke", "award", certificate.id, now, detail)
    return person_id

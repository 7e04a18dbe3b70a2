"""Grade attempts anew after an item was corrected: who passes by it gets the award, and coverage follows.

One transaction. No pass is taken away, and every attempt, adjustment and award can be worked out again.
"""

from dataclasses import dataclass
from datetime import datetime

from app.assessment import regrading
from app.assessment.regrading import Adjusted, Regrade, Regraded
from app.assessment.service import Graded
from app.awards import queries as awards
from app.coverage import service as coverage
from app.identity import service as identity
from app.identity.service import Actor
from app.ops.db import Session
from app.workflows.submit_exam import award_pass


@dataclass(frozen=True)
class ItemRegraded:
    """What came of it, and the awards that were made."""

    regraded: Regraded
    award_ids: tuple[int, ...]


def regrade_item(session: Session, asked: Regrade, by: Actor, now: datetime) -> ItemRegraded:
    """Adjust every closed attempt that gains; Problems as assessment.regrading says."""
    posting = coverage.open_posting(session, now, "regrade")
    done = regrading.regrade(session, asked, by.name, posting.recorded_at)
    passed = [one for one in done.adjusted if one.newly_passed and awards.of_attempt(session, one.attempt.id) is None]
    made = tuple(_award(session, one, posting.recorded_at) for one in passed)
    if passed:
        coverage.post(session, posting, persons=sorted({one.attempt.person_id for one in passed}))
    detail: dict[str, object] = {
        "item": asked.item,
        "void": asked.void,
        "reason": asked.reason.strip(),
        "adjusted": len(done.adjusted),
        "passed": len(made),
        "incomparable": done.incomparable,
    }
    identity.audit(session, by, "item.regrade", "course", asked.course_code, now, detail)
    return ItemRegraded(done, made)


def _award(session: Session, one: Adjusted, recorded_at: datetime) -> int:
    graded = Graded(one.attempt, one.version, one.seed, fresh=True)
    more = {"adjustments": list(regrading.adjustment_ids(session, one.attempt.id))}
    return award_pass(session, one.attempt.person_id, graded, recorded_at, more)

"""Grades closed attempts anew after an item was corrected: one adjusting record for each attempt that gains by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, insert, select
from sqlalchemy.orm import Session

from app.assessment import evidence
from app.assessment.grading import Adjustment, score
from app.assessment.models import Attempt, AttemptAdjustment
from app.assessment.queries import AttemptRow, attempt_row
from app.catalogue import queries as catalogue
from app.catalogue.item import Item
from app.catalogue.queries import CourseVersionRow
from app.kit.batches import batched
from app.kit.errors import Problem, not_found
from app.ops.i18n import N_


@dataclass(frozen=True)
class Regrade:
    """An item was corrected in the newest version, or (`void`) was bad: everybody who was asked it has it right."""

    course_code: str
    item: str
    reason: str
    void: bool = False


@dataclass(frozen=True)
class Adjusted:
    """An attempt that gained: what it is worth since, and what it was worth before."""

    attempt: AttemptRow
    version: CourseVersionRow
    seed: str
    score_before: float
    passed_before: bool

    @property
    def newly_passed(self) -> bool:
        """Say whether it passes only now."""
        return self.attempt.passed and not self.passed_before


@dataclass(frozen=True)
class Regraded:
    """What came of it: attempts that gained, that did not, that cannot be compared (other options), still open."""

    adjusted: tuple[Adjusted, ...]
    unchanged: int
    incomparable: int
    still_open: int


def regrade(session: Session, asked: Regrade, actor: str, recorded_at: datetime) -> Regraded:
    """Adjust every closed attempt that was asked the item; again it changes nothing more. Attempts stay as they were.

    Problem 404 for an unknown course, 422 `reason`, 422 `item` when no version, or not the newest, has the item.
    """
    if not asked.reason.strip():
        raise Problem(422, "reason", N_("Say why."))
    versions = {version.id: version for version in catalogue.versions(session, asked.course_code)}
    if not versions:
        raise not_found()
    newest = versions[max(versions, key=lambda id: versions[id].number)]
    corrected = _corrected(newest, asked)
    adjusted: list[Adjusted] = []
    unchanged = incomparable = still_open = 0
    for rows in batched(_asked(session, asked), 200):
        still_open += sum(row.submitted_at is None for row in rows)
        for row in (one for one in rows if one.submitted_at is not None):
            try:
                found = _adjust(session, row, versions[row.course_version_id], asked, corrected)
            except ValueError:
                incomparable += 1
                continue
            if found is None:
                unchanged += 1
                continue
            adjustment, changed = found
            adjustment |= {"reason": asked.reason.strip(), "actor": actor, "recorded_at": recorded_at}
            adjustment["course_version_id"] = None if asked.void else newest.id
            session.execute(insert(AttemptAdjustment), [adjustment])
            adjusted.append(changed)
    return Regraded(tuple(adjusted), unchanged, incomparable, still_open)


def _corrected(newest: CourseVersionRow, asked: Regrade) -> Item | None:
    if asked.void:
        return None
    found = next((item for item in newest.course.items if item.id == asked.item), None)
    if found is None:
        message = N_("The newest version of the course has no item %(item)s. To give everybody its points: --void.")
        raise Problem(422, "item", message, {"item": asked.item})
    return found


def _asked(session: Session, asked: Regrade) -> Iterator[Attempt]:
    """Give the attempts whose paper holds the item, by id."""
    rows = session.scalars(
        select(Attempt)
        .where(Attempt.course_code == asked.course_code, cast(Attempt.questions, String).contains(f'"{asked.item}"'))
        .order_by(Attempt.id)
        .execution_options(yield_per=200)
    )
    return (row for row in rows if _position(row, asked.item) is not None)


def _position(row: Attempt, item: str) -> int | None:
    return next((place for place, body in enumerate(row.questions) if body["item"] == item), None)


def _adjust(
    session: Session, row: Attempt, version: CourseVersionRow, asked: Regrade, corrected: Item | None
) -> tuple[dict[str, object], Adjusted] | None:
    """Grade one attempt with and without the correction; None when it gains nothing. ValueError: other options."""
    position = _position(row, asked.item)
    assert position is not None  # noqa: S101 - _asked found it
    questions, chosen = evidence.questions_of(row, version), evidence.chosen_of(session, row.id)
    mark = evidence.paper_of(row, version).pass_mark
    known = evidence.adjustments_of(session, row.id)
    before = score(questions, chosen, mark, known)
    after = score(questions, chosen, mark, (*known, Adjustment(position, corrected)))
    if after.earned[position] <= before.earned[position]:
        return None
    was = attempt_row(row, evidence.adjusted(session, [row.id]).get(row.id))
    outcome = "passed" if after.passed or was.passed else "failed"
    worth = max(after.score, was.score or 0.0)
    values: dict[str, object] = {
        "attempt_id": row.id,
        "position": position,
        "item": asked.item,
        "score": worth,
        "outcome": outcome,
    }
    now_worth = attempt_row(row, evidence.Worth(worth, outcome))
    return values, Adjusted(now_worth, version, row.seed, was.score or 0.0, was.passed)


def adjustment_ids(session: Session, attempt_id: int) -> Sequence[int]:
    """Give the ids of an attempt's adjusting records, oldest first."""
    wanted = select(AttemptAdjustment.id).where(AttemptAdjustment.attempt_id == attempt_id)
    return session.scalars(wanted.order_by(AttemptAdjustment.id)).all()

"""Begin an exam: only who has read everything, provably, and holds no valid certificate yet."""

from datetime import datetime

from app.assessment import service as assessment
from app.assessment.service import OpenAttempt
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.learning.replay import Window, replays
from app.ops.db import Session
from app.ops.i18n import N_
from app.ops.secrets import random_token
from app.workflows.learn import CourseState, course_state
from app.workflows.module_work import proven
from app.workflows.submit_exam import close_overdue


def open_exam(session: Session, person_id: int, course_code: str, now: datetime) -> int:
    """Open an attempt at a course's final paper and give its id; while one is running, that one's.

    Problem 409: `held`, `not_learned`, `evidence` (the reading cannot be worked out again from its receipts) or
    `cool_down`.
    """
    close_overdue(session, person_id, now)
    state = course_state(Scope(person=person_id), session, person_id, course_code, now)
    running = state.open_attempt
    if running is not None:
        return running.id
    if state.certificate is not None:
        raise Problem(409, "held", N_("You already hold a valid certificate of this course. No exam is needed."))
    if not state.progress.complete:
        raise Problem(409, "not_learned", N_("Read all modules to the end first; then the exam opens."))
    _refuse_unproven(session, person_id, state)
    return assessment.open_attempt(session, OpenAttempt(person_id, state.version, random_token()), now)


def _refuse_unproven(session: Session, person_id: int, state: CourseState) -> None:
    """Refuse when the receipts do not add up to the progress: an award must be replayable from its evidence."""
    modules = state.version.course.modules
    slugs = [module.slug for module in modules]
    evidence = replays(session, person_id, state.version, slugs, Window(since=state.since))
    for module in modules:
        found = evidence[module.slug]
        if not found.read or not proven(state.version.course, module, found.deeds):
            message = N_(
                "The records of your reading do not confirm that it is complete. Ask your safety officer for help."
            )
            raise Problem(409, "evidence", message)

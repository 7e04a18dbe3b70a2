"""Works an award out again from its evidence, step by step: the learning of every module, the exam, the award itself.

An award of a session held in person is worked out from the session and its list (see replay_session.py).

Nothing that was concluded is believed: credit comes from receipts and presence checks, completion from deeds, the
paper from its seed, the score from the answers. A step that does not come out as recorded fails, and so does the award.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.assessment.replay import Resat, resit
from app.awards.evidence import Evidence, evidence
from app.awards.queries import SESSION
from app.catalogue import queries as catalogue
from app.catalogue.queries import CourseVersionRow
from app.catalogue.shapes import Module
from app.kit.dates import day_of
from app.learning.conditions import asks
from app.learning.replay import Replayed, Window, replay
from app.ops.db import Session
from app.ops.i18n import N_
from app.workflows.module_work import proven
from app.workflows.replay_session import Step, seen_again


@dataclass(frozen=True)
class Replay:
    """An award worked out again."""

    award: Evidence
    steps: tuple[Step, ...]

    @property
    def right(self) -> bool:
        """Say whether every step came out as it was recorded."""
        return all(step.right for step in self.steps)


def replay_award(session: Session, award_id: int) -> Replay:
    """Work an award out again; who may see it is asked before. Problem 404 when there is none."""
    award = evidence(session, award_id)
    if award.origin == SESSION:
        return Replay(award, seen_again(session, award))
    if award.attempt_id is None:
        return Replay(award, (_imported(award),))
    version = catalogue.version(session, award.version_id)
    exam = resit(session, award.attempt_id)
    window = Window(award.since, exam.opened_at)
    modules = version.course.modules
    learned = [(module, replay(session, award.person_id, version, module.slug, window)) for module in modules]
    steps = [step for module, found in learned for step in _learned(award, version, module, found)]
    return Replay(award, (*steps, *_sat(award, exam), *_awarded(award, version, exam)))


def _imported(award: Evidence) -> Step:
    """Say what an award that was earned elsewhere rests on."""
    document = ", ".join(part for part in (award.provider, award.reference) if part)
    if not document:
        message = N_(
            "Imported from elsewhere on %(day)s, and the import names no document: it cannot be worked out here."
        )
        return Step(right=False, message=message, details={"day": day_of(award.recorded_at).isoformat()})
    message = N_("Imported from elsewhere: it rests on the document %(document)s, and cannot be worked out here.")
    return Step(right=False, message=message, details={"document": document})


def _learned(award: Evidence, version: CourseVersionRow, module: Module, found: Replayed) -> Iterator[Step]:
    recorded = award.credited_ms(module.slug)
    message = N_(
        "%(module)s: %(credited)s of %(needed)s seconds proven by %(receipts)s reports from %(sessions)s openings; "
        "%(answered)s of %(asked)s presence checks answered."
    )
    details = {
        "module": module.title,
        "credited": found.credited_ms // 1000,
        "needed": found.needed_ms // 1000,
        "receipts": found.receipts,
        "sessions": found.sessions,
        "answered": found.answered,
        "asked": found.asked,
    }
    yield Step(found.read and recorded in (None, found.credited_ms), message, details)
    if asks(module.kind):
        words = N_("%(module)s: what it asks was done, worked out again from %(deeds)s steps.")
        yield Step(proven(version.course, module, found.deeds), words, _about(module, deeds=len(found.deeds)))


def _about(module: Module, **details: int) -> dict[str, Any]:
    return {"module": module.title, **details}


def _sat(award: Evidence, exam: Resat) -> Iterator[Step]:
    message = N_("Exam: the seed draws the same %(questions)s questions in the same order.")
    same = exam.same_paper and award.body.get("seed", exam.seed) == exam.seed
    yield Step(same, message, {"questions": exam.questions})
    message = N_("Exam: %(answers)s answers, all saved between opening and deadline.")
    yield Step(exam.in_time, message, {"answers": exam.answers})
    message = N_("Exam: graded again %(score)s points, recorded %(recorded)s.")
    right = exam.passed and exam.recorded_pass and exam.score == exam.recorded_score and award.score in exam.scores
    details = {"score": f"{exam.score:g}", "recorded": "—" if award.score is None else f"{award.score:g}"}
    yield Step(right, message, details)


def _awarded(award: Evidence, version: CourseVersionRow, exam: Resat) -> Iterator[Step]:
    handed_in = exam.submitted_at
    message = N_(
        "Award: to the person who sat the exam, for version %(version)s of the course, on the day it was handed in, "
        "%(day)s."
    )
    right = (
        handed_in is not None
        and award.person_id == exam.person_id
        and award.version_id == exam.version_id
        and award.completed_on == day_of(handed_in)
    )
    details = {
        "version": version.number,
        "day": day_of(handed_in).isoformat() if handed_in else "—",
    }
    yield Step(right, message, details)

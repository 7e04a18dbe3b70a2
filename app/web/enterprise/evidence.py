"""What a reason rests on: how far somebody is, how an exam ended, since when. Read for a page of people at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.assessment import results
from app.awards import queries as awards
from app.coverage.rules import Missing
from app.learning import activity
from app.learning.activity import Studied
from app.ops.db import Session

Pair = tuple[int, str]
"""A person and a course."""


@dataclass(frozen=True)
class Evidence:
    """A missing course's reason with what it rests on; times in milliseconds of reading, 0 where they tell nothing."""

    reason: str
    since: date | None
    starts_on: date
    done_ms: int
    needed_ms: int
    score: float | None


@dataclass(frozen=True)
class Sources:
    """What was read for some people: reading done, scores of failed exams, last days of learning."""

    studied: Mapping[Pair, Studied]
    scores: Mapping[Pair, float | None]
    learned: Mapping[int, date]

    def of(self, person_id: int, missing: Missing, starts_on: date) -> Evidence:
        """Give the evidence of one missing course of somebody in post from a day on."""
        pair = person_id, missing.course
        studied = self.studied.get(pair, Studied(0, 0))
        score = self.scores.get(pair) if missing.reason == "failed" else None
        done, needed = (studied.done_ms, studied.needed_ms) if missing.reason == "in_progress" else (0, 0)
        return Evidence(missing.reason, missing.since, starts_on, done, needed, score)


def sources(session: Session, missing: Sequence[tuple[int, Missing]], on: date, *, current: bool) -> Sources:
    """Read what the reasons of some people's missing courses rest on; reading done is known only as it stands now."""
    people = {person_id for person_id, _ in missing}
    learning = [(person_id, one.course) for person_id, one in missing if one.reason == "in_progress"]
    failed = {person_id for person_id, one in missing if one.reason == "failed"}
    used_up = awards.last_exams(session, {person_id for person_id, _ in learning}) if learning and current else {}
    return Sources(
        studied=activity.studied(session, learning, used_up) if learning and current else {},
        scores=results.last_failed(session, failed, on) if failed else {},
        learned=activity.last_days(session, people, on),
    )

"""How one post came to stand as it does in one plan, step by step, in the order of their days. Pure.

A step says on which day something happened, when that became known, and what it rests on. What the spans of standing
say (taken in, moved, covered, no longer) is put beside what the person did and what was decided about them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.coverage.rules import Span
from app.kit.dates import NEVER

ORDER = (
    "assigned",
    "taken_in",
    "moved",
    "begun",
    "failed",
    "passed",
    "waived",
    "revoked",
    "outdated",
    "expired",
    "withdrawn",
    "waiver_ended",
    "covered",
    "uncovered",
    "out",
    "left",
)
"""Kinds of steps; of one day they are told in this order: what was done before what follows from it."""


@dataclass(frozen=True)
class Evidence:
    """What a step rests on; what does not apply is empty.

    declared: import or confirmation, the enterprise's word on its roster. actor and reason: who decided, and why.
    award_id, number, mode, provider, reference, origin: the certificate. attempt_id, score: the exam.
    region, industry: where the plan counts the post from then on.
    """

    declared: str = ""
    actor: str = ""
    reason: str = ""
    award_id: int | None = None
    number: str = ""
    mode: str = ""
    provider: str = ""
    reference: str = ""
    attempt_id: int | None = None
    score: float | None = None
    region: str = ""
    industry: str = ""
    origin: str = ""


NOTHING = Evidence()


@dataclass(frozen=True)
class Step:
    """Something happened on a day; recorded_at is None where it follows from the plan and from other steps."""

    on: date
    kind: str
    course: str = ""
    recorded_at: datetime | None = None
    evidence: Evidence = NOTHING


@dataclass(frozen=True)
class Post:
    """The post itself: when it was taken up and left (NEVER: not), and when each became known."""

    starts_on: date
    ends_on: date
    assigned_at: datetime | None
    ended_at: datetime | None
    declared: str = ""
    actor: str = ""


def steps(post: Post, spans: Sequence[Span], deeds: Iterable[Step]) -> tuple[Step, ...]:
    """Tell everything in order; `spans` are the post's in the plan by day, `deeds` what was done and decided.

    What somebody does after leaving the post does not concern it, and is not told.
    """
    word = Evidence(declared=post.declared, actor=post.actor)
    told = [Step(post.starts_on, "assigned", recorded_at=post.assigned_at, evidence=word), *_standing(spans), *deeds]
    if post.ends_on != NEVER:
        told = [step for step in told if step.on < post.ends_on]
        told.append(Step(post.ends_on, "left", recorded_at=post.ended_at))
    return tuple(sorted(dict.fromkeys(told), key=_place))


def _place(step: Step) -> tuple[date, int, str]:
    return step.on, ORDER.index(step.kind), step.course


def _standing(spans: Sequence[Span]) -> Iterator[Step]:
    """Tell what the spans say: taken in and out, moved, covered and no longer."""
    before: Span | None = None
    for span in spans:
        joined = before is not None and before.until_on == span.from_on
        if before is not None and not joined:
            yield Step(before.until_on, "out")
        where = Evidence(region=span.region, industry=span.industry)
        if not joined:
            yield Step(span.from_on, "taken_in", evidence=where)
        elif before is not None and (before.region, before.industry) != (span.region, span.industry):
            yield Step(span.from_on, "moved", evidence=where)
        was = before is not None and joined and before.covered
        if span.covered != was:
            yield Step(span.from_on, "covered" if span.covered else "uncovered")
        before = span
    if before is not None and before.until_on != NEVER:
        yield Step(before.until_on, "out")

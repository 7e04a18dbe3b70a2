"""How one post came to stand as it does in one plan, step by step, in the order of their days. Pure.

A step says on which day something happened, when that became known, and what it rests on. What the spans of standing
say (taken in, moved, covered, no longer) is put beside what the person did and what was decided about them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.coverage.rules import Span
from app.coverage.turning import Stood, known_since
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

    declared: import or confirmation, the enterprise's word on its roster. fact: what was recorded about the enterprise
    for that day (its region, its industry, ...). actor and reason: who decided or recorded it, and why.
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
    fact: str = ""


NOTHING = Evidence()


@dataclass(frozen=True)
class Step:
    """Something happened on a day; recorded_at: when that became known, None where no record says it."""

    on: date
    kind: str
    course: str = ""
    recorded_at: datetime | None = None
    evidence: Evidence = NOTHING


KIND = ("key_industry", "hazardous_licence", "industry")
PLACING = ("closed_on", "region", *KIND)
"""What is recorded of an enterprise that decides whether and where a plan counts its posts."""


@dataclass(frozen=True)
class Fact:
    """Something about the enterprise that held from a day on: when that was recorded, and by whom ('': not known)."""

    on: date
    attribute: str
    recorded_at: datetime
    actor: str = ""


@dataclass(frozen=True)
class Post:
    """The post itself: when it was taken up and left (NEVER: not), and when each became known."""

    starts_on: date
    ends_on: date
    assigned_at: datetime | None
    ended_at: datetime | None
    declared: str = ""
    actor: str = ""


def steps(
    post: Post, spans: Sequence[Span], deeds: Iterable[Step], facts: Sequence[Fact] = (), held: Sequence[Stood] = ()
) -> tuple[Step, ...]:
    """Tell everything in order; `spans` are the post's in the plan by day, `deeds` what was done and decided.

    facts are the enterprise's: by them the post is moved, and taken in or out; else it was taken in by being declared.
    held is how the post stood as the ledger held it: by it that somebody is covered, or no longer, became known.

    What somebody does after leaving the post does not concern it, and is not told.
    """
    word = Evidence(declared=post.declared, actor=post.actor)
    assigned = Step(post.starts_on, "assigned", recorded_at=post.assigned_at, evidence=word)
    told = [assigned, *_standing(spans, _Because(post, facts, held)), *deeds]
    if post.ends_on != NEVER:
        told = [step for step in told if step.on < post.ends_on]
        told.append(Step(post.ends_on, "left", recorded_at=post.ended_at))
    return tuple(sorted(dict.fromkeys(told), key=_place))


def _place(step: Step) -> tuple[date, int, str]:
    return step.on, ORDER.index(step.kind), step.course


@dataclass(frozen=True)
class _Because:
    """Finds what a step of standing rests on: a fact of its day, else the word by which the post came in."""

    post: Post
    facts: Sequence[Fact]
    held: Sequence[Stood] = ()

    def turned(self, span: Span) -> Step:
        at = known_since(self.held, span.from_on, covered=span.covered)
        return Step(span.from_on, "covered" if span.covered else "uncovered", recorded_at=at)

    def taken_in(self, span: Span) -> Step:
        told = self._told(span.from_on, "taken_in", PLACING, span)
        if told.recorded_at is not None:
            return told
        word = replace(told.evidence, declared=self.post.declared, actor=self.post.actor)
        return replace(told, recorded_at=self.post.assigned_at, evidence=word)

    def moved(self, before: Span, span: Span) -> Step:
        region = ("region",) if before.region != span.region else ()
        return self._told(span.from_on, "moved", (*region, *KIND), span)

    def out(self, day: date) -> Step:
        return self._told(day, "out", PLACING)

    def _told(self, day: date, kind: str, attributes: Sequence[str], span: Span | None = None) -> Step:
        where = Evidence(region=span.region, industry=span.industry) if span else NOTHING
        of_the_day = {fact.attribute: fact for fact in self.facts if fact.on == day}
        fact = next((of_the_day[name] for name in attributes if name in of_the_day), None)
        if fact is None:
            return Step(day, kind, evidence=where)
        return Step(day, kind, "", fact.recorded_at, replace(where, fact=fact.attribute, actor=fact.actor))


def _standing(spans: Sequence[Span], because: _Because) -> Iterator[Step]:
    """Tell what the spans say: taken in and out, moved, covered and no longer."""
    before: Span | None = None
    for span in spans:
        joined = before is not None and before.until_on == span.from_on
        if before is not None and not joined:
            yield because.out(before.until_on)
        if not joined:
            yield because.taken_in(span)
        elif before is not None and (before.region, before.industry) != (span.region, span.industry):
            yield because.moved(before, span)
        was = before is not None and joined and before.covered
        if span.covered != was:
            yield because.turned(span)
        before = span
    if before is not None and before.until_on != NEVER:
        yield because.out(before.until_on)

"""What happened to a person, told as dated events. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.assessment.queries import AttemptRow
from app.awards.queries import Certificate
from app.catalogue.queries import VersionRow
from app.kit.dates import day_of
from app.kit.words import N_
from app.organisations.roster import PostHeld


@dataclass(frozen=True)
class Event:
    """One line: the day, the shape of its sign, a msgid with its details, and a remark that people wrote."""

    on: date
    kind: str
    words: str
    details: Mapping[str, object] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class History:
    """What a person's events are told from; `waivers` are (from, plan's name, why)."""

    posts: Sequence[PostHeld]
    begun: Iterable[tuple[date, str]]
    attempts: Iterable[AttemptRow]
    awards: Iterable[Certificate]
    retakes: Iterable[VersionRow]
    waivers: Iterable[tuple[date, str, str]] = ()


@dataclass(frozen=True)
class Names:
    """What codes are called on screen."""

    posts: Mapping[str, str]
    courses: Mapping[str, str]

    def post(self, code: str) -> str:
        """Give a post's name, or its code when it is not known."""
        return self.posts.get(code, code)

    def course(self, code: str) -> str:
        """Give a course's title, or its code when it is not known."""
        return self.courses.get(code, code)


def events(history: History, names: Names, today: date) -> tuple[Event, ...]:
    """Tell what happened up to today, the latest first; of one day, the post first, then learning, then its result."""
    told = [*_posts(history.posts, names), *_learning(history, names), *_awards(history, names)]
    told += [Event(day, "waived", N_("Waived in %(plan)s"), {"plan": plan}, why) for day, plan, why in history.waivers]
    past = sorted((event for event in told if event.on <= today), key=lambda event: event.on)
    return tuple(past[::-1])


def _posts(posts: Sequence[PostHeld], names: Names) -> Iterator[Event]:
    before: PostHeld | None = None
    for held in sorted(posts, key=lambda post: post.starts_on):
        details = {"post": names.post(held.post)}
        moved = before is not None and before.enterprise_id != held.enterprise_id
        words = N_("Moved to another enterprise as %(post)s") if moved else N_("Took up the post %(post)s")
        yield Event(held.starts_on, "moved" if moved else "started", words, details, held.enterprise)
        if held.ends_on is not None:
            yield Event(held.ends_on, "not_applicable", N_("No longer %(post)s"), details, held.enterprise)
        before = held


def _learning(history: History, names: Names) -> Iterator[Event]:
    for day, course in history.begun:
        yield Event(day, "in_progress", N_("Began “%(course)s”"), {"course": names.course(course)})
    for attempt in history.attempts:
        if attempt.outcome == "failed":
            details = {"course": names.course(attempt.course_code), "score": round(attempt.score or 0)}
            words = N_("Did not pass the exam of “%(course)s”: %(score)s points")
            yield Event(_day(attempt.submitted_at), "failed", words, details)


def _day(instant: datetime | None) -> date:
    return day_of(instant) if instant else date.max


def _awards(history: History, names: Names) -> Iterator[Event]:
    retakes = tuple(history.retakes)
    for award in history.awards:
        details = {"course": names.course(award.course_code)}
        if award.origin == "exam":
            passed = details | {"score": str(round(award.score or 0))}
            yield Event(award.completed_on, "held", N_("Passed “%(course)s” with %(score)s points"), passed)
        elif award.session is not None:
            words = N_("Attended “%(course)s” in person, session %(number)s")
            there = f"{award.provider} · {award.session.place}"
            yield Event(award.completed_on, "held", words, details | {"number": award.reference}, there)
        else:
            yield Event(award.completed_on, "held", N_("Completed “%(course)s” elsewhere"), details, award.provider)
        if award.valid_until is not None:
            yield Event(award.valid_until, "expired", N_("The certificate of “%(course)s” expired"), details)
        if award.revoked_from is not None:
            words = N_("The certificate of “%(course)s” was revoked")
            yield Event(award.revoked_from, "revoked", words, details, award.revocation_reason)
        outdated = _outdated_on(award, retakes)
        if outdated is not None:
            words = N_("A new version of “%(course)s” has to be taken")
            yield Event(max(outdated, award.completed_on), "outdated", words, details)


def _outdated_on(award: Certificate, retakes: Iterable[VersionRow]) -> date | None:
    newer = (r for r in retakes if r.course_code == award.course_code and r.number > award.version_number)
    return min((r.retake_from for r in newer if r.retake_from is not None), default=None)

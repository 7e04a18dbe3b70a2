"""What was known when, as frozen values: each fact with the stretch of recorded time in which it was known.

Pure. Instants are microseconds since 1970 (UTC), as stored; [since, until), FOREVER where it is known still. Days are
ordinals, as stored, for millions of them are compared; NEVER is that of date.max. Only dated facts of an enterprise,
which are few, bear dates: the rules ask for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from app.coverage import rules
from app.coverage.facts import EnterpriseTimeline, Plan

Instant = int
FOREVER: Instant = 2**63 - 1
Day = int
NEVER: Day = date.max.toordinal()
Interval = tuple[Day, Day]


class Edition(NamedTuple):
    """What a plan said."""

    since: Instant
    until: Instant
    plan: Plan


class Retaken(NamedTuple):
    """It was announced that a version of a course ends the awards of older ones on a day."""

    since: Instant
    course: str
    version: int
    retake_from: Day


class Told(NamedTuple):
    """One dated fact of an enterprise."""

    since: Instant
    until: Instant
    attribute: str
    effective_on: date
    value: str


class Term(NamedTuple):
    """How an assignment stood; a void one is told by no term."""

    since: Instant
    until: Instant
    assignment: int
    person: int
    post: str
    starts_on: Day
    ends_on: Day


class Waived(NamedTuple):
    """A waiver of an assignment in a plan."""

    since: Instant
    until: Instant
    plan: int
    from_on: Day
    until_on: Day


class Said(NamedTuple):
    """An enterprise declared on a day who holds its posts, from a day on."""

    since: Instant
    declared_from: Day
    confirmed_on: Day


class Held(NamedTuple):
    """An award was a person's: valid on [from_on, until_on), revocations known then included, retakes not."""

    since: Instant
    until: Instant
    course: str
    version: int
    offline: bool
    from_on: Day
    until_on: Day


@dataclass(frozen=True)
class Library:
    """The editions of every plan, each plan's in order, and the retakes."""

    plans: tuple[tuple[Edition, ...], ...]
    retakes: tuple[Retaken, ...]


@dataclass(frozen=True)
class EnterpriseHistory:
    """All that was ever known of one enterprise; terms (in order) by assignment.

    waivers: by assignment too, also those of other enterprises.
    """

    id: int
    waivers: Mapping[int, Sequence[Waived]]
    facts: list[Told] = field(default_factory=list)
    declarations: list[Said] = field(default_factory=list)
    terms: dict[int, list[Term]] = field(default_factory=dict)


class Period(NamedTuple):
    """A stretch of recorded time in which all that is known of an enterprise's dated facts is this."""

    since: Instant
    until: Instant
    timeline: EnterpriseTimeline


class Stage(NamedTuple):
    """A stretch of recorded time in which one edition of a plan takes an enterprise in at these places."""

    since: Instant
    until: Instant
    plan: Plan
    places: tuple[rules.Place, ...]


def periods(history: EnterpriseHistory) -> tuple[Period, ...]:
    """Give what was known of an enterprise's dated facts, in order of recorded time, from the first of them on."""
    instants = turns(history.facts)
    found = []
    for since, until in zip(instants, [*instants[1:], FOREVER], strict=True):
        values: dict[str, list[tuple[date, str]]] = {}
        for fact in history.facts:
            if fact.since <= since < fact.until:
                values.setdefault(fact.attribute, []).append((fact.effective_on, fact.value))
        dated = {attribute: tuple(sorted(rows)) for attribute, rows in values.items()}
        found.append(Period(since, until, EnterpriseTimeline(history.id, dated)))
    return tuple(found)


def stages(editions: Sequence[Edition], known: Sequence[Period]) -> tuple[Stage, ...]:
    """Give how a plan took an enterprise in, in order of recorded time; only where it did at all."""
    found: list[Stage] = []
    for edition in editions:
        for period in known:
            since, until = max(edition.since, period.since), min(edition.until, period.until)
            places = rules.places(edition.plan, period.timeline) if since < until else ()
            if not places:
                continue
            last = found[-1] if found else None
            if last and last.until == since and last.plan is edition.plan and last.places == places:
                since = found.pop().since
            found.append(Stage(since, until, edition.plan, places))
    return tuple(found)


def turns(facts: Iterable[Told | Stage]) -> list[Instant]:
    """Give the instants, in order, at which any of the facts becomes known or ceases to be."""
    found = {fact.since for fact in facts} | {fact.until for fact in facts}
    found.discard(FOREVER)
    return sorted(found)

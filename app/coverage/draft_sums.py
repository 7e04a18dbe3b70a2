"""Sums of a comparison of two plans on one day: assignment by assignment in, bounded memory, whatever the size. Pure.

`now` is the plan known now, `then` the draft. People are counted once each, by bits, so ten million cost megabytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.coverage.ledger import NOTHING, Tally, total

BOTH = 6
"""Required, covered, waived under each of the two plans."""


class Outcome(NamedTuple):
    """What a plan says of an assignment on the day: whether it is required, covered and waived, and of its courses."""

    tally: Tally = NOTHING
    courses: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Say whether the plan requires it."""
        return self.tally.required > 0

    @property
    def lacking(self) -> bool:
        """Say whether it is required and not covered."""
        return self.tally.required > self.tally.covered


NOT_REQUIRED = Outcome()


class Standing(NamedTuple):
    """Where a plan counts an enterprise on the day, and its status; industry and status are '' where it is not in."""

    industry: str = ""
    status: str = ""
    stale: bool = False


class Line(NamedTuple):
    """An enterprise under both plans."""

    enterprise: int
    region: str
    key_enterprise: bool
    now: Standing
    then: Standing
    tally_now: Tally
    tally_then: Tally

    @property
    def changed(self) -> bool:
        """Say whether the two plans differ about it."""
        return self.now != self.then or self.tally_now != self.tally_then

    @property
    def weight(self) -> int:
        """Give by how many assignments they differ."""
        return abs(self.tally_then.required - self.tally_now.required) + abs(
            self.tally_then.covered - self.tally_now.covered
        )


class People:
    """A set of people by id, one bit each."""

    def __init__(self) -> None:
        self.bits = bytearray()

    def add(self, person: int) -> None:
        """Take somebody in."""
        place = person >> 3
        if place >= len(self.bits):
            self.bits.extend(bytes(place + 1 + len(self.bits) // 4 - len(self.bits)))
        self.bits[place] |= 1 << (person & 7)

    def without(self, other: "People") -> int:
        """Count those who are not in the other set."""
        mine, theirs = (int.from_bytes(people.bits, "little") for people in (self, other))
        return (mine & ~theirs).bit_count()


@dataclass
class Totals:
    """How many assignments and people a draft changes; a person counts once, whatever posts they hold."""

    newly_required: int = 0
    no_longer_required: int = 0
    newly_missing: int = 0
    no_longer_missing: int = 0
    people_newly_required: int = 0
    people_no_longer_required: int = 0
    people_newly_missing: int = 0
    people_no_longer_missing: int = 0
    enterprises_changed: int = 0


@dataclass
class Sums:
    """Everything that a comparison adds up.

    figures: (region, industry, post, key or not) -> required, covered, waived now, and then; statuses: (region, key
    or not, status or stale) -> enterprises now, then; courses: required now, then, missing now, then, newly missing.
    """

    figures: dict[tuple[str, str, str, bool], list[int]] = field(default_factory=dict)
    statuses: dict[tuple[str, bool, str], list[int]] = field(default_factory=dict)
    courses: dict[str, list[int]] = field(default_factory=dict)
    totals: Totals = field(default_factory=Totals)
    _required: tuple[People, People] = field(default_factory=lambda: (People(), People()))
    _lacking: tuple[People, People] = field(default_factory=lambda: (People(), People()))

    def add_assignment(
        self,
        person: int,
        post: str,
        where: tuple[str, bool],
        industries: tuple[str, str],
        both: tuple[Outcome, Outcome],
    ) -> None:
        """Add an assignment at a place (region, key or not), in the industry each plan counts it under."""
        region, key = where
        for side, (industry, outcome) in enumerate(zip(industries, both, strict=True)):
            if not outcome.required:
                continue
            line = self.figures.setdefault((region, industry, post, key), [0] * BOTH)
            for position, number in enumerate(outcome.tally):
                line[3 * side + position] += number
            self._required[side].add(person)
            if outcome.lacking:
                self._lacking[side].add(person)
            for course in outcome.courses:
                self._course(course)[side] += 1
            for course in outcome.missing:
                self._course(course)[2 + side] += 1
        self._compare(*both)

    def _course(self, course: str) -> list[int]:
        return self.courses.setdefault(course, [0] * 5)

    def _compare(self, now: Outcome, then: Outcome) -> None:
        totals = self.totals
        totals.newly_required += then.required and not now.required
        totals.no_longer_required += now.required and not then.required
        totals.no_longer_missing += now.lacking and not then.lacking
        if then.lacking and not now.lacking:
            totals.newly_missing += 1
            for course in then.missing:
                self._course(course)[4] += 1

    def add_enterprise(self, line: Line) -> None:
        """Add an enterprise that one of the plans takes in."""
        for side, standing in enumerate((line.now, line.then)):
            for status in (standing.status, "stale" if standing.stale else ""):
                if status:
                    key = line.region, line.key_enterprise, status
                    self.statuses.setdefault(key, [0, 0])[side] += 1
        self.totals.enterprises_changed += line.changed

    def finish(self) -> Totals:
        """Count the people, once everything was added, and give the totals."""
        (required_now, required_then), (lacking_now, lacking_then) = self._required, self._lacking
        self.totals.people_newly_required = required_then.without(required_now)
        self.totals.people_no_longer_required = required_now.without(required_then)
        self.totals.people_newly_missing = lacking_then.without(lacking_now)
        self.totals.people_no_longer_missing = lacking_now.without(lacking_then)
        return self.totals


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """Add outcomes up."""
    return total(outcome.tally for outcome in outcomes)


def tallies(numbers: Sequence[int]) -> tuple[Tally, Tally]:
    """Cut six sums into the two plans'."""
    return Tally(*numbers[:3]), Tally(*numbers[3:])

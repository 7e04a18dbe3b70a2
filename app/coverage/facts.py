"""The facts that coverage is computed from, as frozen values: plans, dated facts of an enterprise, assignments, awards.

Spans are half-open, [from_on, until_on); date.min is always, date.max is never.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

Dated = tuple[tuple[date, str], ...]
"""Values of one attribute with the day each takes effect, in order of the day."""


@dataclass(frozen=True)
class Industry:
    """A key industry of a plan: GB/T 4754 divisions (two digits), and whether a hazardous licence puts one in it.

    It is one on [from_on, until_on).
    """

    code: str
    divisions: frozenset[str]
    licence: bool
    from_on: date = date.min
    until_on: date = date.max


@dataclass(frozen=True)
class Requirement:
    """On [from_on, until_on) a post, in one industry or in any (None), must hold these courses.

    A course that must be held by training in person bears the mark of kit.offline.
    """

    post: str
    industry: str | None
    from_on: date
    until_on: date
    courses: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """What a plan says; `regions` has everything below its regions too. Compared by identity, so it can be a key.

    `terms`: of posts that are not key posts on every day, when they are: [from, until).
    """

    id: int
    code: str
    starts_on: date
    counts_from: date
    deadline: date
    regions: frozenset[str]
    posts: tuple[str, ...]
    expected: frozenset[str]
    industries: tuple[Industry, ...]
    requirements: tuple[Requirement, ...]
    terms: Mapping[str, tuple[date, date]] = field(default_factory=dict)

    def term(self, post: str) -> tuple[date, date]:
        """Give when one of its posts is a key post: [from, until)."""
        return self.terms.get(post, (date.min, date.max))

    def expected_on(self, day: date) -> Collection[str]:
        """Give the posts of which it expects somebody on a day."""
        if not self.terms:
            return self.expected
        return [post for post in self.expected if self.term(post)[0] <= day < self.term(post)[1]]

    def industries_on(self, day: date) -> Collection[Industry]:
        """Give those that are key industries on a day."""
        if not self.industry_days:
            return self.industries
        return [industry for industry in self.industries if industry.from_on <= day < industry.until_on]

    @cached_property
    def industry_days(self) -> frozenset[date]:
        """Give the days on which an industry becomes a key industry, or ceases to be one."""
        days = {day for industry in self.industries for day in (industry.from_on, industry.until_on)}
        return frozenset(days - {date.min, date.max})


@dataclass(frozen=True)
class EnterpriseTimeline:
    """The dated facts of one enterprise: attribute -> values, each holding until the attribute's next day."""

    id: int
    values: Mapping[str, Dated]

    def on(self, attribute: str, day: date) -> str:
        """Give the value in force on a day, '' when there is none yet."""
        dated = self.values.get(attribute, ())
        position = bisect_right(dated, day, key=lambda value: value[0])
        return dated[position - 1][1] if position else ""

    def days(self, *attributes: str) -> set[date]:
        """Give the days on which any of the attributes takes a value."""
        return {day for attribute in attributes for day, _ in self.values.get(attribute, ())}


class Assignment(NamedTuple):
    """A person holds a post at an enterprise on [starts_on, ends_on). Made by the million: hence a tuple."""

    id: int
    person: int
    enterprise: int
    post: str
    starts_on: date
    ends_on: date


class Award(NamedTuple):
    """A person completed a version of a course on a day.

    `valid_until` is the first invalid day; `revoked_from` the earliest day any revocation names;
    `offline`: it was earned in person.
    """

    id: int
    course: str
    version: int
    completed_on: date
    valid_until: date | None
    revoked_from: date | None
    offline: bool = False


@dataclass(frozen=True)
class Retake:
    """Version `version` of a course ends the awards of older versions on `retake_from`."""

    course: str
    version: int
    retake_from: date


@dataclass(frozen=True)
class Waiver:
    """An assignment counts as covered in a plan on [from_on, until_on), whatever is held."""

    from_on: date
    until_on: date


@dataclass(frozen=True)
class Effort:
    """Something done for a course on a day without an award: kind is failed or in_progress."""

    course: str
    day: date
    kind: str


@dataclass(frozen=True)
class Record:
    """All that a person has done, with the retakes in force for the courses concerned."""

    awards: tuple[Award, ...] = ()
    efforts: tuple[Effort, ...] = ()
    retakes: tuple[Retake, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """An enterprise said on `confirmed_on` who holds its posts; that declares it from `declared_from` on."""

    declared_from: date
    confirmed_on: date

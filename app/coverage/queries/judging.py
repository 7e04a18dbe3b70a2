"""Judges required posts by the batch: which courses they require, which are done and when, and why others are not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, select, type_coerce
from sqlalchemy.orm import Session

from app.awards.models import Award as AwardRow
from app.coverage import planned, rules
from app.coverage.facts import Award, Record
from app.coverage.prepared import MANY
from app.coverage.queries.asking import Question
from app.coverage.records import dated, eventful, records, revoked_from, with_efforts
from app.coverage.rules import Missing
from app.kit.batches import batched
from app.kit.offline import is_marked, plain
from app.ops.listed import one_of

NOTHING: Final[Mapping[str, date]] = {}
NO_RECORD: Final = Record()


class PostStanding(NamedTuple):
    """A required post and what it is worth: `since` that day it has stood so, wherever its enterprise lay.

    courses are those required, in plan order; done gives the day on which each one held was completed.
    """

    assignment_id: int
    person_id: int
    name: str
    resident_id_masked: str
    enterprise_id: int
    uscc: str
    enterprise: str
    region: str
    industry: str
    post: str
    since: date
    covered: bool
    waived: bool
    courses: tuple[str, ...]
    done: Mapping[str, date]
    missing: tuple[Missing, ...]

    @property
    def reason(self) -> str | None:
        """Give the reason under which it is counted as missing: that of the first missing course."""
        return self.missing[0].reason if self.missing and not self.covered else None

    @property
    def standing(self) -> str:
        """Give what it is worth in a word: covered, waived or the reason."""
        return "waived" if self.waived else "covered" if self.covered else self.reason or ""

    @property
    def completed_on(self) -> tuple[date, ...]:
        """Give the days on which those of its courses that are held were completed."""
        return tuple(day for course, day in self.done.items() if course in self.courses)


class Judge:
    """One question's rules, ready for many batches."""

    def __init__(self, session: Session, question: Question) -> None:
        """Read what all batches need: the plan in the shape of the rules, and the retakes."""
        self.session, self.on, self.known_at = session, question.on, question.known_at
        self.plan = planned.shaped(question.plan, question.parents)
        self.retakes = planned.retakes(session, question.known_at)
        self.nothing_done: dict[tuple[str, str], tuple[Missing, ...]] = {}
        self.lacking: dict[tuple[str, str, frozenset[str]], tuple[Missing, ...]] = {}
        self.courses: dict[tuple[str, str], tuple[str, ...]] = {}
        self.in_person = any(is_marked(key) for one in self.plan.requirements for key in one.courses)

    def judged(
        self, batch: Sequence[Any], names: Mapping[int, tuple[str, str]], begun: Mapping[int, int]
    ) -> Iterator[PostStanding]:
        """Give each row of a batch with its enterprise's code and name and what its person has done.

        begun: since which day (ordinals) assignments stand so, of those that did before the first day of their span.
        """
        done, known = self._told({row[1] for row in batch}, {row[1] for row in batch if not row[9]})
        for assignment, person, name, masked, enterprise, region, industry, post, since, covered, waived in batch:
            courses = self._courses(post, industry)
            held = done.get(person, NOTHING)
            missing = () if covered else self._lacking(post, industry, held, known.get(person))
            if self.in_person:
                held = self._counted(held, known[person].awards, rules.keys_on(self.plan, post, industry, self.on))
            who = (assignment, person, name, masked, enterprise, *names[enterprise], region, industry, post)
            yield PostStanding(
                *who, dated(begun.get(assignment, since)), bool(covered), bool(waived), courses, held, missing
            )

    def _told(
        self, persons: AbstractSet[int], uncovered: AbstractSet[int]
    ) -> tuple[dict[int, dict[str, date]], dict[int, Record]]:
        """Give what persons hold, and the records of those for whom that does not say why they are not covered.

        Of whoever made no effort but for awards that never end, what they do not hold was never started.
        """
        if self.in_person or self.known_at is not None:
            known = records(self.session, persons if self.in_person else uncovered, self.retakes, self.known_at)
            done = {person: self._done(record.awards) for person, record in known.items()}
            rest = records(self.session, persons - known.keys(), self.retakes, self.known_at, efforts=False)
            return done | {person: self._done(record.awards) for person, record in rest.items()}, known
        done, ended = {}, set[int]()
        for chunk in batched(persons, MANY):
            self._add_held(done, ended, chunk)
        eventful = (ended & uncovered) | with_efforts(self.session, uncovered)
        return done, records(self.session, eventful, self.retakes)

    def reasons(self, rows: Sequence[tuple[int, str, str]]) -> Counter[str]:
        """Count uncovered posts (person, post, industry) by the reason of their first missing course.

        Most people never did anything about what they miss: of those it does not matter what they hold.
        """
        persons = {person for person, _, _ in rows}
        told = persons if self.in_person else eventful(self.session, persons, self.retakes, self.known_at)
        known = records(self.session, told, self.retakes, self.known_at)
        missing = (self._missing(post, industry, known.get(person, NO_RECORD)) for person, post, industry in rows)
        return Counter(courses[0].reason for courses in missing if courses)

    def _courses(self, post: str, industry: str) -> tuple[str, ...]:
        found = self.courses.get((post, industry))
        if found is None:
            found = self.courses[post, industry] = rules.courses_on(self.plan, post, industry, self.on)
        return found

    def _missing(self, post: str, industry: str, record: Record) -> tuple[Missing, ...]:
        """Give the missing courses; whoever has done nothing misses what everybody else like that misses."""
        if record.awards or record.efforts:
            return rules.reasons(self.plan, post, industry, record, self.on)
        found = self.nothing_done.get((post, industry))
        if found is None:
            found = self.nothing_done[post, industry] = rules.reasons(self.plan, post, industry, record, self.on)
        return found

    def _lacking(
        self, post: str, industry: str, held: Mapping[str, date], record: Record | None
    ) -> tuple[Missing, ...]:
        """Give the missing courses of one who holds these and whose record, if it matters, is given."""
        if record is not None:
            return self._missing(post, industry, record)
        key = (post, industry, frozenset(held))
        found = self.lacking.get(key)
        if found is None:
            everything = self._missing(post, industry, NO_RECORD)
            found = self.lacking[key] = tuple(one for one in everything if one.course not in held)
        return found

    def _add_held(self, found: dict[int, dict[str, date]], ended: set[int], persons: Sequence[int]) -> None:
        """Add what persons hold on the day, course -> completed on; and to `ended` those with awards that may end.

        Most never end: those are soon judged.
        """
        row = AwardRow
        days = (type_coerce(row.completed_on, Integer), type_coerce(row.valid_until, Integer), revoked_from(None))
        query = select(row.person_id, row.course_code, *days, row.version_number).where(one_of(row.person_id, persons))
        retaken = {retake.course for retake in self.retakes}
        first, last = self.plan.counts_from.toordinal(), self.on.toordinal()
        for person, course, completed_on, valid_until, revoked, version in (
            self.session.connection().execute(query).all()
        ):
            if not first <= completed_on <= last:
                continue
            done = dated(completed_on)
            if valid_until is not None or revoked is not None or course in retaken:
                ended.add(person)
                until = None if valid_until is None else dated(valid_until)
                if not self._holds(Award(0, course, version, done, until, revoked)):
                    continue
            mine = found.get(person)
            if mine is None:
                found[person] = {course: done}
            elif course not in mine or mine[course] < done:
                mine[course] = done

    def _counted(self, held: Mapping[str, date], awards: Sequence[Award], keys: Sequence[str]) -> dict[str, date]:
        """Leave out of what is held what would have to be held in person and is not."""
        strict = {plain(key) for key in keys if is_marked(key)}
        there = self._done([award for award in awards if award.offline])
        return {course: day for course, day in held.items() if course not in strict} | {
            course: day for course, day in there.items() if course in strict
        }

    def _holds(self, award: Award) -> bool:
        end = rules.ending(award, self.retakes)
        return end is None or self.on < end[0]

    def _done(self, awards: Sequence[Award]) -> dict[str, date]:
        """Give the day on which each course that is held was completed: of several awards the latest."""
        found: dict[str, date] = {}
        first, last, endless = self.plan.counts_from, self.on, not self.retakes
        for award in awards:
            day, course = award.completed_on, award.course
            if not first <= day <= last:
                continue
            never_ends = endless and award.valid_until is None and award.revoked_from is None
            if (never_ends or self._holds(award)) and (course not in found or found[course] < day):
                found[course] = day
        return found

"""Imports training that was completed elsewhere: each good row becomes an award, unless it is one already."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.awards import register
from app.awards import service as awards
from app.awards.register import Key, Recorded
from app.awards.service import AwardRecord
from app.catalogue import queries as catalogue
from app.identity.service import Actor
from app.kit.scope import Scope
from app.ops.sheets import Sheet
from app.organisations import persons, queries
from app.organisations.persons import KnownPerson, NewPerson
from app.workflows.import_fields import same_name
from app.workflows.import_results import Affected, ImportResult, Options, Tally
from app.workflows.record_rows import RecordLine, RecordLines, read_lines

Fault = tuple[str, str, dict[str, object]]


@dataclass(frozen=True)
class RecordsPlan:
    """A checked file of training records; new people have negative ids until they are entered."""

    result: ImportResult
    people: dict[int, NewPerson]
    awards: tuple[AwardRecord, ...]


def plan(session: Session, scope: Scope, sheet: Sheet, options: Options, today: date) -> RecordsPlan:  # noqa: ARG001
    """Check a file of training records whole and decide what it adds; nothing is written."""
    courses = catalogue.titles(session)
    lines = read_lines(sheet.rows, courses, today)
    people = _People(session, scope, lines)
    lines.keep(people.fault)
    lines.keep(_score_fault(session, lines.good))
    known = register.recorded(session, {people.number(line) for line in lines.good})
    seen: dict[Key, int] = {}
    lines.keep(lambda line: _repeat_fault(line, people.key(line), known, seen))
    new = [line for line in lines.good if not _is_known(line, known.get(people.key(line), []))]
    tally = Tally(len(sheet.rows), added=len(new), unchanged=len(lines.good) - len(new))
    numbers = {people.number(line) for line in new}
    return RecordsPlan(
        result=tally.result(lines.errors),
        people={number: person for number, person in people.new.items() if number in numbers},
        awards=tuple(_award(line, people) for line in new),
    )


def apply(session: Session, planned: RecordsPlan, actor: Actor, recorded_at: datetime) -> Affected:  # noqa: ARG001
    """Write a checked file of training records; gives the people whose coverage has to be looked at again."""
    ids = dict(zip(planned.people, persons.enrol(session, list(planned.people.values()), recorded_at), strict=True))
    earned = [replace(award, person_id=ids.get(award.person_id, award.person_id)) for award in planned.awards]
    awards.record_many(session, earned, recorded_at)
    return Affected(persons=tuple(sorted({award.person_id for award in earned})))


class _People:
    """The people of the file: known and in reach, or new with a negative id."""

    def __init__(self, session: Session, scope: Scope, lines: RecordLines) -> None:
        hashes = self.hashes = {line.resident_id: persons.id_hash(line.resident_id) for line in lines.good}
        known = persons.known_people(session, hashes.values())
        self.known: Mapping[str, KnownPerson] = {i: known[h] for i, h in hashes.items() if h in known}
        self.reached = {row.id for row in queries.people(scope, session, (p.id for p in self.known.values()))}
        corrected = persons.corrected_names(session, hashes.values())
        self.corrected = {i: corrected[h] for i, h in hashes.items() if h in corrected}
        self.may_add = scope.everywhere
        self.numbers: dict[str, int] = {}
        self.first: dict[int, RecordLine] = {}
        self.new: dict[int, NewPerson] = {}

    def number(self, line: RecordLine) -> int:
        """Give the person's id."""
        person = self.known.get(line.resident_id)
        return person.id if person else self.numbers.setdefault(line.resident_id, -len(self.numbers) - 1)

    def key(self, line: RecordLine) -> Key:
        """Give what the record is known by."""
        return self.number(line), line.course, line.completed_on, line.mode

    def name(self, line: RecordLine) -> str:
        """Give the person's name as recorded, or as the file says first."""
        person = self.known.get(line.resident_id)
        return person.name if person else self.new[self.number(line)].name

    def fault(self, line: RecordLine) -> Fault | None:
        """Say what is wrong with who the row is about."""
        person = self.known.get(line.resident_id)
        if person is not None:
            if person.id not in self.reached:
                return "resident_id", "person_unknown", {}
            wrong = line.name and not same_name(person.name, line.name)
            return ("name", "name_mismatch", {}) if wrong else None
        if not self.may_add:
            return "resident_id", "person_unknown", {}
        return self._fault_of_new(line)

    def _fault_of_new(self, line: RecordLine) -> Fault | None:
        number = self.number(line)
        first = self.first.get(number)
        if not line.name and first is None:
            return "name", "name_needed", {}
        if first is not None:
            wrong = line.name and not same_name(first.name, line.name)
            return ("name", "name_differs", {"other": first.row}) if wrong else None
        if same_name(self.corrected.get(line.resident_id, ""), line.name):
            return "resident_id", "id_corrected", {}
        self.first[number] = line
        self.new[number] = NewPerson(line.name, line.resident_id, self.hashes[line.resident_id])
        return None


def _score_fault(session: Session, lines: Iterable[RecordLine]) -> Callable[[RecordLine], Fault | None]:
    versions = catalogue.versions_on(
        session, ((one.course, one.completed_on) for one in lines if one.score is not None)
    )
    marks = {key: max((p.pass_mark for p in version.course.papers), default=0) for key, version in versions.items()}

    def fault(line: RecordLine) -> Fault | None:
        mark = marks.get((line.course, line.completed_on), 0)
        failed = line.score is not None and line.score < mark
        return ("score", "score_fails", {"mark": mark}) if failed else None

    return fault


def _repeat_fault(
    line: RecordLine, key: Key, known: Mapping[Key, list[Recorded]], seen: dict[Key, int]
) -> Fault | None:
    """Refuse a second row of a record, and one that contradicts what is recorded and stands."""
    first = seen.setdefault(key, line.row)
    if first != line.row:
        return "completed_on", "row_repeated", {"other": first}
    there = known.get(key, [])
    if _is_known(line, there) or all(one.revoked for one in there):
        return None
    return "completed_on", "record_differs", {}


def _is_known(line: RecordLine, there: Iterable[Recorded]) -> bool:
    """Say whether a row repeats a record, revoked or not: the same file never brings a revoked one back."""
    return any(_agrees(line, one) for one in there)


def _agrees(line: RecordLine, there: Recorded) -> bool:
    """Compare a row with a record of its key; blank cells contradict nothing."""
    said = (
        (line.valid_until, there.valid_until),
        (line.score, there.score),
        (line.hours, there.hours),
        (line.provider or None, there.provider),
        (line.reference or None, there.reference),
    )
    return all(now is None or now == before for now, before in said)


def _award(line: RecordLine, people: _People) -> AwardRecord:
    return AwardRecord(
        person_id=people.number(line),
        course_code=line.course,
        completed_on=line.completed_on,
        holder_name=people.name(line),
        valid_until=line.valid_until,
        mode=line.mode,
        score=line.score,
        hours=line.hours,
        provider=line.provider,
        reference=line.reference,
    )

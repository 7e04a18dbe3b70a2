"""Tells who the people of a roster are: known by their ID, or new; refuses rows that contradict what is known. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.organisations.persons import KnownPerson, NewPerson, phone_hash
from app.workflows.import_fields import same_name
from app.workflows.roster_rows import RosterLine, RosterLines


@dataclass(frozen=True)
class Said:
    """What the file said first of a person, and in which row."""

    row: int
    text: str


@dataclass
class People:
    """The people of a file. New ones have negative ids until they are entered."""

    by_row: dict[int, int] = field(default_factory=dict)
    new: dict[int, NewPerson] = field(default_factory=dict)
    phones: dict[int, Said] = field(default_factory=dict)
    """New phone numbers of known people and first ones of new people."""


def match(
    lines: RosterLines, hashes: Mapping[str, str], known: Mapping[str, KnownPerson], corrected: Mapping[str, str]
) -> People:
    """Match rows to people; `lines` loses the rows that are refused.

    `hashes` are those of all IDs. `corrected` gives, by hash of an ID that was corrected away, the name of its person.
    """
    people = People()
    names: dict[int, Said] = {}
    numbers: dict[str, int] = {}
    good = []
    for line in lines.good:
        hashed = hashes[line.resident_id]
        person = known.get(hashed)
        number = person.id if person else numbers.setdefault(hashed, -len(numbers) - 1)
        first = names.setdefault(number, Said(line.row, person.name if person else line.name))
        fault = _fault(line, person, first, corrected.get(hashed), people.phones.get(number))
        if fault:
            lines.refuse(line, fault[0], fault[1], other=fault[2])
            continue
        good.append(line)
        people.by_row[line.row] = number
        if person is None and number not in people.new:
            people.new[number] = NewPerson(line.name, line.resident_id, hashed)
        if line.phone and (person is None or person.phone_hash != phone_hash(line.phone)):
            people.phones.setdefault(number, Said(line.row, line.phone))
    lines.good = good
    return people


def _fault(
    line: RosterLine, person: KnownPerson | None, first: Said, corrected: str | None, phone: Said | None
) -> tuple[str, str, int] | None:
    if not same_name(first.text, line.name):
        return "name", "name_mismatch" if person else "name_differs", first.row
    if person is None and corrected is not None and same_name(corrected, line.name):
        return "resident_id", "id_corrected", first.row
    if phone is not None and line.phone and line.phone != phone.text:
        return "phone", "phone_differs", phone.row
    return None

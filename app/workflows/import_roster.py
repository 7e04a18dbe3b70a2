"""Imports a roster: reads its rows, decides what they change, and writes it in bulk."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.ops.sheet_cells import Cell
from app.ops.sheets import Sheet
from app.organisations import persons, queries, service, staffing
from app.organisations.persons import NewPerson
from app.organisations.service import Declared
from app.organisations.staffing import Held
from app.plans import queries as plans
from app.workflows import import_changes
from app.workflows import import_fields as fields
from app.workflows.import_changes import RosterFile
from app.workflows.import_results import Affected, ImportResult, Options, RowError, Tally
from app.workflows.roster_changes import Outcome, Wanted, absent, clashes, reconcile
from app.workflows.roster_people import People, match
from app.workflows.roster_rows import RosterLines, read_lines

CONFIRM_SHARE: Final = 10
"""Ending more than one in so many of an enterprise's assignments has to be confirmed."""


@dataclass(frozen=True)
class RosterPlan:
    """A checked roster: what it says back, and all that is to be written."""

    result: ImportResult
    people: dict[int, NewPerson]
    phones: dict[int, str]
    added: tuple[Held, ...]
    amended: tuple[Held, ...]
    declared: dict[int, date]


def plan(session: Session, scope: Scope, sheet: Sheet, options: Options, today: date) -> RosterPlan:
    """Check a roster whole and decide what it changes; nothing is written."""
    lines = read_lines(sheet.rows, _sole_uscc(session, scope), _post_reader(session), today)
    enterprises = _enterprises(session, scope, lines)
    hashes = {line.resident_id: persons.id_hash(line.resident_id) for line in lines.good}
    known = persons.known_people(session, hashes.values())
    people = match(lines, hashes, known, persons.corrected_names(session, hashes.values()))
    wanted = [
        Wanted(w.row, people.by_row[w.row], enterprises[w.uscc], w.post, w.trade, w.starts_on, w.ends_on)
        for w in lines.good
    ]
    whole = set(enterprises.values())
    among = None if options.full else {w.person_id for w in wanted if w.person_id > 0}
    stored = staffing.held_at(session, whole, among)
    outcomes = _decide(lines, wanted, stored)
    ended: list[Held] = []
    unconfirmed: list[RowError] = []
    if options.full:
        ended, unconfirmed = _absent(session, lines, outcomes, stored, enterprises, options, today)
    planned = _planned(len(sheet.rows), lines, people, outcomes, ended, unconfirmed)
    file = RosterFile(lines.good, people, known.values())
    changes = import_changes.of_roster(session, file, outcomes, stored, ended)
    return replace(planned, result=replace(planned.result, changes=changes))


def apply(session: Session, planned: RosterPlan, actor: Actor, recorded_at: datetime) -> Affected:
    """Write a checked roster; gives what coverage has to look at again."""
    order = list(planned.people)
    people = [replace(planned.people[number], phone=planned.phones.get(number)) for number in order]
    ids = dict(zip(order, persons.enrol(session, people, recorded_at), strict=True))
    persons.set_phones(session, {number: phone for number, phone in planned.phones.items() if number > 0})
    added = [held._replace(person_id=ids.get(held.person_id, held.person_id)) for held in planned.added]
    stored = staffing.assign(session, added, recorded_at)
    staffing.amend(session, planned.amended, recorded_at)
    today = day_of(recorded_at)
    counts = service.head_counts(session, planned.declared, today)
    words = [Declared(e, "import", since, today, counts[e]) for e, since in planned.declared.items()]
    declared = service.declare(session, words, actor.name, recorded_at)
    touched = tuple(held.id for held in (*stored, *planned.amended))
    return Affected(assignments=touched, declared=declared)


def _sole_uscc(session: Session, scope: Scope) -> str | None:
    """Give the code of the only enterprise in reach, which its officer need not write."""
    if scope.regions is None or scope.regions or len(scope.enterprises) != 1:
        return None
    found = queries.enterprises(scope, session, scope.enterprises)
    return found[0].uscc if found else None


def _post_reader(session: Session) -> Callable[[Cell], str]:
    posts = plans.posts(session)
    known: dict[str, str | None] = {}

    def read(cell: Cell) -> str:
        written = fields.text(cell)
        if written not in known:
            found = plans.find_post(posts, written)
            known[written] = found.code if found else None
        code = known[written]
        if code is None:
            raise fields.Refused("post_unknown", text=written[:40], choices="、".join(post.name for post in posts))
        return code

    return read


def _enterprises(session: Session, scope: Scope, lines: RosterLines) -> dict[str, int]:
    """Find the enterprises in reach by code; rows that name another are refused."""
    codes = {line.uscc for line in lines.good} | {line.uscc for line in lines.refused if line.uscc}
    found = {row.uscc: row.id for row in queries.enterprises_by_uscc(scope, session, codes)}
    unknown = [line for line in lines.good if line.uscc not in found]
    for line in unknown:
        lines.refuse(line, "uscc", "enterprise_unknown")
    lines.good = [line for line in lines.good if line.uscc in found]
    return found


def _decide(lines: RosterLines, wanted: list[Wanted], stored: Iterable[Held]) -> list[Outcome]:
    by_key: dict[tuple[int, int, str], tuple[list[Wanted], list[Held]]] = {}
    refused = clashes(wanted)
    clashing = {clash.wanted.row for clash in refused}
    for want in wanted:
        if want.row not in clashing:
            by_key.setdefault(want.key, ([], []))[0].append(want)
    for held in stored:
        key = held.person_id, held.enterprise_id, held.post
        if key in by_key:
            by_key[key][1].append(held)
    outcomes: list[Outcome] = []
    for rows, known in by_key.values():
        decided, twice = reconcile(rows, known)
        outcomes += decided
        refused += twice
    by_row = {line.row: line for line in lines.good}
    for clash in refused:
        code = "overlaps_two" if clash.other is None else "overlaps_row"
        lines.refuse(by_row[clash.wanted.row], "starts_on", code, other=clash.other)
    return outcomes


def _absent(
    session: Session,
    lines: RosterLines,
    outcomes: list[Outcome],
    stored: list[Held],
    enterprises: dict[str, int],
    options: Options,
    today: date,
) -> tuple[list[Held], list[RowError]]:
    """Give the assignments that --full ends, and which of these endings have to be confirmed."""
    heard = {outcome.wanted.enterprise_id: outcome.wanted.row for outcome in reversed(outcomes)}
    met = {outcome.before.id for outcome in outcomes if outcome.before}
    open_ones = [held for held in stored if held.enterprise_id in heard]
    ended, totals = absent(open_ones, met, options.as_of or today)
    spared = _spared(session, lines, enterprises, [held for rows in ended.values() for held in rows])
    kept = {number: [held for held in rows if held.id not in spared] for number, rows in ended.items()}
    unconfirmed = [
        RowError(heard[number], "", "confirm_ending", {"ended": len(rows), "total": totals[number]})
        for number, rows in kept.items()
        if len(rows) * CONFIRM_SHARE > totals[number] and not options.confirmed
    ]
    return [held for rows in kept.values() for held in rows], unconfirmed


def _spared(session: Session, lines: RosterLines, enterprises: dict[str, int], ended: list[Held]) -> set[int]:
    """Find those who only seem absent because their row was refused: the same ID, or the same name."""
    hashes = {persons.id_hash(r.resident_id): r for r in lines.refused if r.resident_id and r.uscc in enterprises}
    known = persons.known_people(session, hashes)
    people = {(enterprises[hashes[hashed].uscc], person.id) for hashed, person in known.items()}
    names = {(enterprises[r.uscc], r.name) for r in lines.refused if r.uscc in enterprises and r.name}
    called = persons.names(session, {held.person_id for held in ended}) if names else {}
    return {
        held.id
        for held in ended
        if (held.enterprise_id, held.person_id) in people or (held.enterprise_id, called.get(held.person_id)) in names
    }


def _planned(
    rows: int,
    lines: RosterLines,
    people: People,
    outcomes: list[Outcome],
    ended: list[Held],
    unconfirmed: list[RowError],
) -> RosterPlan:
    tally = Tally(rows, ended=len(ended))
    declared: dict[int, date] = {}
    for outcome in outcomes:
        wanted = outcome.wanted
        phone = people.phones.get(wanted.person_id)
        if outcome.before is None:
            tally.added += 1
        elif outcome.before != outcome.after or (phone is not None and phone.row == wanted.row):
            tally.changed += 1
        else:
            tally.unchanged += 1
        since = declared.get(wanted.enterprise_id, wanted.starts_on)
        declared[wanted.enterprise_id] = min(since, wanted.starts_on)
    going_in = {outcome.wanted.person_id for outcome in outcomes}
    return RosterPlan(
        result=tally.result(lines.errors, unconfirmed),
        people={number: person for number, person in people.new.items() if number in going_in},
        phones={number: said.text for number, said in people.phones.items() if number in going_in},
        added=tuple(o.after for o in outcomes if o.before is None),
        amended=(*(o.after for o in outcomes if o.before and o.before != o.after), *ended),
        declared=declared,
    )

"""What an import would alter, value by value, so that it can be looked at before it is confirmed: the first rows only.

Values are given in the words of the file; of a telephone number only that it changes, and how it ends.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from sqlalchemy.orm import Session

from app.organisations import dated, persons
from app.organisations.dated import FactChange
from app.organisations.persons import KnownPerson
from app.organisations.regions import RegionRow
from app.organisations.staffing import Held
from app.plans import queries as plans
from app.reports.import_columns import NO, SIZES, YES
from app.workflows.enterprise_rows import EnterpriseLine
from app.workflows.import_results import Altered
from app.workflows.roster_changes import Outcome
from app.workflows.roster_people import People
from app.workflows.roster_rows import RosterLine

MOST: Final = 20
"""So many rows of the file, and as many people who are absent from it, are told one by one."""
KEPT: Final = "******"
"""A number that is recorded, and not shown."""
FLAGS: Final = {"1": YES[0], "0": NO[0]}
IN_DAYS: Final = ("starts_on", "ends_on")


@dataclass(frozen=True)
class RosterFile:
    """A roster that was decided: its good rows, its people, and those of them who were known."""

    lines: Iterable[RosterLine]
    people: People
    known: Iterable[KnownPerson]


def of_roster(
    session: Session, file: RosterFile, outcomes: Iterable[Outcome], stored: Iterable[Held], ended: Iterable[Held]
) -> tuple[Altered, ...]:
    """Tell what rows correct, in their order, and then whose post ends for want of a row (row 0)."""
    altering = (one for one in outcomes if one.before is not None and _alters(one, file.people))
    first, gone = nsmallest(MOST, altering, key=lambda one: one.wanted.row), list(ended)
    if not first and not gone:
        return ()
    posts = {post.code: post.name for post in plans.posts(session)}
    names = {line.row: line.name for line in file.lines}
    numbered = {person.id for person in file.known if person.phone_hash}
    found = [
        Altered(row.wanted.row, f"{names[row.wanted.row]} · {posts.get(row.after.post, row.after.post)}", *values)
        for row in first
        for values in _corrected(row, file.people, numbered)
    ]
    return (*found, *_absent(session, posts, stored, gone))


def _alters(one: Outcome, people: People) -> bool:
    return one.before != one.after or _says_phone(one, people)


def _says_phone(one: Outcome, people: People) -> bool:
    said = people.phones.get(one.wanted.person_id)
    return said is not None and said.row == one.wanted.row


def _corrected(one: Outcome, people: People, numbered: set[int]) -> Iterator[tuple[str, str, str]]:
    before, after = one.before, one.after
    assert before is not None  # noqa: S101 - those that add are not told
    if before.trade != after.trade:
        yield "trade", before.trade, after.trade
    for name in IN_DAYS:
        was, will = getattr(before, name), getattr(after, name)
        if was != will:
            yield name, str(was or ""), str(will or "")
    if _says_phone(one, people):
        person = one.wanted.person_id
        yield "phone", KEPT if person in numbered else "", f"*******{people.phones[person].text[-4:]}"


def _absent(
    session: Session, posts: Mapping[str, str], stored: Iterable[Held], ended: Iterable[Held]
) -> Iterator[Altered]:
    first = nsmallest(MOST, ended, key=lambda held: (held.enterprise_id, held.id))
    names = persons.names(session, {held.person_id for held in first})
    was = {held.id: held.ends_on for held in stored}
    for held in first:
        who = f"{names.get(held.person_id, '')} · {posts.get(held.post, held.post)}"
        yield Altered(0, who, "ends_on", str(was.get(held.id) or ""), str(held.ends_on or held.starts_on))


def of_facts(line: EnterpriseLine, changes: Iterable[tuple[FactChange, str | None]], words: "Words") -> list[Altered]:
    """Tell what a row says anew of an enterprise, with the first day of it where the row names one."""
    since = str(line.effective_on or "")
    return [
        Altered(
            line.row,
            line.name,
            change.attribute,
            words.of(change.attribute, before),
            words.of(change.attribute, change.value) or NO[-1],
            "" if change.attribute == dated.CLOSED_ON else since,
        )
        for change, before in changes
    ]


def of_regions(rows: Mapping[int, RegionRow], known: Mapping[str, RegionRow]) -> tuple[Altered, ...]:
    """Tell which known regions get another name or another region above."""
    found = [
        Altered(number, known[row.code].name, name, str(was or ""), str(will or ""))
        for number, row in rows.items()
        if row.code in known
        for name, was, will in (
            ("name", known[row.code].name, row.name),
            ("parent", known[row.code].parent, row.parent),
        )
        if was != will
    ]
    return first_rows(found)


def first_rows(altered: Iterable[Altered]) -> tuple[Altered, ...]:
    """Keep what is told of the first rows."""
    found = sorted(altered, key=lambda one: one.row)
    rows = list(dict.fromkeys(one.row for one in found))[:MOST]
    return tuple(one for one in found if rows and one.row <= rows[-1])


def fact_words(session: Session) -> "Words":
    """Give what puts the values of an enterprise's facts into the words of the file."""
    codes = plans.plans(session)
    industries = {industry.code: industry.name for plan in codes for industry in plan.industries}
    return Words(industries, {post.code: post.name for post in plans.posts(session)})


@dataclass(frozen=True)
class Words:
    """Names of key industries and posts."""

    industries: Mapping[str, str]
    posts: Mapping[str, str]

    def of(self, attribute: str, value: str | None) -> str:
        """Put a value as the file would write it; '' for none."""
        if not value:
            return ""
        if attribute in {dated.HAZARDOUS_LICENCE, dated.KEY_ENTERPRISE}:
            return FLAGS.get(value, value)
        if attribute == dated.KEY_INDUSTRY:
            return self.industries.get(value, value)
        if attribute == dated.SIZE:
            return next((word for word, code in SIZES.items() if code == value), value)
        if attribute == dated.NOT_APPLICABLE:
            return "；".join(self.posts.get(code, code) for code in value.split(";"))
        return value

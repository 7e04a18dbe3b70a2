"""Tables of required posts for export: everybody's standing, and who is missing. Resident IDs are masked.

`_` translates a msgid into the reader's language; the heads are those of app/reports/coverage.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.coverage.queries.judging import PostStanding
from app.ops.i18n import N_
from app.plans.queries import Plan
from app.reports.coverage import REASON_WORDS, Heading, head
from app.reports.exports import Cell, Column, Table, Text

HELD_WORDS: Final = {"missing": N_("Not covered"), "covered": N_("Covered"), "waived": N_("Waived")}
MISSING, COVERED, WAIVED = HELD_WORDS.values()


@dataclass(frozen=True)
class Names:
    """What codes are called: regions and courses; posts and industries are the plan's."""

    regions: Mapping[str, str]
    courses: Mapping[str, str]


def posts_table(rows: Iterable[PostStanding], names: Names, heading: Heading, _: Text) -> Table:
    """Give every required post with its standing, and for each of the plan's courses the day it was completed."""
    courses = _courses(heading.plan)
    columns = (
        *_place(_),
        Column(_("Standing")),
        Column(_("Standing since"), "day"),
        Column(_("Reason")),
        Column(_("First course missing"), width=30),
        Column(_("Courses missing"), "count"),
        Column(_("Courses required"), "count"),
        *(Column(_("Completed: %(course)s", course=names.courses.get(code, code)), "day", 14) for code in courses),
    )
    return Table(_("Everybody"), columns, _posts(rows, names, heading.plan, _), head(heading, _))


def _posts(rows: Iterable[PostStanding], names: Names, plan: Plan, _: Text) -> Iterator[tuple[Cell, ...]]:
    words = _Words(names, plan, _)
    standing = {False: _(MISSING), True: _(COVERED)}
    waived, nothing = _(WAIVED), (None, None)
    courses = _courses(plan)
    places: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in rows:
        first = row.missing[0] if row.missing else None
        why = (words.reasons[first.reason], words.courses.get(first.course, first.course)) if first else nothing
        required, done = row.courses, row.done
        if required not in places:
            places[required] = tuple(code if code in required else "" for code in courses)
        days = map(done.get, places[required])
        stands = waived if row.waived else standing[row.covered]
        yield (*words.place(row), stands, row.since, *why, len(row.missing), len(required), *days)


def missing_table(rows: Iterable[PostStanding], names: Names, heading: Heading, _: Text) -> Table:
    """Give who is missing and why."""
    columns = (
        *_place(_),
        Column(_("First course missing"), width=30),
        Column(_("Reason")),
        Column(_("Courses missing"), "count"),
        Column(_("Uncovered since"), "day"),
    )
    return Table(_("Who is missing"), columns, _missing(rows, names, heading.plan, _), head(heading, _))


def _missing(rows: Iterable[PostStanding], names: Names, plan: Plan, _: Text) -> Iterator[tuple[Cell, ...]]:
    words = _Words(names, plan, _)
    for row in rows:
        first = row.missing[0]
        course = words.courses.get(first.course, first.course)
        yield (*words.place(row), course, words.reasons[first.reason], len(row.missing), row.since)


def _place(_: Text) -> tuple[Column, ...]:
    return (
        Column(_("Region")),
        Column(_("Unified social credit code"), width=22),
        Column(_("Enterprise"), width=36),
        Column(_("Key industry")),
        Column(_("Post"), width=24),
        Column(_("Name"), width=12),
        Column(_("Resident ID"), width=22),
    )


def _courses(plan: Plan) -> tuple[str, ...]:
    """Give the courses that the plan ever requires, those of most posts first as the plan names them."""
    return tuple(dict.fromkeys(course for requirement in plan.requirements for course in requirement.courses))


class _Words:
    """The names of codes, looked up once per cell."""

    def __init__(self, names: Names, plan: Plan, _: Text) -> None:
        self.regions, self.courses = names.regions, names.courses
        self.industries = plan.industry_names
        self.posts = plan.post_names
        self.reasons = {code: _(word) for code, word in REASON_WORDS.items()}
        self._last: tuple[object, ...] = ()
        self._where: tuple[Cell, ...] = ()

    def place(self, row: PostStanding) -> tuple[Cell, ...]:
        """Give the first cells of a row; rows of one enterprise follow each other, and begin the same."""
        last = (row.enterprise_id, row.region, row.industry)
        if last != self._last:
            region, industry = self.regions.get(row.region, row.region), self.industries.get(row.industry, row.industry)
            self._last, self._where = last, (region, row.uscc, row.enterprise, industry)
        return (*self._where, self.posts.get(row.post, row.post), row.name, row.resident_id_masked)

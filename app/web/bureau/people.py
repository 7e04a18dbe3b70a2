"""The bureau's lists of people: everybody who must be trained with their standing, and who is missing and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.access.scope import Viewer
from app.catalogue import queries as catalogue
from app.coverage.ledger import Tally
from app.coverage.queries.asking import Question, resolve
from app.coverage.queries.figures import whole_tally
from app.coverage.queries.judging import PostStanding
from app.coverage.queries.posts import PostFilter, every_post, posts_page
from app.coverage.queries.sums import Only
from app.coverage.rules import REASONS
from app.kit.errors import Problem
from app.ops.db import Session
from app.ops.i18n import N_
from app.web.bureau.asking import Asked
from app.web.bureau.lists import next_page
from app.web.bureau.overview import reasons_of
from app.web.bureau.shapes import Figure, figure
from app.web.held import checked_held, wanted
from app.web.paged import Shown, place_of


@dataclass(frozen=True)
class Wanted:
    """Which posts a list is asked for: who is `held` (missing, covered, waived), under a reason, with a course."""

    held: str = ""
    reason: str = ""
    course: str = ""


@dataclass(frozen=True)
class Coded:
    """A code and what it is called, to choose from."""

    code: str
    name: str


@dataclass(frozen=True)
class PostLine:
    """Who is in which required post, where; names for codes."""

    person_id: int
    name: str
    enterprise_id: int
    enterprise: str
    region: str
    industry: str
    post: str


@dataclass(frozen=True)
class PersonLine(PostLine):
    """A person in a required post; `done` of `courses` are held, the last one completed on `last_on`."""

    standing: str
    since: date
    done: int
    courses: int
    last_on: date | None


@dataclass(frozen=True)
class PeoplePage:
    """Everybody in a required post, or only those `held` ("covered", "waived"), or who must hold a course."""

    asked: Asked
    held: str
    course: str
    courses: tuple[Coded, ...]
    figure: Figure
    lines: tuple[PersonLine, ...]
    shown: Shown
    next: str | None

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Give the filters as form fields and link parameters."""
        return filters(held=self.held, course=self.course)


@dataclass(frozen=True)
class MissingLine(PostLine):
    """A person's post that is not covered: the first course missing, how many more, and why."""

    course: str
    more: int
    reason: str
    since: date
    offline: bool
    """Whether only training in person meets that course."""


@dataclass(frozen=True)
class MissingPage:
    """Who is missing in a region, or only who lacks a course.

    `counts` by reason are empty where counting would take long, and for a course.
    """

    asked: Asked
    reason: str
    course: str
    courses: tuple[Coded, ...]
    reasons: tuple[str, ...]
    counts: dict[str, int]
    figure: Figure
    lines: tuple[MissingLine, ...]
    shown: Shown
    next: str | None

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Give the filters as form fields and link parameters."""
        return filters(reason=self.reason, course=self.course)


def missing_asked(reason: str = "", course: str = "") -> Wanted:
    """Collect the filters of who is missing; Problem 422 for a reason that does not exist."""
    if reason and reason not in REASONS:
        raise Problem(422, "reason", N_("There is no such reason. Choose one from the list."))
    return Wanted("missing", reason, course)


def people_asked(held: str = "", course: str = "") -> Wanted:
    """Collect the filters of everybody; Problem 422 for a standing that does not exist."""
    return Wanted(checked_held(held), course=course)


def filters(**chosen: str) -> tuple[tuple[str, str], ...]:
    """Give the filters that are set as form fields and link parameters."""
    return tuple((name, value) for name, value in chosen.items() if value)


def understood(viewer: Viewer, session: Session, asked: Asked, chosen: Wanted, now: datetime) -> Wanted:
    """Leave out a course that the plan, as then known, does not have: it may be of another plan."""
    return _understood(resolve(viewer.scope, session, asked.ask, asked.today, now), chosen)


def _understood(question: Question, chosen: Wanted) -> Wanted:
    return chosen if chosen.course in _codes(question) else replace(chosen, course="")


def _codes(question: Question) -> dict[str, None]:
    return dict.fromkeys(code for one in question.plan.requirements for code in one.courses)


def _courses(question: Question, titles: Mapping[str, str]) -> tuple[Coded, ...]:
    """Give the plan's courses, to choose from."""
    return tuple(Coded(code, titles.get(code, code)) for code in _codes(question))


def people_page(
    viewer: Viewer, session: Session, asked: Asked, chosen: Wanted, after: str, now: datetime
) -> PeoplePage:
    """Fill the list of everybody."""
    question, whole = _counted(viewer, session, asked, now)
    place, sums, chosen = place_of(after), figure(whole), _understood(question, chosen)
    course = chosen.course
    listed = posts_page(viewer.scope, session, question, _only(asked, chosen), after=place.key or None)
    total = None if course else sums.of(chosen.held)
    shown = place.shown(len(listed.rows), listed.after, total, unfinished=listed.unfinished)
    return PeoplePage(
        asked=asked,
        held=chosen.held,
        course=course,
        courses=_courses(question, catalogue.titles(session)),
        figure=sums,
        lines=tuple(_person_line(row, asked) for row in listed.rows),
        shown=shown,
        next=next_page(asked, "/coverage/people", shown.next, filters(held=chosen.held, course=course)),
    )


def _who(row: PostStanding, asked: Asked) -> tuple[int, str, int, str, str, str, str]:
    """Give what a PostLine says."""
    industry, post = asked.industries.get(row.industry, row.industry), asked.posts.get(row.post, row.post)
    return row.person_id, row.name, row.enterprise_id, row.enterprise, asked.tree.name(row.region), industry, post


def _person_line(row: PostStanding, asked: Asked) -> PersonLine:
    done = row.completed_on
    return PersonLine(
        *_who(row, asked),
        standing=row.standing,
        since=row.since,
        done=len(done),
        courses=len(row.courses),
        last_on=max(done, default=None),
    )


def missing_page(
    viewer: Viewer, session: Session, asked: Asked, chosen: Wanted, after: str, now: datetime
) -> MissingPage:
    """Fill the list of who is missing."""
    question, whole = _counted(viewer, session, asked, now)
    place, sums, chosen = place_of(after), figure(whole), _understood(question, chosen)
    reason, course = chosen.reason, chosen.course
    listed = posts_page(viewer.scope, session, question, _only(asked, chosen), after=place.key or None)
    titles = catalogue.titles(session)
    counts = {} if course else reasons_of(session, asked, question, whole)
    total = counts.get(reason, 0) if reason and counts else None if reason or course else sums.missing
    shown = place.shown(len(listed.rows), listed.after, total, unfinished=listed.unfinished)
    return MissingPage(
        asked=asked,
        reason=reason,
        course=course,
        courses=_courses(question, titles),
        reasons=tuple(reversed(REASONS)),
        counts=counts,
        figure=sums,
        lines=tuple(_missing_line(row, asked, titles) for row in listed.rows),
        shown=shown,
        next=next_page(asked, "/coverage/missing", shown.next, filters(reason=reason, course=course)),
    )


def _counted(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> tuple[Question, Tally]:
    """Resolve what is asked, and count all posts it is about."""
    question = resolve(viewer.scope, session, asked.ask, asked.today, now)
    return question, whole_tally(session, question, Only(asked.industry, asked.post))


def _missing_line(row: PostStanding, asked: Asked, titles: dict[str, str]) -> MissingLine:
    first = row.missing[0]
    return MissingLine(
        *_who(row, asked),
        course=titles.get(first.course, first.course),
        more=len(row.missing) - 1,
        reason=first.reason,
        since=row.since,
        offline=first.offline,
    )


def every(viewer: Viewer, session: Session, asked: Asked, chosen: Wanted, now: datetime) -> Iterator[PostStanding]:
    """Give all rows of a list, for an export; `chosen` as understood."""
    question = resolve(viewer.scope, session, asked.ask, asked.today, now)
    return every_post(viewer.scope, session, question, _only(asked, chosen))


def _only(asked: Asked, chosen: Wanted) -> PostFilter:
    return PostFilter(wanted(chosen.held), asked.post, asked.industry, chosen.reason or None, chosen.course or None)

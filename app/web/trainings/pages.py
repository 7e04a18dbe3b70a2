"""Fills the pages of training held in person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from app.access.scope import Viewer
from app.awards import attendance, session_queries
from app.awards.session_queries import STATES, SessionFilter, SessionRow
from app.awards.session_rules import needed_minutes
from app.catalogue import queries as catalogue
from app.kit.errors import Problem
from app.kit.paging import Page
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.organisations import regions
from app.plans import queries as plans
from app.web.enterprise.asked import read_day
from app.web.trainings.shapes import (
    OUTCOME_SIGNS,
    OUTCOME_WORDS,
    CourseChoice,
    Holder,
    Line,
    ListAsk,
    ListPage,
    NewPage,
    Refusal,
    SessionPage,
)

SIZE = 50


def list_page(viewer: Viewer, session: Session, ask: ListAsk) -> ListPage:
    """Fill the list of sessions; Problem 422 for a filter that cannot be read."""
    found = listed(viewer, session, ask, ask.after or None, SIZE)
    following = None if found.after is None else ask.address("/trainings", after=found.after)
    return ListPage(ask, catalogue.titles(session), found.rows, following)


def listed(viewer: Viewer, session: Session, ask: ListAsk, after: str | None, size: int) -> Page[SessionRow]:
    """Read a page of the sessions asked for."""
    if ask.state and ask.state not in STATES:
        raise Problem(422, "state", N_("Choose a state from the list."))
    chosen = SessionFilter(ask.course, ask.state, read_day(ask.from_on), read_day(ask.to_on))
    return session_queries.listing(viewer.scope, session, chosen, after, size)


def new_page(
    viewer: Viewer, session: Session, today: date, typed: Mapping[str, str] | None = None, error: str = ""
) -> NewPage:
    """Fill the form of a new session."""
    scope, tree = viewer.scope, regions.tree(session)
    own = organisations.enterprises(scope, session, scope.enterprises)
    places = sorted(tree.rows if scope.regions is None else scope.regions)
    home = viewer.home_region
    places.sort(key=lambda code: code != home)
    holders = [Holder(f"e{one.id}", one.name) for one in own] + [Holder(f"r{code}", tree.name(code)) for code in places]
    courses = (CourseChoice(c.course_code, c.title, needed_minutes(c.hours)) for c in catalogue.listing(session, today))
    return NewPage(tuple(holders), tuple(courses), today, typed or {}, error)


def session_page(
    viewer: Viewer,
    session: Session,
    session_id: int,
    today: date,
    *,
    error: str = "",
    done: str = "",
    refusals: Sequence[Refusal] = (),
    added: int = 0,
) -> SessionPage:
    """Fill a session's page; Problem 404 out of reach."""
    found = session_queries.find(viewer.scope, session, session_id)
    if found.closed_at is None:
        version = catalogue.version_on(session, found.course_code, found.held_on)
    else:
        version = catalogue.version(session, found.version_id)
    rows = attendance.attendees(session, found.id)
    coming = attendance.outcomes(session, found, version, rows) if found.closed_at is None else {}
    posts = attendance.posts_there(session, found)
    lines = [_line(one, posts.get(one.person_id, ()), coming.get(one.id, one.outcome)) for one in rows]
    return SessionPage(
        found=found,
        title=version.title,
        version=version.number,
        needed=needed_minutes(version.hours),
        pass_mark=max((paper.pass_mark for paper in version.course.papers), default=0),
        lines=tuple(lines),
        counts=Counter(line.outcome for line in lines),
        post_names=plans.post_names(session),
        today=today,
        error=error,
        done=done,
        refusals=tuple(refusals),
        added=added,
    )


def _line(who: attendance.Attendee, posts: tuple[attendance.PostThere, ...], outcome: str) -> Line:
    return Line(who, posts, outcome, OUTCOME_WORDS.get(outcome, ""), OUTCOME_SIGNS.get(outcome, ""))

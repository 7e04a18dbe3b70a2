"""One person's page: posts, standing in every plan with its evidence, certificates, account, what happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.access import roles
from app.access.scope import Viewer
from app.assessment import results
from app.awards import queries as awards
from app.awards.queries import Certificate
from app.catalogue import queries as catalogue
from app.coverage import queries as coverage
from app.coverage.queries import AssignmentRow
from app.coverage.queries.persons import PersonStanding
from app.coverage.queries.steps import lines
from app.identity import queries as identity
from app.kit.dates import add_days
from app.kit.errors import not_found
from app.learning import activity
from app.ops.db import Session
from app.organisations import queries as organisations
from app.organisations import regions, roster
from app.organisations.queries import EnterpriseRow, PersonRow
from app.organisations.roster import PostHeld
from app.plans import queries as plans
from app.web.enterprise.asked import read_day
from app.web.instants import field_text
from app.web.people.lines import LineView, line_views
from app.web.people.standings import StandingView, Told
from app.web.people.timeline import Event, History, Names, events


@dataclass(frozen=True)
class Place:
    """Whose page, at which enterprise, and as asked: the day and the instant of knowledge as the URL has them."""

    enterprise_id: int
    person_id: int
    on: str = ""
    known_at: str = ""

    @property
    def address(self) -> str:
        """Give the page's address."""
        return f"/enterprises/{self.enterprise_id}/people/{self.person_id}"


@dataclass(frozen=True)
class Acts:
    """What the viewer may do here."""

    reveal: bool
    issue: bool
    correct: bool
    waive: bool
    revoke: bool

    @property
    def any(self) -> bool:
        """Say whether the record may be acted on at all."""
        return self.correct or self.waive or self.revoke


@dataclass(frozen=True)
class PersonPage:
    """The page; `revealed` is the whole resident ID when it was asked for, `done` the code of what was just done.

    `lines` tell how each post came to stand as it does; `events` what happened to somebody whom no plan ever asks.
    """

    enterprise: EnterpriseRow
    person: PersonRow
    on: date
    today: date
    standings: tuple[StandingView, ...]
    awards: tuple[Certificate, ...]
    posts: tuple[PostHeld, ...]
    names: Names
    account: str
    known_at: datetime | None
    known_text: str
    lines: tuple[LineView, ...]
    events: tuple[Event, ...]
    acts: Acts
    revealed: str = ""
    error: str = ""
    done: str = ""

    @property
    def waivable(self) -> tuple[StandingView, ...]:
        """Give the standings that a waiver could be granted for."""
        return tuple(standing for standing in self.standings if standing.waiver is None)

    @property
    def revocable(self) -> tuple[Certificate, ...]:
        """Give the certificates that are not revoked."""
        return tuple(award for award in self.awards if award.revoked_from is None)


@dataclass(frozen=True)
class Found:
    """A person in reach with all their posts in reach, at one of the enterprises."""

    enterprise: EnterpriseRow
    person: PersonRow
    posts: tuple[PostHeld, ...]

    def known_until(self, today: date) -> date:
        """Give the day up to which this office may follow the person: today, or the last day of the last post here."""
        ends = [post.ends_on for post in self.posts if post.ends_on is not None]
        still_here = len(ends) < len(self.posts) or max(ends) > today
        return today if still_here else add_days(max(ends), -1)


def person_here(viewer: Viewer, session: Session, place: Place) -> Found:
    """Find a person in reach who has, or had, a post at the enterprise; Problem 404 otherwise."""
    enterprise = organisations.enterprise(viewer.scope, session, place.enterprise_id)
    person = organisations.person(viewer.scope, session, place.person_id)
    posts = roster.posts_of(viewer.scope, session, person.id)
    if not any(post.enterprise_id == enterprise.id for post in posts):
        raise not_found()
    return Found(enterprise, person, posts)


def person_page(
    viewer: Viewer,
    session: Session,
    place: Place,
    now: datetime,
    today: date,
    *,
    revealed: str = "",
    error: str = "",
    done: str = "",
) -> PersonPage:
    """Fill the page; Problem 404 out of reach, 422 for a day that cannot be read."""
    found = person_here(viewer, session, place)
    person = found.person
    until = found.known_until(today)
    on = min(read_day(place.on) or today, until) if until < today else read_day(place.on) or today
    known_at = coverage.parse_known_at(place.known_at) if place.known_at else None
    standing = coverage.person_standing(viewer.scope, session, person.id, today, now, on=on, known_at=known_at)
    held = awards.of_person(viewer.scope, session, person.id, on)
    certificates = tuple(award for award in held if award.completed_on <= until)
    names = names_of(session)
    current = on >= today and known_at is None
    told = Told(session, person.id, standing.assignments, names, certificates, on, current=current)
    drawn = lines_of(session, standing, names, today)
    return PersonPage(
        enterprise=found.enterprise,
        person=person,
        on=on,
        today=today,
        standings=told.standings(today),
        awards=certificates,
        posts=found.posts,
        names=names,
        account=identity.worker_states(session, (person.id,), now).get(person.id, "none"),
        known_at=standing.known_at,
        known_text=field_text(place.known_at, standing.known_at),
        lines=drawn,
        events=() if drawn else _events(session, found, standing, names, certificates, min(today, add_days(until, 1))),
        acts=_acts(viewer, found, today),
        revealed=revealed,
        error=error,
        done=done,
    )


def names_of(session: Session) -> Names:
    """Read what posts and courses are called."""
    return Names(
        plans.post_names(session),
        catalogue.titles(session),
    )


def lines_of(session: Session, standing: PersonStanding, names: Names, today: date) -> tuple[LineView, ...]:
    """Give the lines of somebody's posts in the plans that ask anything of them."""
    told = lines(session, standing)
    return line_views(told, names, regions.tree(session).name, standing.on, today) if told else ()


def _events(
    session: Session,
    found: Found,
    standing: PersonStanding,
    names: Names,
    certificates: Sequence[Certificate],
    until: date,
) -> tuple[Event, ...]:
    """Tell what happened to somebody of whom no plan asks anything."""
    history = History(
        posts=found.posts,
        begun=activity.first_days(session, found.person.id),
        attempts=results.closed(session, found.person.id),
        awards=certificates,
        retakes=catalogue.retakes(session),
        waivers=tuple(_waivers(standing.assignments)),
    )
    return events(history, names, until)


def _acts(viewer: Viewer, found: Found, today: date) -> Acts:
    here = [post for post in found.posts if post.enterprise_id == found.enterprise.id]
    stays = any(post.ends_on is None or post.ends_on > today for post in here)
    return Acts(
        reveal=viewer.may(roles.PEOPLE_REVEAL),
        issue=viewer.may(roles.CODES_ISSUE) and (stays or viewer.scope.reaches_region(found.enterprise.region)),
        correct=viewer.may(roles.PEOPLE_CORRECT),
        waive=viewer.may(roles.WAIVERS_WRITE),
        revoke=viewer.may(roles.AWARDS_REVOKE),
    )


def _waivers(assignments: Sequence[AssignmentRow]) -> Iterator[tuple[date, str, str]]:
    for assignment in assignments:
        for standing in assignment.plans:
            for waiver in standing.waivers:
                yield waiver.from_on, standing.plan.short_name, waiver.reason

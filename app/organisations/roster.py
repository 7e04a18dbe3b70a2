"""Reads of rosters: who holds which post where, on a day; and all posts of one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.identity.models import Account
from app.kit.batches import batched
from app.kit.errors import not_found
from app.kit.paging import Page, numbers, page
from app.kit.scope import Scope
from app.organisations import queries
from app.organisations.models import Enterprise, Person, PostAssignment, PostAssignmentVersion


@dataclass(frozen=True)
class RosterAsk:
    """Which rows of an enterprise's roster: by post, by name, in post on a day (None: all there ever were).

    account: active (they have set a password), none (they have not), '' for both. entered_from: first entered then or
    later; None: whenever. known_at: as the posts were known then; None: now.
    """

    enterprise_id: int
    post: str = ""
    name: str = ""
    on: date | None = None
    account: str = ""
    entered_from: datetime | None = None
    known_at: datetime | None = None
    after: str | None = None
    size: int = 50


@dataclass(frozen=True)
class RosterRow:
    """A post assignment with its holder."""

    assignment_id: int
    person_id: int
    name: str
    masked_id: str
    has_phone: bool
    post: str
    trade: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class PostHeld:
    """A post assignment with its employer."""

    assignment_id: int
    enterprise_id: int
    uscc: str
    enterprise: str
    post: str
    trade: str
    starts_on: date
    ends_on: date | None


def roster(scope: Scope, session: Session, ask: RosterAsk) -> Page[RosterRow]:
    """Read a page of an enterprise's roster, in the order of people's entry; 404 out of reach."""
    queries.enterprise(scope, session, ask.enterprise_id)
    held: type[PostAssignment | PostAssignmentVersion] = (
        PostAssignment if ask.known_at is None else PostAssignmentVersion
    )
    entered = PostAssignment
    query = (
        select(
            entered.id,
            held.person_id,
            Person.name,
            Person.resident_id_masked,
            Person.phone_hash.is_not(None),
            held.post,
            entered.trade,
            held.starts_on,
            held.ends_on,
        )
        .join(Person, Person.id == held.person_id)
        .where(held.enterprise_id == ask.enterprise_id, held.void.is_(False), queries.person_in_reach(scope))
        .order_by(entered.id)
        .limit(ask.size + 1)
    )
    if ask.known_at is not None:
        query = query.join(entered, entered.id == PostAssignmentVersion.assignment_id).where(*_known(ask.known_at))
    if ask.post:
        query = query.where(held.post == ask.post)
    if ask.name.strip():
        query = query.where(Person.name.icontains(ask.name.strip(), autoescape=True))
    if ask.on is not None:
        query = query.where(held.starts_on <= ask.on, or_(held.ends_on.is_(None), held.ends_on > ask.on))
    if ask.account:
        open_one = Account.person_id == held.person_id, Account.closed_at.is_(None)
        active = exists().where(*open_one, Account.password_hash.is_not(None))
        query = query.where(active if ask.account == "active" else ~active)
    if ask.entered_from is not None:
        query = query.where(entered.recorded_at >= ask.entered_from)
    if ask.after:
        query = query.where(entered.id > numbers(ask.after, 1)[0])
    rows = [RosterRow(*row) for row in session.execute(query)]
    return page(rows, ask.size, lambda row: str(row.assignment_id))


def _known(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions that a version of a post is what was known at an instant."""
    row = PostAssignmentVersion
    return row.recorded_at <= at, or_(row.superseded_at.is_(None), row.superseded_at > at)


def posts_of(scope: Scope, session: Session, person_id: int) -> tuple[PostHeld, ...]:
    """List what posts a person in reach holds or held, the latest first; 404 out of reach.

    Those at enterprises out of reach are left out, unless the person looks at themself.
    """
    found = queries.person(scope, session, person_id)
    query = _POSTS.where(PostAssignment.person_id == found.id).order_by(
        PostAssignment.starts_on.desc(), PostAssignment.id
    )
    if scope.person != found.id:
        query = query.where(queries.reach(scope))
    return tuple(PostHeld(*row) for row in session.execute(query))


def post_held(scope: Scope, session: Session, assignment_id: int) -> PostHeld:
    """Read one assignment at an enterprise in reach; 404 otherwise."""
    row = session.execute(_POSTS.where(PostAssignment.id == assignment_id, queries.reach(scope))).first()
    if row is None:
        raise not_found()
    return PostHeld(*row)


def posts_held(session: Session, assignment_ids: Iterable[int]) -> dict[int, PostHeld]:
    """Read assignments by id; the ids come from scoped reads."""
    found: dict[int, PostHeld] = {}
    for batch in batched(assignment_ids):
        found.update((row[0], PostHeld(*row)) for row in session.execute(_POSTS.where(PostAssignment.id.in_(batch))))
    return found


def employers(session: Session, person_ids: Iterable[int], on: date) -> dict[int, frozenset[int]]:
    """Give the enterprises, whatever the scope, where people hold a post on a day or are to begin one later."""
    found: dict[int, set[int]] = {person_id: set() for person_id in person_ids}
    for batch in batched(sorted(found)):
        rows = session.execute(
            select(PostAssignment.person_id, PostAssignment.enterprise_id).where(
                PostAssignment.person_id.in_(batch),
                PostAssignment.void.is_(False),
                or_(PostAssignment.ends_on.is_(None), PostAssignment.ends_on > on),
            )
        )
        for person_id, enterprise_id in rows:
            found[person_id].add(enterprise_id)
    return {person_id: frozenset(places) for person_id, places in found.items()}


_POSTS = (
    select(
        PostAssignment.id,
        Enterprise.id,
        Enterprise.uscc,
        Enterprise.name,
        PostAssignment.post,
        PostAssignment.trade,
        PostAssignment.starts_on,
        PostAssignment.ends_on,
    )
    .join(Enterprise, Enterprise.id == PostAssignment.enterprise_id)
    .where(PostAssignment.void.is_(False))
)

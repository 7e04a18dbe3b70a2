"""The roster of an enterprise: who holds which post, what they hold of what the plan asks, whose account is in use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.access import roles
from app.access.scope import Viewer
from app.coverage import queries as coverage
from app.coverage.queries import AssignmentStanding
from app.identity import queries as identity
from app.kit.dates import add_days, start_of
from app.kit.paging import Page
from app.ops.db import Session
from app.organisations import roster
from app.organisations.roster import RosterAsk, RosterRow
from app.plans import queries as plans
from app.plans.queries import KeyPostRow
from app.web.enterprise.asked import Ask, Subject, SubjectPage
from app.web.enterprise.understanding import understood
from app.web.paged import Shown, place_of

SIZE = 100
ENTERED: Final = {"1": 1, "7": 7, "30": 30}
"""How many days back the rows may be asked for that were entered lately; today is the first of them."""


@dataclass(frozen=True)
class RosterLine:
    """Somebody in a post. `required` counts courses (0: the plan asks nothing on the day), `reason` '' when covered."""

    person_id: int
    name: str
    masked_id: str
    post: str
    trade: str
    starts_on: date
    ends_on: date | None
    required: int
    held: int
    waived: bool
    reason: str
    account: str


@dataclass(frozen=True)
class RosterPage(SubjectPage):
    """A page of the roster; `name` is what was searched for."""

    people: int
    assignments: int
    posts: tuple[KeyPostRow, ...]
    rows: tuple[RosterLine, ...]
    shown: Shown
    name: str
    confirmed: bool
    may_issue: bool

    @property
    def filtered(self) -> bool:
        """Say whether only a part of the roster was asked for."""
        return bool(self.ask.post or self.ask.account or self.ask.entered or self.ask.after or self.name)


def roster_page(
    viewer: Viewer, session: Session, ask: Ask, now: datetime, today: date, *, name: str = "", confirmed: bool = False
) -> RosterPage:
    """Fill the page; the day is today unless another was asked for. Problem 404 out of reach."""
    subject = understood(viewer, session, ask, today, now, default_on=today)
    posts = plans.posts(session)
    found = page_of(viewer, session, subject, name, SIZE)
    return RosterPage(
        viewer=viewer,
        subject=subject,
        people=subject.one.people,
        assignments=subject.one.assignments,
        posts=posts,
        rows=lines(viewer, session, subject, found.rows, posts, now),
        shown=place_of(ask.after).shown(len(found.rows), found.after, _total(subject, name)),
        name=name,
        confirmed=confirmed,
        may_issue=viewer.may(roles.CODES_ISSUE),
    )


def _total(subject: Subject, name: str) -> int | None:
    """Give how many rows there are in all, where that is known: of everybody in post."""
    ask = subject.ask
    narrowed = name or ask.post or ask.state or ask.account or ask.entered
    return None if narrowed else subject.one.assignments


def page_of(
    viewer: Viewer, session: Session, subject: Subject, name: str, size: int, after: str | None = None
) -> Page[RosterRow]:
    """Read a page of the rows that the question asks for."""
    ask = subject.ask
    wanted = RosterAsk(
        enterprise_id=ask.enterprise_id,
        post=ask.post,
        name=name,
        on=None if ask.state == "all" else subject.on,
        account=ask.account if ask.account in {"active", "none"} else "",
        entered_from=start_of(add_days(subject.today, 1 - ENTERED[ask.entered])) if ask.entered in ENTERED else None,
        known_at=subject.one.question.known_at,
        after=after or place_of(ask.after).key or None,
        size=size,
    )
    return roster.roster(viewer.scope, session, wanted)


def lines(
    viewer: Viewer,
    session: Session,
    subject: Subject,
    rows: Sequence[RosterRow],
    posts: Sequence[KeyPostRow],
    now: datetime,
) -> tuple[RosterLine, ...]:
    """Give rows with their standing in the plan on the day, and the state of each account."""
    ids = [row.assignment_id for row in rows]
    question = subject.coverage_ask()
    standings = coverage.of_assignments(viewer.scope, session, question, ids, subject.today, now)
    accounts = identity.worker_states(session, tuple({row.person_id for row in rows}), now)
    names = {post.code: post.name for post in posts}
    return tuple(_line(subject, row, standings.get(row.assignment_id), accounts, names) for row in rows)


def _line(
    subject: Subject,
    row: RosterRow,
    standing: AssignmentStanding | None,
    accounts: Mapping[int, str],
    names: Mapping[str, str],
) -> RosterLine:
    asked = len(subject.plan.courses(row.post, subject.one.industry, subject.on)) if standing else 0
    missing = standing.missing if standing else ()
    waived = standing is not None and standing.waived
    return RosterLine(
        person_id=row.person_id,
        name=row.name,
        masked_id=row.masked_id,
        post=names.get(row.post, row.post),
        trade=row.trade,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        required=0 if waived else asked,
        held=asked - len(missing),
        waived=waived,
        reason=missing[0].reason if missing and not waived else "",
        account=accounts.get(row.person_id, "none"),
    )

"""The overview of an enterprise: freshness, the headline figure, each post, who is missing and why, particulars."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.access import queries as access
from app.access import roles
from app.access.queries import StaffRow
from app.access.scope import Viewer
from app.catalogue import queries as catalogue
from app.coverage.queries.judging import PostStanding
from app.coverage.queries.single import missing_here
from app.coverage.rules import REASONS
from app.kit.paging import numbers
from app.ops.db import Session
from app.organisations import dated, roster
from app.organisations import queries as organisations
from app.plans import queries as plans
from app.web.enterprise.asked import Ask, Subject, SubjectPage
from app.web.enterprise.evidence import Evidence, sources
from app.web.enterprise.particulars import Particular, Words, particulars
from app.web.enterprise.understanding import understood
from app.web.paged import Shown, place_of

SIZE = 50
Counts = tuple[tuple[str, int], ...]
"""Reasons with how many are missing for each."""


@dataclass(frozen=True)
class PostLine:
    """A post's figures, and why those who are missing are."""

    code: str
    name: str
    required: int
    covered: int
    ratio: float | None
    reasons: Counts


@dataclass(frozen=True)
class MissingLine:
    """Somebody in a post who is missing: the first course, how many more, and what the reason rests on."""

    person_id: int
    name: str
    masked_id: str
    post: str
    trade: str
    course: str
    more: int
    evidence: Evidence
    learned_on: date | None
    offline: bool
    """Whether only training in person meets that course."""


@dataclass(frozen=True)
class OverviewPage(SubjectPage):
    """The overview; `reasons` count within the chosen post, `missing` is the page of the list."""

    required: int
    covered: int
    waived: int
    ratio: float | None
    posts: tuple[PostLine, ...]
    missing_total: int
    reasons_total: int
    reasons: Counts
    missing: tuple[MissingLine, ...]
    shown: Shown
    particulars: tuple[Particular, ...]
    officers: tuple[StaffRow, ...]
    closed_on: str
    may_close: bool
    error: str = ""

    @property
    def days_left(self) -> int:
        """Give the days from the day asked about to the plan's deadline; negative once past."""
        return (self.plan.deadline - self.on).days


def overview(viewer: Viewer, session: Session, ask: Ask, now: datetime, today: date, error: str = "") -> OverviewPage:
    """Fill the page; Problem 404 out of reach, 422 for what cannot be read."""
    subject = understood(viewer, session, ask, today, now)
    rows = missing_here(viewer.scope, session, subject.one)
    chosen = [row for row in rows if ask.post in ("", row.post)]
    facts = organisations.facts(session, (ask.enterprise_id,))[ask.enterprise_id]
    figures = subject.one.figures
    closed_on = organisations.value_on(facts, dated.CLOSED_ON, today) or ""
    manages = viewer.may(roles.ENTERPRISES_WRITE)
    words = Words(subject.tree, plans.posts(session), subject.plans)
    lines, shown = _page(session, subject, [row for row in chosen if ask.reason in ("", row.reason)])
    return OverviewPage(
        viewer=viewer,
        subject=subject,
        required=figures.required,
        covered=figures.covered,
        waived=figures.waived,
        ratio=figures.ratio,
        posts=_posts(subject, rows),
        missing_total=len(rows),
        reasons_total=len(chosen),
        reasons=_counts(chosen),
        missing=lines,
        shown=shown,
        particulars=particulars(facts, words, today),
        officers=tuple(access.officers(session, ask.enterprise_id, now)) if manages else (),
        closed_on=closed_on,
        may_close=manages,
        error=error,
    )


def _posts(subject: Subject, rows: Sequence[PostStanding]) -> tuple[PostLine, ...]:
    lines = []
    for row in subject.one.posts:
        figures = row.figures
        reasons = _counts([one for one in rows if one.post == row.key])
        lines.append(PostLine(row.key, row.name, figures.required, figures.covered, figures.ratio, reasons))
    return tuple(lines)


def _counts(rows: Sequence[PostStanding]) -> Counts:
    """Count by reason, the most frequent first."""
    counts = Counter(row.missing[0].reason for row in rows)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], REASONS.index(item[0]))))


def _page(session: Session, subject: Subject, rows: Sequence[PostStanding]) -> tuple[tuple[MissingLine, ...], Shown]:
    place = place_of(subject.ask.after)
    positions = {post.key: position for position, post in enumerate(subject.one.posts)}
    keyed = [((positions.get(row.post, len(positions)), row.assignment_id), row) for row in rows]
    rest = [(key, row) for key, row in keyed if key > _after(place.key)]
    listed = rest[:SIZE]
    after = "{}.{}".format(*listed[-1][0]) if len(rest) > SIZE else None
    return missing_lines(session, subject, [row for _, row in listed]), place.shown(len(listed), after, len(rows))


def _after(key: str) -> tuple[int, int]:
    position, assignment_id = numbers(key, 2) if key else (-1, 0)
    return position, assignment_id


def missing_lines(session: Session, subject: Subject, rows: Sequence[PostStanding]) -> tuple[MissingLine, ...]:
    """Give rows with the names and the evidence that a reader needs."""
    current = subject.on >= subject.today and subject.one.question.known_at is None
    read = sources(session, [(row.person_id, row.missing[0]) for row in rows], subject.on, current=current)
    held = roster.posts_held(session, [row.assignment_id for row in rows])
    titles = catalogue.titles(session)
    lines = []
    for row in rows:
        first = row.missing[0]
        post = held.get(row.assignment_id)
        line = MissingLine(
            person_id=row.person_id,
            name=row.name,
            masked_id=row.resident_id_masked,
            post=subject.posts.get(row.post, row.post),
            trade=post.trade if post else "",
            course=titles.get(first.course, first.course),
            more=len(row.missing) - 1,
            evidence=read.of(row.person_id, first, post.starts_on if post else row.since),
            learned_on=read.learned.get(row.person_id),
            offline=first.offline,
        )
        lines.append(line)
    return tuple(lines)

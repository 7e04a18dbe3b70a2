"""Who is behind a difference at one enterprise: the posts that count otherwise as known at one instant and another."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, Tally
from app.coverage.models import Posting
from app.coverage.queries.asking import resolve
from app.coverage.queries.judging import PostStanding
from app.coverage.queries.posts import PostFilter, every_post
from app.coverage.queries.since import Since, ask_of
from app.kit.errors import not_found
from app.kit.scope import Scope
from app.ops.db import MICROSECOND


@dataclass(frozen=True)
class Sides:
    """The two instants that are compared (None: now), and the regions whose posts count at each."""

    before: datetime
    after: datetime | None
    regions_before: frozenset[str]
    regions_after: frozenset[str]


@dataclass(frozen=True)
class ChangedPost:
    """A post that counts otherwise; None where it does not count at all."""

    before: PostStanding | None
    after: PostStanding | None

    @property
    def post(self) -> PostStanding:
        """Give the post, as known last."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of them made it
        return found

    @property
    def change(self) -> Tally:
        """Give what it adds to the figures, or takes away."""
        return _worth(self.after).plus(_worth(self.before), -1)


def sides(session: Session, asked: Since, posting_id: int | None) -> Sides:
    """Give what a settlement is compared with: what is known now, or what one posting changed; Problem 404."""
    if posting_id is None:
        return Sides(asked.known_at, None, (asked.regions - asked.gained) | asked.lost, asked.regions)
    at = session.scalar(select(Posting.recorded_at).where(Posting.id == posting_id))
    if at is None:
        raise not_found()
    just_before = at - MICROSECOND  # no two postings are recorded closer to each other
    return Sides(just_before, at, asked.regions, asked.regions)


def changed_posts(
    scope: Scope, session: Session, asked: Since, compared: Sides, uscc: str, today: date, now: datetime
) -> tuple[ChangedPost, ...]:
    """Give the posts of an enterprise in reach that count otherwise, in the order of their entry; both sides judged.

    Problem 404 for one out of reach, 403 without personal data.
    """

    def known(at: datetime | None, regions: Collection[str]) -> dict[int, PostStanding]:
        ask = replace(ask_of(asked.settled), region=None, enterprise=uscc, known_at=at)
        rows = every_post(scope, session, resolve(scope, session, ask, today, now), PostFilter())
        return {row.assignment_id: row for row in rows if row.region in regions}

    before = known(compared.before, compared.regions_before)
    after = known(compared.after, compared.regions_after)
    every = (ChangedPost(before.get(id), after.get(id)) for id in sorted(before.keys() | after.keys()))
    return tuple(one for one in every if one.change != NOTHING)


def _worth(post: PostStanding | None) -> Tally:
    return NOTHING if post is None else Tally(1, int(post.covered), int(post.waived))

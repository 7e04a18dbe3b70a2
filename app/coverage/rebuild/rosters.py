"""Who holds which post at an enterprise as known at one instant after another, and what that changes.

Pure. Only the people and the posts of the assignments that change at an instant are looked at again.
"""

from collections.abc import Collection, Iterable
from datetime import date

from app.coverage import status
from app.coverage.rebuild.history import FOREVER, Instant, Term
from app.coverage.rules import Interval
from app.coverage.status import Hold

Steps = dict[date, int]
"""By day, how many more distinct persons hold any post."""


class Roster:
    """The roster of one enterprise."""

    def __init__(self, terms: Iterable[Term], expected: Collection[str]) -> None:
        """Begin before anything is known; `expected` are the posts of which in_post is kept."""
        self.steps: Steps = {}
        self.in_post: dict[str, tuple[Interval, ...]] = {}
        self._persons: dict[int, dict[int, Hold]] = {}
        self._posts: dict[str, dict[int, Hold]] = {post: {} for post in expected}
        self._turns: dict[Instant, list[tuple[int, Hold, bool]]] = {}
        for term in terms:
            self._plan(term)

    def instants(self) -> Iterable[Instant]:
        """Give the instants at which assignments change."""
        return self._turns.keys()

    def advance(self, at: Instant) -> tuple[Steps, bool]:
        """Learn what becomes known at an instant: by how much the steps change, and whether in_post does."""
        changed = self._turns.get(at)
        if not changed:
            return {}, False
        gone = [(id, hold) for id, hold, known in changed if not known and self._holds(id, hold)]
        new = [(id, hold) for id, hold, known in changed if known]
        persons = {hold.person for _, hold in (*gone, *new)}
        before = self._roster(persons)
        self._learn(gone, new)
        steps = self._roster(persons)
        for day, count in before.items():
            steps[day] = steps.get(day, 0) - count
        steps = {day: count for day, count in steps.items() if count}
        for day, count in steps.items():
            self.steps[day] = self.steps.get(day, 0) + count
        posts = {hold.post for _, hold in (*gone, *new)} & self._posts.keys()
        differing = [post for post in posts if not self._same(post, gone, new)]
        return steps, self._fill(differing) if differing else False

    def _plan(self, term: Term) -> None:
        a = term.assignment
        hold = Hold(a.person, a.post, a.starts_on, a.ends_on)
        self._turns.setdefault(term.since, []).append((a.id, hold, True))
        if term.until < FOREVER:
            self._turns.setdefault(term.until, []).append((a.id, hold, False))

    def _holds(self, id: int, hold: Hold) -> bool:
        return self._persons.get(hold.person, {}).get(id) is hold

    def _learn(self, gone: Iterable[tuple[int, Hold]], new: Iterable[tuple[int, Hold]]) -> None:
        for id, hold in gone:
            del self._persons[hold.person][id]
            self._posts.get(hold.post, {}).pop(id, None)
        for id, hold in new:
            self._persons.setdefault(hold.person, {})[id] = hold
            if hold.post in self._posts:
                self._posts[hold.post][id] = hold

    def _roster(self, persons: Iterable[int]) -> Steps:
        holds = [hold for person in persons if person in self._persons for hold in self._persons[person].values()]
        return dict(status.roster(holds)) if holds else {}

    def _same(self, post: str, gone: Iterable[tuple[int, Hold]], new: Iterable[tuple[int, Hold]]) -> bool:
        """Say that in_post stays, where that is seen fast: who came adds no day, and nobody went for whom none stands.

        With thousands in a post it is always so, and to join all their terms each time would take long.
        """
        known, holds = self.in_post.get(post, ()), self._posts[post].values()
        return all(
            hold.post != post or any(start <= hold.from_on and hold.until_on <= end for start, end in known)
            for _, hold in new
        ) and all(
            hold.post != post or any(one.from_on <= hold.from_on and hold.until_on <= one.until_on for one in holds)
            for _, hold in gone
        )

    def _fill(self, posts: Iterable[str]) -> bool:
        before = dict(self.in_post)
        for post in posts:
            self.in_post |= status.posts_held(self._posts[post].values()) or {post: ()}
        return self.in_post != before

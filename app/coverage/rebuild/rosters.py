"""Who holds which post at an enterprise as known at one instant after another, and what that changes.

Pure. Only the people and the posts of the assignments that change at an instant are looked at again.
"""

from collections.abc import Collection, Iterable

from app.coverage.rebuild.history import FOREVER, Day, Instant, Interval, Term
from app.coverage.rebuild.standing import joined

Steps = dict[Day, int]
"""By day, how many more distinct persons hold any post."""


class Roster:
    """The roster of one enterprise."""

    def __init__(self, terms: Iterable[Term], expected: Collection[str]) -> None:
        """Begin before anything is known; `expected` are the posts of which in_post is kept."""
        self.steps: Steps = {}
        self.in_post: dict[str, tuple[Interval, ...]] = {}
        self._persons: dict[int, dict[int, Term]] = {}
        self._posts: dict[str, dict[int, Term]] = {post: {} for post in expected}
        self._turns: dict[Instant, tuple[list[Term], list[Term]]] = {}
        for term in terms:
            if term.since < term.until:
                self._plan(term)

    def instants(self) -> Iterable[Instant]:
        """Give the instants at which assignments change."""
        return self._turns.keys()

    def advance(self, at: Instant) -> tuple[Steps, bool]:
        """Learn what becomes known at an instant: by how much the steps change, and whether in_post does."""
        changed = self._turns.get(at)
        if changed is None:
            return {}, False
        new, gone = changed
        persons = {term.person for term in new}.union([term.person for term in gone])
        steps: Steps = {}
        self._count(persons, steps, -1)
        self._learn(gone, new)
        self._count(persons, steps, 1)
        steps = {day: count for day, count in steps.items() if count}
        for day, count in steps.items():
            self.steps[day] = self.steps.get(day, 0) + count
        posts = {term.post for terms in changed for term in terms if term.post in self._posts}
        differing = [post for post in posts if not self._same(post, gone, new)]
        return steps, self._fill(differing) if differing else False

    def _plan(self, term: Term) -> None:
        self._turns.setdefault(term.since, ([], []))[0].append(term)
        if term.until < FOREVER:
            self._turns.setdefault(term.until, ([], []))[1].append(term)

    def _learn(self, gone: Iterable[Term], new: Iterable[Term]) -> None:
        for term in gone:
            for known in (self._persons.get(term.person, {}), self._posts.get(term.post, {})):
                if known.get(term.assignment) is term:
                    del known[term.assignment]
        for term in new:
            self._persons.setdefault(term.person, {})[term.assignment] = term
            if term.post in self._posts:
                self._posts[term.post][term.assignment] = term

    def _count(self, persons: Iterable[int], steps: Steps, sign: int) -> None:
        """Add (or take) the days on which people begin and cease to hold any post."""
        for person in persons:
            known = self._persons.get(person)
            if known:
                for start, end in joined([term[5:7] for term in known.values()]):
                    steps[start] = steps.get(start, 0) + sign
                    steps[end] = steps.get(end, 0) - sign

    def _same(self, post: str, gone: Iterable[Term], new: Iterable[Term]) -> bool:
        """Say that in_post stays, where that is seen fast: who came adds no day, and nobody went for whom none stands.

        With thousands in a post it is always so, and to join all their terms each time would take long.
        """
        known, terms = self.in_post.get(post, ()), self._posts[post].values()
        return all(
            term.post != post or any(start <= term.starts_on and term.ends_on <= end for start, end in known)
            for term in new
        ) and all(
            term.post != post or any(one.starts_on <= term.starts_on and term.ends_on <= one.ends_on for one in terms)
            for term in gone
        )

    def _fill(self, posts: Iterable[str]) -> bool:
        changed = False
        for post in posts:
            held = tuple(joined([term[5:7] for term in self._posts[post].values()]))
            if held != self.in_post.get(post):
                self.in_post[post] = held
                changed = True
        return changed

"""What a plan demands of a post at an enterprise, in ordinals: worked out once, clipped for each who holds the post.

Pure. The rules say it (rules.demands over the places of a stage); here it only waits for millions of assignments.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from app.coverage import rules
from app.coverage.facts import Plan
from app.coverage.rebuild.history import Day, Instant, Stage
from app.coverage.rebuild.lines import Numbered
from app.kit.offline import plain

What = tuple[int, str, str, int, int, str]
"""Plan, region, industry, key enterprise (1) or not, enterprise, post: an entry but for its day, a span but for who."""


class Demanded(NamedTuple):
    """On [from_on, until_on) these must be held; `what` is its number among those of the enterprise."""

    from_on: Day
    until_on: Day
    what: int
    courses: tuple[str, ...]


class Post(NamedTuple):
    """All that a stage demands of a post: in order of time, every course in it, the fewest asked at any time."""

    demanded: tuple[Demanded, ...]
    courses: frozenset[str]
    fewest: int


NOTHING = Post((), frozenset(), 0)


class Scene:
    """A stage made ready for assignments."""

    def __init__(self, stage: Stage, enterprise: int, whats: Numbered[What]) -> None:
        """Look nothing up yet: most posts are held by nobody."""
        self.since: Instant = stage.since
        self.until: Instant = stage.until
        self.plan = stage.plan.id
        self.counts_from: Day = stage.plan.counts_from.toordinal()
        self.deadline: Day = stage.plan.deadline.toordinal()
        self._stage, self._enterprise, self._whats = stage, enterprise, whats
        self._posts: dict[str, Post] = {}

    def post(self, post: str) -> Post:
        """Give what is demanded of a post."""
        found = self._posts.get(post)
        if found is None:
            found = self._posts[post] = self._demanded(post)
        return found

    def _demanded(self, post: str) -> Post:
        plan, found = self._stage.plan, []
        for place in self._stage.places:
            what = self._whats.number((plan.id, *place[2:4], int(place[4]), self._enterprise, post))
            begun, ended = place.from_on.toordinal(), place.until_on.toordinal()
            for from_on, until_on, courses in _demands(plan, post, place.industry):
                if max(from_on, begun) < min(until_on, ended):
                    found.append(Demanded(max(from_on, begun), min(until_on, ended), what, courses))
        return _post(tuple(found)) if found else NOTHING


@lru_cache(maxsize=4096)
def _demands(plan: Plan, post: str, industry: str) -> tuple[tuple[Day, Day, tuple[str, ...]], ...]:
    demands = rules.demands(plan, post, industry)
    return tuple((one.from_on.toordinal(), one.until_on.toordinal(), one.courses) for one in demands)


def _post(demanded: Sequence[Demanded]) -> Post:
    courses = frozenset(plain(key) for one in demanded for key in one.courses)
    return Post(tuple(demanded), courses, min(len(one.courses) for one in demanded))

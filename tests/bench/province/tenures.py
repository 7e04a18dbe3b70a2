"""Who held which post when at a made enterprise, and when its rosters said so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.bench.province.firms import BEGIN, END, Firm

PRINCIPAL, RESPONSIBLE, SAFETY_HEAD, LEADER = "principal_officer", "responsible_officer", "safety_head", "team_leader"
OLDEST = date(2009, 1, 1).toordinal()
LEFT = 0.3
"""The share of all assignments that have ended by now."""
BEFORE = 0.66
"""The share of posts whose first holder was there when the records begin."""
FOLLOWED = 0.95
"""The share of posts that are filled again, at the latest, when the last known holder leaves."""
CORRECTED = 0.007
WRONG_BY = (-365, -31, -30, 30, 31, 90)


@dataclass(slots=True)
class Tenure:
    """A post held by somebody on [start, end), days as ordinals; `known` and `end_known` are when rosters said so.

    Corrected: from `known` until `corrected` the first day was said to be `said`.
    """

    post: str
    start: int
    end: int | None
    known: int
    end_known: int | None
    said: int
    corrected: int | None
    shares: "Tenure | None" = None
    """The other post of the same person."""


def tenures(rng: Random, firm: Firm) -> list[Tenure]:
    """Make all assignments of an enterprise, in the order in which they began; there are `firm.size` of them."""
    if not firm.size:
        return []
    left = round(firm.size * LEFT) if firm.size > 3 else int(rng.random() < LEFT)
    chairs = [1] * (firm.size - left)
    for _ in range(left):
        chairs[rng.randrange(len(chairs))] += 1
    posts = _posts(len(chairs))
    found: list[Tenure] = []
    for post, holders in zip(posts, chairs, strict=True):
        found += _holders(rng, firm, post, holders)
    _share(rng, firm, found)
    found.sort(key=lambda one: one.start)
    return found


def _posts(count: int) -> list[str]:
    """Name the posts, those that every enterprise is to have first; a giant's shops have officers of their own."""
    shops = max(1, count // 60)
    first = [RESPONSIBLE] * shops + [LEADER] + [SAFETY_HEAD] * shops + [PRINCIPAL]
    return (first + [LEADER] * count)[:count]


def _holders(rng: Random, firm: Firm, post: str, holders: int) -> Iterator[Tenure]:
    """Let one person after another hold a post; what a roster never said by now is not known."""
    first = BEGIN - int((BEGIN - OLDEST) * rng.random() ** 1.6) if rng.random() < BEFORE or post != LEADER else None
    earliest = firm.reports_from - 200 if firm.entered > BEGIN + 30 else BEGIN
    if first is None or firm.entered > BEGIN + 30:
        first = earliest + int((END - 40 - earliest) * rng.random())
    moments = sorted(int((END - first) * rng.random()) + first + 15 for _ in range(holders - 1))
    ended = rng.random() > FOLLOWED
    start = first
    for place in range(holders):
        last = place == holders - 1
        if last:
            end = start + 20 + int((END - start) * rng.random()) if ended else None
        else:
            end = max(start + 10, moments[place])
        yield _reported(rng, firm, post, start, end)
        start = (end or start) + int(46 * rng.random() ** 2)


def _reported(rng: Random, firm: Firm, post: str, start: int, end: int | None) -> Tenure:
    """Say when the roster told of a tenure, and of its end; an end not told by now is an open one."""
    known = min(END, _told(rng, firm, start))
    start = min(start, known)
    end_known = None if end is None else max(_told(rng, firm, end), known)
    if end is None or end_known is None or end_known > END or end <= start:
        end = end_known = None
    said, corrected = start, None
    if end is None and known < END - 200 and rng.random() < CORRECTED:
        said, corrected = start + rng.choice(WRONG_BY), known + 20 + rng.randrange(160)
        known = max(known, said)
        corrected = max(corrected, known + 1)
    return Tenure(post, start, end, known, end_known, said, corrected)


def _told(rng: Random, firm: Firm, day: int) -> int:
    """Give the day on which a roster tells of another: many at once, most others with the month's, some late."""
    if day <= firm.reports_from:
        return firm.reports_from
    chance = rng.random()
    if chance < 0.42:
        return day
    if chance < 0.93:
        return day + 30 - (day + firm.id) % 30
    return day + 45 + rng.randrange(200)


def _share(rng: Random, firm: Firm, found: list[Tenure]) -> None:
    """Let the principal officer of some small enterprises be the responsible officer too."""
    if firm.size < 25 and rng.random() < 0.3:
        officers = [next((one for one in found if one.post == post), None) for post in (RESPONSIBLE, PRINCIPAL)]
        if officers[0] and officers[1]:
            officers[1].shares = officers[0]

"""Who held which post when: each enterprise's posts filled, left, and filled again, some by people from next door."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from random import Random

from app.workflows.sample.calendar import entered
from app.workflows.sample.firms import NATIONAL_KNOWN, SMALL
from app.workflows.sample.names import SHOPS, TRADES
from app.workflows.sample.people import People
from app.workflows.sample.shapes import Firm, Tenure

PRINCIPAL, RESPONSIBLE, SAFETY_HEAD, TEAM_LEADER, OPERATOR = (
    "principal_officer",
    "responsible_officer",
    "safety_head",
    "team_leader",
    "high_risk_operator",
)
OFFICERS = (PRINCIPAL, RESPONSIBLE, SAFETY_HEAD)
LEAVING_BEGINS = date(2021, 5, 1)
MEAN_STAY = {True: 34 * 365, False: 21 * 365}
"""Days that a post is held on average from LEAVING_BEGINS on: officers, others."""
MOVERS = 0.45
IDLE_DAYS = 400


@dataclass(eq=False)
class Chair:
    """A post at an enterprise, which one person after another holds; `shares`: the chair whose holder has it too."""

    firm: Firm
    post: str
    trade: str
    shares: "Chair | None" = None
    holder: int = -1
    since: date = date.min
    dependents: list["Chair"] = field(default_factory=list)


Idle = dict[str, list[tuple[date, int]]]
"""By city: who left a post, and when."""


def fill(rng: Random, firms: Sequence[Firm], people: People, today: date) -> tuple[Tenure, ...]:
    """Tell who held which post from when to when, as far as it was reported up to today."""
    told: list[Tenure] = []
    idle: Idle = {}
    leaving: list[tuple[date, int, Chair]] = []
    chairs = [chair for firm in firms if firm.reports for chair in _chairs(rng, firm)]
    for order, chair in enumerate(chairs):
        if chair.shares is None:
            _sit(chair, people.new(chair.firm.place.code), _first_day(rng, chair))
            heappush(leaving, (_leaves(rng, chair), order, chair))
    while leaving and leaving[0][0] <= today:
        day, order, chair = heappop(leaving)
        told += _vacate(rng, chair, day)
        idle.setdefault(chair.firm.place.code[:4], []).append((day, chair.holder))
        start = day + timedelta(rng.randint(0, 45))
        if start <= today and not (chair.firm.closed_on and start >= chair.firm.closed_on):
            _sit(chair, _successor(rng, chair, idle, start, people), start)
            heappush(leaving, (_leaves(rng, chair), order, chair))
        else:
            chair.holder = -1
    told += [tenure for chair in chairs if chair.shares is None for tenure in _vacate(rng, chair, None)]
    return tuple(sorted(told, key=lambda tenure: (tenure.known_on, tenure.firm, tenure.human, tenure.post)))


def _chairs(rng: Random, firm: Firm) -> Iterator[Chair]:
    """List an enterprise's posts: officers first, then team leaders, then operators in accident-prone posts."""
    if not firm.posts:
        return
    small, model = firm.posts < SMALL, firm.place.slack == 0
    responsible = Chair(firm, RESPONSIBLE, "")
    yield responsible
    yield from _shared(rng, Chair(firm, PRINCIPAL, ""), responsible, 0.3 if small else 0.05)
    others = firm.posts - 1
    if SAFETY_HEAD not in firm.not_applicable and (model or rng.random() > 0.035):  # noqa: PLR2004 - few forget it
        yield from _shared(rng, Chair(firm, SAFETY_HEAD, ""), responsible, 0.2 if small else 0.0)
        others -= 1
    leaders = max(1, round(others * (0.2 if firm.place.code.startswith("45") else 0.93)))
    yield from (Chair(firm, TEAM_LEADER, rng.choice(SHOPS[firm.sector])) for _ in range(leaders))
    yield from (Chair(firm, OPERATOR, rng.choice(TRADES[firm.sector])) for _ in range(others - leaders))


def _shared(rng: Random, chair: Chair, other: Chair, chance: float) -> Iterator[Chair]:
    if rng.random() < chance:
        chair.shares = other
        other.dependents.append(chair)
    yield chair


def _first_day(rng: Random, chair: Chair) -> date:
    """Most posts were held before the plans began; the others are new ones."""
    if rng.random() < 0.72 or chair.post in OFFICERS:  # noqa: PLR2004
        return date(2009, 1, 1) + timedelta(int(4380 * rng.random() ** 0.6))
    return date(2021, 1, 10) + timedelta(rng.randrange(1790))


def _leaves(rng: Random, chair: Chair) -> date:
    stay = rng.expovariate(1 / MEAN_STAY[chair.post in OFFICERS])
    return max(chair.since + timedelta(20), LEAVING_BEGINS) + timedelta(int(min(stay, 40_000)))


def _sit(chair: Chair, human: int, day: date) -> None:
    chair.holder, chair.since = human, day
    for other in chair.dependents:
        other.holder, other.since = human, day


def _successor(rng: Random, chair: Chair, idle: Idle, start: date, people: People) -> int:
    """Take somebody who left a post nearby, or somebody new."""
    nearby = idle.get(chair.firm.place.code[:4], [])
    ready = [one for one in nearby if start - timedelta(IDLE_DAYS) < one[0] <= start and one[1] != chair.holder]
    if ready and chair.post not in OFFICERS and rng.random() < MOVERS:
        found = ready[rng.randrange(len(ready))]
        nearby.remove(found)
        return found[1]
    return people.new(chair.firm.place.code)


def _vacate(rng: Random, chair: Chair, day: date | None) -> Iterator[Tenure]:
    """Tell the tenures that end on a day (None: go on), as far as the enterprise reported them."""
    for held in (chair, *chair.dependents):
        told = _tenure(rng, held, day) if held.holder >= 0 else None
        if told is not None:
            yield told


def _tenure(rng: Random, chair: Chair, ends_on: date | None) -> Tenure | None:
    reports = chair.firm.reports
    known_on = entered(reports, max(chair.since, NATIONAL_KNOWN) if chair.post == PRINCIPAL else chair.since)
    if known_on is None or (ends_on and ends_on <= known_on):
        return None
    end_known_on = entered(reports, ends_on) if ends_on else None
    reported_start, corrected_on = chair.since, None
    if ends_on is None and rng.random() < 0.004:  # noqa: PLR2004 - a few dates were mistyped and put right later
        reported_start = min(known_on, chair.since + timedelta(rng.choice((-365, -31, -30, 30, 31, 90))))
        corrected_on = entered(reports, known_on + timedelta(1))
    return Tenure(
        human=chair.holder,
        firm=chair.firm.number,
        post=chair.post,
        trade=chair.trade,
        starts_on=chair.since if corrected_on or reported_start == chair.since else reported_start,
        ends_on=ends_on if end_known_on else None,
        known_on=known_on,
        end_known_on=end_known_on,
        reported_start=reported_start,
        corrected_on=corrected_on if reported_start != chair.since else None,
    )

"""Which courses a holder of a post at a made enterprise completed, when, and when that was recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.bench.province.firms import BEGIN, END, Firm
from tests.bench.province.tenures import LEADER, PRINCIPAL, RESPONSIBLE, SAFETY_HEAD, Tenure

COMMON = ("injury-insurance-law", "safety-rights-and-lessons")
COURSES = {
    PRINCIPAL: COMMON,
    RESPONSIBLE: (*COMMON, "responsible-officer"),
    SAFETY_HEAD: (*COMMON, "safety-head"),
    LEADER: (*COMMON, "team-leader"),
}
DEADLINE = date(2025, 12, 31).toordinal()
PERIODS = ((date(2021, 1, 5).toordinal(), DEADLINE, 1.0), (DEADLINE + 1, END, 0.28))
"""First and last day on which a plan's training is done, and the share of a zealous enterprise's people in it."""
ONLINE = 0.25
HALF = 0.15
"""The share of those trained who have not completed every course, where zeal is nil."""
EXPIRES = 0.05
VALID_DAYS = 731


@dataclass(frozen=True, slots=True)
class School:
    """A class held for an enterprise on a day, and when its list was handed in."""

    on: int
    recorded: int


@dataclass(frozen=True, slots=True)
class Earned:
    """A course completed; `class_` is the list that it is on, None: learnt online and recorded the same day."""

    course: str
    on: int
    recorded: int
    valid_until: int | None
    class_: School | None


def schools(rng: Random, firm: Firm) -> list[School]:
    """Decide when classes are held for an enterprise: about one a year, more in the last of the plan."""
    days = [BEGIN + 30 + rng.randrange(DEADLINE - BEGIN - 40) for _ in range(2 + firm.size // 60)]
    days += [DEADLINE - rng.randrange(100), DEADLINE + 60 + rng.randrange(240)]
    return sorted((_school(rng, max(day, firm.reports_from)) for day in days), key=lambda one: one.on)


def _school(rng: Random, on: int) -> School:
    chance = rng.random()
    if chance < 0.45:
        return School(on, on)
    return School(on, on + (1 + rng.randrange(30) if chance < 0.93 else 80 + rng.randrange(260)))


def earned(rng: Random, firm: Firm, held: Tenure, classes: list[School]) -> Iterator[Earned]:
    """Give what the holder of a post completed; what is not recorded by now is left out."""
    for first, last, share in PERIODS:
        ready, until = max(held.start + 7, first), min(held.end or END, last, END)
        if ready < until and held.known < last and rng.random() < firm.zeal * share:
            for one in _period(rng, firm, held, classes, max(ready, held.known), until):
                if one.recorded <= END:
                    yield one


def _period(rng: Random, firm: Firm, held: Tenure, classes: list[School], ready: int, until: int) -> Iterator[Earned]:
    courses = COURSES[held.post]
    if rng.random() < HALF * (1 - firm.zeal):
        courses = courses[: 1 + rng.randrange(len(courses) - 1)]
    open_to = [one for one in classes if ready <= one.on < until]
    class_ = rng.choice(open_to) if open_to and rng.random() > ONLINE else None
    day = class_.on if class_ else ready + rng.randrange(max(1, min(until - ready, 700)))
    for place, course in enumerate(courses):
        on = day if class_ else day + place
        recorded = max(class_.recorded, held.known + 1) if class_ else max(on, held.known + 1)
        valid_until = on + VALID_DAYS if rng.random() < EXPIRES else None
        yield Earned(course, on, recorded, valid_until, class_)

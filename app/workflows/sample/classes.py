"""When enterprises hold their classes, and what a class or an online course leaves behind."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from app.workflows.sample.calendar import entered
from app.workflows.sample.curriculum import DEADLINE
from app.workflows.sample.names import PROVIDERS
from app.workflows.sample.shapes import Firm, Tenure, Training

ONLINE_BEGINS = date(2024, 7, 1)
ONLINE_SHARE = {2024: 0.04, 2025: 0.06}
ONLINE_LATER = 0.12
LATE_SCHOOL_FROM = date(2025, 10, 10)
"""One school hands in the records of its last classes of 2025 only in the next spring."""
MONTHS = (3, 4, 5, 6, 6, 7, 9, 9, 10, 10, 11, 11, 12)
SHARES = {2021: 13, 2022: 24, 2023: 27, 2024: 28, 2025: 19}
READY_DAYS = 10


@dataclass(frozen=True)
class Occasion:
    """Somebody is trained on a day: in a class (`school`, `reference`) or online."""

    human: int
    on: date
    region: str
    online: bool
    school: int


def class_days(rng: Random) -> tuple[date, ...]:
    """Decide when an enterprise holds its classes in the five years of the source plans."""
    found = []
    for year in SHARES:
        if year == DEADLINE.year or rng.random() < 0.75:  # noqa: PLR2004 - some skip a year, nobody the last
            month = rng.choice(MONTHS) if year < DEADLINE.year else rng.choice((5, 9, 10, 11, 11, 12))
            found.append(date(year, month, rng.randint(3, 27)))
    return tuple(found)


def choose_day(rng: Random, classes: Sequence[date], tenure: Tenure) -> date:
    """Choose the class that somebody attends, or a day of their own between the last one and the deadline."""
    ready = tenure.starts_on + timedelta(READY_DAYS)
    open_to = classes[bisect_left(classes, ready) :]
    if open_to:
        return rng.choices(open_to, [SHARES[day.year] for day in open_to])[0]
    return ready + timedelta(rng.randint(0, max(0, (DEADLINE - ready).days)))


def occasion(rng: Random, human: int, on: date, firm: Firm) -> Occasion:
    """Decide how somebody is trained on a day: in later years some learn online."""
    share = ONLINE_SHARE.get(on.year, ONLINE_LATER) if on >= ONLINE_BEGINS else 0.0
    return Occasion(human, on, firm.place.code, rng.random() < share, (firm.number * 7 + on.year) % 4)


def trainings(rng: Random, what: Occasion, courses: Sequence[str], days: Sequence[date]) -> list[Training]:
    """Tell what an occasion leaves behind, as far as it was entered by the last of `days`."""
    if what.online:
        on_days = [what.on + timedelta(place) for place in range(len(courses))]
        told = [(course, on, entered(days, on)) for course, on in zip(courses, on_days, strict=True)]
        return [Training(what.human, c, on, day, online=True) for c, on, day in told if day and on < days[-1]]
    known = entered(days, what.on + timedelta(_lag(rng, what)))
    if known is None:
        return []
    score = float(rng.randint(80, 100)) if rng.random() < 0.7 else None  # noqa: PLR2004 - some schools send scores
    school = PROVIDERS[what.region[:2]][what.school]
    reference = f"{what.on:%Y%m%d}-{what.school + 1}{what.region[2:4]}"
    held = Training(what.human, "", what.on, known, online=False, provider=school, reference=reference, score=score)
    return [replace(held, course=course) for course in courses]


def _lag(rng: Random, what: Occasion) -> int:
    """Give the days until a class's records come in: weeks, for some classes a year."""
    if what.school == 1 and LATE_SCHOOL_FROM <= what.on <= DEADLINE and what.on.day % 3 == 0:
        return (date(2026, 2, 20) - what.on).days
    if (what.on.toordinal() * 31 + what.school) % 53 == 0:
        return 180 + what.on.day * 6
    return 3 + rng.randint(0, 18)

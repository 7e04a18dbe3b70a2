"""A small town for the paths: three enterprises, forty people who come, learn, lapse and go, recorded over three years.

A boiler works in Liubei has everybody covered from the day on which its last officer was trained.
"""

from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from app.kit.scope import SYSTEM
from app.organisations import roster
from app.workflows.waive_assignment import WaiveAssignment, waive_assignment
from tests import world

PLAN = "liuzhou-2021-2025"
MILL, FORGE, BOILERS = (world.uscc(number) for number in (11, 12, 13))
POSTS = ("responsible_officer", "safety_head", "team_leader", "high_risk_operator")
FULL_ON = date(2024, 3, 6)
"""The boiler works' last officer passed the last course."""
WAIVED = 1
"""The number of the one who is ill for long."""
BATCHES = (date(2023, 6, 1), date(2024, 6, 1), date(2025, 6, 1), date(2026, 1, 5))
"""When what had happened by then was recorded."""
ENTERPRISES = (
    ("uscc", "name", "region", "industry", "insured"),
    (MILL, "柳江轧钢有限公司", "450202", "33", "60"),
    (FORGE, "城中锻造有限公司", "450202", "34", "40"),
    (BOILERS, "柳北锅炉有限公司", "450205", "34", "10"),
)
Rows = list[tuple[date, tuple[str, ...]]]


def build(session: Session) -> None:
    """Fill an empty database."""
    first = at(date(2021, 1, 4))
    world.settle(session, first)
    world.fill(session, "enterprises", ENTERPRISES, first)
    people, records = _everybody(Random(7))
    before = date.min
    for batch in BATCHES:
        _import(
            session, "roster", ("uscc", "name", "resident_id", "post", "starts_on", "ends_on"), people, before, batch
        )
        headers = ("resident_id", "course", "completed_on", "valid_until", "mode")
        _import(session, "records", headers, records, before, batch)
        before = batch
    held = roster.posts_of(SYSTEM, session, world.person(session, resident(WAIVED)))[0]
    asked = WaiveAssignment(held.assignment_id, PLAN, date(2025, 11, 1), date(2025, 12, 20), "长期病休")
    waive_assignment(SYSTEM, session, asked, world.OPERATOR, at(date(2025, 11, 1)) + timedelta(days=70))


def at(day: date) -> datetime:
    """Give ten in the morning in Shanghai."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def resident(number: int) -> str:
    """Give somebody's resident ID."""
    return world.resident_id(500 + number)


def _everybody(rng: Random) -> tuple[Rows, Rows]:
    people: Rows = []
    records: Rows = []
    for number in range(40):
        post, uscc = POSTS[number % 4], (MILL, FORGE)[number % 2]
        starts_on = date(2021, 1, 4) + timedelta(days=rng.randrange(1400))
        ends_on = starts_on + timedelta(days=rng.randrange(200, 1500)) if rng.random() < 0.4 else None
        ends_on = None if number == WAIVED else ends_on
        row = (uscc, f"职工{number}", resident(number), post, starts_on.isoformat(), _text(ends_on))
        people.append((starts_on, row))
        records += _trained(rng, resident(number), post, starts_on)
    for number, post in enumerate(POSTS[:3], start=40):
        starts_on = date(2021, 2, 1)
        people.append((starts_on, (BOILERS, f"锅炉{number}", resident(number), post, starts_on.isoformat(), "")))
        day = FULL_ON - timedelta(days=20 * (42 - number))
        records += [_record(resident(number), course, day, None) for course in courses(post)]
    return people, records


def _trained(rng: Random, who: str, post: str, starts_on: date) -> Rows:
    """Train somebody once, twice or never; what is learned lapses for some."""
    found: Rows = []
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        day = starts_on + timedelta(days=rng.randrange(10, 900))
        lapses = day + timedelta(days=rng.randrange(150, 700)) if rng.random() < 0.5 else None
        found += [_record(who, course, day, lapses) for course in courses(post)]
    return found


def courses(post: str) -> tuple[str, ...]:
    """Give what the plan demands of a post in machinery, the trade of all three."""
    plan = next(plan for plan in world.shipped().plans if plan.code == PLAN)
    return plan.courses(post, "machinery", FULL_ON)


def _record(who: str, course: str, day: date, lapses: date | None) -> tuple[date, tuple[str, ...]]:
    return day, (who, course, day.isoformat(), _text(lapses), "线下")


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def _import(session: Session, kind: str, headers: tuple[str, ...], rows: Rows, after: date, until: date) -> None:
    """Record on a day what had happened by then."""
    listed = [headers, *(row for day, row in rows if after < day <= until)]
    result = world.fill(session, kind, listed, at(until))
    assert not result.errors, result.errors[:3]

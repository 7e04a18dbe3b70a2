"""Tells what the worker of the sign-ins did: trained in a class years ago, and half way through the national plan."""

from collections.abc import Sequence
from datetime import date, timedelta

from app.workflows.sample.calendar import entered
from app.workflows.sample.cast import HENGYUE, WORKER, WORKER_PHONE, worker_id
from app.workflows.sample.names import PROVIDERS
from app.workflows.sample.people import People
from app.workflows.sample.posts import TEAM_LEADER
from app.workflows.sample.shapes import Firm, Human, Struggle, Tenure, Training

LAW, RIGHTS, LEADER = "injury-insurance-law", "safety-rights-and-lessons", "team-leader"
LONG_AGO = date(2020, 6, 1)
CLASS_ON, CLASS_KNOWN_ON = date(2023, 10, 19), date(2023, 10, 30)
PASSED, READ, BEGUN = 26, 6, 1
"""So many days ago he passed one course, read another to its end, and began the third."""


def seat_worker(people: People, tenures: Sequence[Tenure], firms: Sequence[Firm]) -> int:
    """Give the worker's name and ID to somebody who has long led a team at the officer's enterprise; gives who."""
    hers = next(firm.number for firm in firms if firm.name == HENGYUE)
    seat = next(
        t for t in tenures if t.firm == hers and t.post == TEAM_LEADER and t.ends_on is None and t.starts_on < LONG_AGO
    )
    people.humans[seat.human] = Human(seat.human, WORKER, worker_id(), WORKER_PHONE)
    return seat.human


def worker_story(
    worker: int, classes: Sequence[str], today: date, days: Sequence[date]
) -> tuple[list[Training], list[Struggle]]:
    """Tell his training: the classes of the source plan, one course done online, one ready for its exam, one begun."""
    told = [
        Training(worker, course, CLASS_ON, CLASS_KNOWN_ON, online=False, provider=PROVIDERS["45"][0], score=92.0)
        for course in classes
    ]
    passed_on = today - timedelta(PASSED)
    known_on = entered(days, passed_on)
    if known_on is not None:
        told.append(Training(worker, LAW, passed_on, known_on, online=True))
    return told, [
        Struggle(worker, RIGHTS, today - timedelta(READ), 1.0),
        Struggle(worker, LEADER, today - timedelta(BEGUN), 0.45),
    ]

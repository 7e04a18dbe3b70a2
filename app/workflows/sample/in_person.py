"""Holds the sample's training in person with the commands of its pages: opened, listed, marked, closed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.awards import attendance
from app.awards.sessions import Mark, OpenSession
from app.identity.service import Actor
from app.kit.scope import SYSTEM
from app.ops.db import Session
from app.workflows.close_session import close_session
from app.workflows.hold_session import enlist, mark_attendance, open_session
from app.workflows.sample.shapes import Gathering

OPENED_BEFORE = 9
"""Days before it is held that a session is opened."""
At = Callable[[date, int], datetime]
"""Gives the instant of an hour of a day."""


@dataclass
class InPerson:
    """What is still to be held; `persons` gives the stored ids of people in the story, `firm` that of an enterprise."""

    left: list[Gathering]
    at: At
    persons: Callable[[Session, Sequence[int]], list[int]]
    firm: Callable[[int], int]

    def catch_up(self, session: Session, before: date | None = None) -> None:
        """Hold what was closed before a day; None: everything, and list what is still to be marked or to come."""
        ready = [one for one in self.left if before is None or (one.closed_on is not None and one.closed_on < before)]
        for one in ready:
            self.left.remove(one)
            if one.humans:
                self._hold(session, one)

    def _hold(self, session: Session, one: Gathering) -> None:
        by, now = Actor(None, one.by), self.at(one.closed_on or one.held_on - timedelta(OPENED_BEFORE), 18)
        enterprise = None if one.firm is None else self.firm(one.firm)
        told = (one.course, one.held_on, one.minutes, one.place, one.trainer, one.provider, enterprise, one.region)
        opened_at = self.at(one.held_on - timedelta(OPENED_BEFORE), 10)
        id = open_session(SYSTEM, session, OpenSession(*told, one.note), by, opened_at)
        persons = self.persons(session, one.humans)
        enlist(SYSTEM, session, id, persons, by, opened_at)
        if one.closed_on is None:
            return
        scores = {person: one.scores.get(human) for human, person in zip(one.humans, persons, strict=True)}
        rows = attendance.attendees(session, id)
        marks = [Mark(row.id, scores[row.person_id] is not None, scores[row.person_id]) for row in rows]
        mark_attendance(SYSTEM, session, id, marks, by, now)
        close_session(SYSTEM, session, id, by, now)

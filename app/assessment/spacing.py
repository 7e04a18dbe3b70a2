"""When a practised question is due again: FSRS by whole days in Shanghai, and the streak of days. Pure.

FSRS counts the time between two answers. Every answer is taken as given at noon of its day, so that a question that is
due on a day is due from its first minute, and practising in the morning after an evening is a day later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fsrs import Card, Rating, Scheduler, State

from app.kit.dates import day_of, start_of

DAILY = 3
"""Questions a day: two minutes."""
LONGEST_DAYS = 180
_SCHEDULER = Scheduler(
    desired_retention=0.9, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False
)
_NOON = timedelta(hours=12)


@dataclass(frozen=True)
class Memory:
    """What FSRS knows of a question after an answer; `due_at` and `reviewed_at` are noons."""

    state: int
    step: int | None
    stability: float | None
    difficulty: float | None
    due_at: datetime
    reviewed_at: datetime

    @property
    def due_on(self) -> date:
        """Give the day on which the question is due again."""
        return day_of(self.due_at)


def remembered(before: Memory | None, day: date, *, right: bool) -> Memory:
    """Give what is known after an answer on a day; it is due on a later day, soonest tomorrow."""
    noon = start_of(day) + _NOON
    card = Card(card_id=1, due=noon) if before is None else _card(before)
    after, _ = _SCHEDULER.review_card(card, Rating.Good if right else Rating.Again, noon)
    due = max(after.due, noon + timedelta(days=1))
    return Memory(after.state.value, after.step, after.stability, after.difficulty, due, noon)


def _card(memory: Memory) -> Card:
    return Card(
        card_id=1,
        state=State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at,
        last_review=memory.reviewed_at,
    )


def streak(days: Iterable[date], today: date) -> int:
    """Count the days in a row up to today on which somebody practised; today may still come."""
    done = set(days)
    last = today if today in done else today - timedelta(days=1)
    count = 0
    while last - timedelta(days=count) in done:
        count += 1
    return count

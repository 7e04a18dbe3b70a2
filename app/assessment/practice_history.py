"""Enters practice that has happened, many days at once: the same questions, answers and memory as day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.assessment.answers import kept
from app.assessment.balance import rank
from app.assessment.evidence import drawn
from app.assessment.grading import RIGHT, earned
from app.assessment.history import right_answer, wrong_answer
from app.assessment.models import PracticeCard, PracticeReview
from app.assessment.practice_bank import Bank, Key, asked_on, bank_of, in_order
from app.assessment.spacing import DAILY, Memory, remembered
from app.catalogue.item import Item
from app.kit.dates import start_of

SECONDS_PER_QUESTION = 35
EASIER = 0.08
"""How much more often an item is known for each step of difficulty that it lacks."""
BETTER = 0.12
"""How much more often it is known when it was met before."""
_WHOLE = 1 << 32


@dataclass(frozen=True)
class Practised:
    """Somebody answered three questions on each of these days, in order; `codes` are the courses that they learned.

    gift: the share of questions of middling difficulty that they know at first sight, 0 to 1.
    """

    person_id: int
    codes: frozenset[str]
    days: tuple[date, ...]
    gift: float


def practise_many(session: Session, told: Sequence[Practised]) -> int:
    """Enter the practice of people who had not practised here; gives how many answers there are."""
    reviews: list[dict[str, Any]] = []
    cards: list[dict[str, Any]] = []
    for one in told:
        if one.days:
            _practise(session, one, reviews, cards)
    if reviews:
        session.execute(insert(PracticeReview), reviews)
        session.execute(insert(PracticeCard), cards)
    return len(reviews)


def _practise(session: Session, one: Practised, reviews: list[dict[str, Any]], cards: list[dict[str, Any]]) -> None:
    bank, wrong = bank_of(session, one.person_id, one.codes, one.days[0])
    memories: dict[Key, Memory] = {}
    for day in one.days:
        due_on = {key: memory.due_on for key, memory in memories.items()}
        asked = in_order(one.person_id, day, bank, wrong, due_on)[:DAILY]
        for place, key in enumerate(asked):
            review = _review(one, day, place, bank, key, spaced=key in memories)
            memories[key] = remembered(memories.get(key), day, right=review["right"])
            reviews.append(review)
    cards.extend(_card(one.person_id, key, memory) for key, memory in memories.items())


def _review(one: Practised, day: date, place: int, bank: Bank, key: Key, *, spaced: bool) -> dict[str, Any]:
    version, item = bank[key]
    question = asked_on(item, one.person_id, day)
    given = right_answer(question) if _knows(one, item, day, spaced=spaced) else wrong_answer(question)
    return {
        "person_id": one.person_id,
        "course_code": version.course_code,
        "course_version_id": version.id,
        "item": item.id,
        "topic": item.topic,
        "day": day,
        "drawn": drawn(question),
        "chosen": given,
        "right": earned(question, kept(given)) == RIGHT,
        "spaced": spaced,
        "answered_at": _answered_at(one, day, place),
    }


def _knows(one: Practised, item: Item, day: date, *, spaced: bool) -> bool:
    """Decide by chance, the same on every machine; some topics are harder for everybody."""
    topic = int.from_bytes(rank("topic", item.topic)[:4]) / _WHOLE - 0.5
    chance = one.gift + 0.3 * topic + EASIER * (2 - item.difficulty) + (BETTER if spaced else 0.0)
    return int.from_bytes(rank(str(one.person_id), item.id, day.isoformat())[:4]) / _WHOLE < chance


def _answered_at(one: Practised, day: date, place: int) -> datetime:
    minutes = 750 + one.person_id * 13 % 420
    return start_of(day) + timedelta(minutes=minutes, seconds=SECONDS_PER_QUESTION * (place + 1))


def _card(person_id: int, key: Key, memory: Memory) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "course_code": key[0],
        "item": key[1],
        "due_on": memory.due_on,
        "state": memory.state,
        "step": memory.step,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "due_at": memory.due_at,
        "reviewed_at": memory.reviewed_at,
    }

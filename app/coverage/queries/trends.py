"""Coverage over time, and across posts and industries at once: sums of entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, Tally, balances
from app.coverage.queries.answers import Figures
from app.coverage.queries.asking import Ask, Question, resolve
from app.coverage.queries.changing import changes
from app.coverage.queries.sums import TALLIES, grouped
from app.kit.scope import Scope


@dataclass(frozen=True)
class Point:
    """The figures at the end of a day; `forecast`: the day is still to come."""

    on: date
    figures: Figures
    forecast: bool


def trend(scope: Scope, session: Session, ask: Ask, months: int, today: date, now: datetime) -> tuple[Point, ...]:
    """Give the figures at the ends of the last `months` months before the day asked for, and on that day."""
    question = resolve(scope, session, ask, today, now)
    days = month_ends(question.on, months)
    tallies = balances(changes(session, question, days), days)
    return tuple(Point(day, Figures(tally), day > today) for day, tally in zip(days, tallies, strict=True))


def month_ends(day: date, months: int) -> tuple[date, ...]:
    """Give the last days of so many months before a day's own, and the day."""
    found = [day]
    for _ in range(months):
        found.append(found[-1].replace(day=1) - timedelta(days=1))
    return tuple(reversed(found))


@dataclass(frozen=True)
class Matrix:
    """Figures of each post (rows) in each industry (columns), by their codes; (code, name) in plan order."""

    posts: tuple[tuple[str, str], ...]
    industries: tuple[tuple[str, str], ...]
    cells: Mapping[tuple[str, str], Figures]

    def cell(self, post: str, industry: str) -> Figures:
        """Give the figures of a post in an industry, zeros where there are none."""
        return self.cells.get((post, industry), Figures())


def matrix(scope: Scope, session: Session, ask: Ask, today: date, now: datetime) -> Matrix:
    """Give the figures of every post in every industry on the day asked for."""
    question = resolve(scope, session, ask, today, now)
    posts = tuple((post.code, post.name) for post in question.plan.posts)
    industries = tuple((industry.code, industry.name) for industry in question.plan.industries)
    return Matrix(posts, industries, _cells(session, question))


def _cells(session: Session, question: Question) -> dict[tuple[str, str], Figures]:
    found: dict[tuple[str, str], Tally] = {}
    for _, post, industry, *counts in grouped(session, question, TALLIES, ("post", "industry")):
        found[post, industry] = found.get((post, industry), NOTHING).plus(Tally(*counts))
    return {pair: Figures(tally) for pair, tally in found.items()}

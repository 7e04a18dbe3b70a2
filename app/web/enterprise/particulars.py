"""What is known of an enterprise: its dated facts, each with the day it took effect and what is known to come. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.kit.dates import ALWAYS
from app.kit.industries import NAMES
from app.organisations import dated
from app.organisations.queries import FactRow
from app.organisations.regions import RegionTree
from app.plans.queries import KeyPostRow, Plan

ATTRIBUTES = (
    dated.REGION,
    dated.INDUSTRY,
    dated.KEY_INDUSTRY,
    dated.HAZARDOUS_LICENCE,
    dated.KEY_ENTERPRISE,
    dated.INSURED,
    dated.SIZE,
    dated.NOT_APPLICABLE,
    dated.CLOSED_ON,
)


@dataclass(frozen=True)
class Dated:
    """A value from a day on; None: always, as far as is known."""

    since: date | None
    value: str


@dataclass(frozen=True)
class Particular:
    """One attribute: the value today ('' unknown) and those that are known to follow."""

    attribute: str
    now: Dated
    later: tuple[Dated, ...]


@dataclass(frozen=True)
class Words:
    """What the codes in facts are called."""

    regions: RegionTree
    posts: Sequence[KeyPostRow]
    plans: Iterable[Plan]

    def of(self, attribute: str, value: str) -> str:
        """Give a value as people read it; yes and no, and days, stay as they are."""
        if attribute == dated.REGION and value:
            return " ".join(row.name for row in self.regions.ancestors(value)[1:]) or value
        if attribute == dated.INDUSTRY:
            return f"{value} {NAMES.get(value, '')}".strip()
        if attribute == dated.KEY_INDUSTRY:
            return self._industries().get(value, value)
        if attribute == dated.NOT_APPLICABLE:
            names = {post.code: post.name for post in self.posts}
            return "、".join(names.get(code, code) for code in value.split(";") if code)
        return value

    def _industries(self) -> Mapping[str, str]:
        return {industry.code: industry.name for plan in self.plans for industry in plan.industries}


def particulars(facts: Sequence[FactRow], words: Words, today: date) -> tuple[Particular, ...]:
    """Tell each attribute; closure only where there is one."""
    told = (_one([row for row in facts if row.attribute == name], name, words, today) for name in ATTRIBUTES)
    return tuple(one for one in told if one.attribute != dated.CLOSED_ON or one.now.value or one.later)


def _one(rows: Sequence[FactRow], attribute: str, words: Words, today: date) -> Particular:
    past = [row for row in rows if row.effective_on <= today]
    now = _dated(past[-1], words) if past else Dated(None, "")
    return Particular(attribute, now, tuple(_dated(row, words) for row in rows if row.effective_on > today))


def _dated(row: FactRow, words: Words) -> Dated:
    return Dated(None if row.effective_on == ALWAYS else row.effective_on, words.of(row.attribute, row.value))

"""Sorts the story by the days of entry, and by province: what the bureau's desk finds on each of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from app.workflows.sample.calendar import BEGIN, entered, entry_days
from app.workflows.sample.shapes import (
    Change,
    Corrected,
    Firm,
    Merged,
    Revoked,
    Story,
    Struggle,
    Tenure,
    Training,
    Waived,
)

PROVINCES = ("45", "44")
Told = TypeVar("Told")


@dataclass
class Desk:
    """What is to be entered on one day for one province."""

    on: date
    province: str
    firms: list[Firm] = field(default_factory=list)
    changes: list[tuple[Firm, Change]] = field(default_factory=list)
    closings: list[Firm] = field(default_factory=list)
    tenures: list[Tenure] = field(default_factory=list)
    confirming: list[Firm] = field(default_factory=list)
    records: list[Training] = field(default_factory=list)
    online: list[Training] = field(default_factory=list)
    struggles: list[Struggle] = field(default_factory=list)
    revocations: list[Revoked] = field(default_factory=list)
    waivers: list[Waived] = field(default_factory=list)
    merges: list[Merged] = field(default_factory=list)
    corrections: list[Corrected] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Say whether nothing is to be done."""
        return not any(value for name, value in vars(self).items() if name not in {"on", "province"})


def agenda(story: Story) -> Iterator[Desk]:
    """Give the desks in order; a fact is entered on the first day of entry on or after it became known."""
    days = sorted({*entry_days(story.today), *(day for firm in story.firms for day in firm.reports)})
    desks = {(day, province): Desk(day, province) for day in days for province in PROVINCES}
    home = _homes(story)

    def sort(told: Iterable[Told], known: Callable[[Told], date], of: Callable[[Told], str], onto: str) -> None:
        for one in told:
            day = entered(days, known(one))
            if day is not None:
                getattr(desks[day, of(one)], onto).append(one)

    def of_human(one: Training | Struggle | Corrected) -> str:
        return home[one.human]

    _sort_firms(story, desks, days)
    _sort_rosters(story, desks)
    sort([t for t in story.trainings if not t.online], lambda one: one.known_on, of_human, "records")
    sort([t for t in story.trainings if t.online], lambda one: one.known_on, of_human, "online")
    sort(story.struggles, lambda one: one.on, of_human, "struggles")
    sort(story.revocations, lambda one: one.known_on, lambda one: home[one.training.human], "revocations")
    sort(story.waivers, lambda one: one.known_on, lambda one: home[one.tenure.human], "waivers")
    sort(story.merges, lambda one: one.known_on, lambda one: home[one.target], "merges")
    sort(story.corrections, lambda one: one.known_on, of_human, "corrections")
    return (desk for desk in desks.values() if not desk.empty)


def _homes(story: Story) -> dict[int, str]:
    """Give the province in which each person is first met."""
    home: dict[int, str] = defaultdict(lambda: PROVINCES[0])
    for tenure in reversed(story.tenures):
        home[tenure.human] = story.firms[tenure.firm].place.code[:2]
    for merge in story.merges:
        home[merge.source] = home[merge.target]
    return home


def _sort_firms(story: Story, desks: dict[tuple[date, str], Desk], days: list[date]) -> None:
    for firm in story.firms:
        province = firm.place.code[:2]
        desks[BEGIN, province].firms.append(firm)
        for change in firm.changes:
            day = entered(days, change.known_on)
            if day is not None:
                desks[day, province].changes.append((firm, change))
        closed = entered(days, firm.closed_on) if firm.closed_on else None
        if closed is not None:
            desks[closed, province].closings.append(firm)


def _sort_rosters(story: Story, desks: dict[tuple[date, str], Desk]) -> None:
    heard: set[tuple[int, date]] = set()
    for tenure in story.tenures:
        firm = story.firms[tenure.firm]
        for day in sorted({d for d in (tenure.known_on, tenure.end_known_on, tenure.corrected_on) if d}):
            desks[day, firm.place.code[:2]].tenures.append(tenure)
            heard.add((firm.number, day))
    for firm in story.firms:
        for day in firm.reports:
            if (firm.number, day) not in heard:
                desks[day, firm.place.code[:2]].confirming.append(firm)

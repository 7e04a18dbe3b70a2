"""The ends of a plan's phases: what stood there, and ahead what the pace makes of what is known. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.coverage import forecast
from app.coverage.forecast import Change, Outlook
from app.coverage.ledger import Tally
from app.plans.queries import Plan

Points = tuple[tuple[date, Tally], ...]


@dataclass(frozen=True)
class Milestone:
    """The end of a phase, or of a year where the plan names none (`name` is '').

    figure: what stood that day; for a day to come what the pace makes of what is known, None without a pace to go by.
    """

    name: str
    from_on: date
    to_on: date
    figure: Tally | None
    ahead: bool


def milestones_of(plan: Plan) -> tuple[Milestone, ...]:
    """Give the phases of a plan, or its years where it names none, without figures yet."""
    if plan.phases:
        return tuple(Milestone(p.name, p.from_on, p.to_on, None, ahead=False) for p in plan.phases)
    years = range(plan.starts_on.year, plan.deadline.year + 1)
    spans = [(max(date(y, 1, 1), plan.starts_on), min(date(y, 12, 31), plan.deadline)) for y in years]
    return tuple(Milestone("", start, end, None, ahead=False) for start, end in spans)


def reached(
    one: Milestone, on: date, tallies: Mapping[date, Tally], ahead: Sequence[Change], outlook: Outlook | None
) -> Milestone:
    """Give a milestone with its figure: what stood at its end, or what the pace makes of what is known of that day."""
    if one.to_on <= on:
        return replace(one, figure=tallies[one.to_on])
    if outlook is None or not outlook.gained:
        return replace(one, ahead=True)
    return replace(one, figure=_made(outlook, tallies[on], ahead, one.to_on), ahead=True)


def led(outlook: Outlook, milestones: Sequence[Milestone], now: Tally, ahead: Sequence[Change]) -> Points:
    """Give what the pace makes of what is known at the ends of phases, up to the deadline or to full coverage."""
    if not outlook.gained or not outlook.gap or outlook.on >= outlook.deadline:
        return ()
    last = min(outlook.deadline, outlook.lasting_on or outlook.deadline)
    days = {one.to_on for one in milestones if outlook.on < one.to_on < last} | {last}
    if outlook.full_on is not None and outlook.full_on < last:
        days.add(outlook.full_on)
    return tuple((day, _made(outlook, now, ahead, day)) for day in sorted(days))


def _made(outlook: Outlook, now: Tally, ahead: Sequence[Change], day: date) -> Tally:
    """Give what the pace makes of what is known of a day to come."""
    known = forecast.after(now, [change for change in ahead if change.on <= day])
    return forecast.projected(known, outlook.gained, (day - outlook.on).days)

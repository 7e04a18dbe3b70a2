"""Coverage under a draft plan beside the plan known now, on one day: by the same rules, from the facts as known now.

Read-only: standings and entries stay as they are. Enterprises go by in chunks, so memory does not follow their number.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.coverage import gather, planned, rules, status
from app.coverage.draft_judging import Judge, Plans
from app.coverage.draft_sums import NOT_REQUIRED, Line, Outcome, Standing, Sums, tally
from app.coverage.facts import Assignment, Declaration, EnterpriseTimeline, Plan, Retake
from app.coverage.ledger import Tally
from app.coverage.models import Posting
from app.coverage.prepared import MANY
from app.coverage.records import records
from app.coverage.rules import Place
from app.coverage.status import Change
from app.kit.batches import batched
from app.kit.dates import NEVER
from app.organisations.models import Enterprise, EnterpriseFact, PostAssignment
from app.plans.shapes import Plan as PlanShape

CHUNK = 200
"""Enterprises at a time."""
DAY = timedelta(days=1)
SETTLING = "settlement"
"""The kind of posting that takes an instant of recorded time and changes nothing."""

Judged = tuple[tuple[Assignment, Outcome, Outcome], ...]
"""Assignments, each with what the plan known now says of it, and the draft."""


@dataclass(frozen=True)
class Comparison:
    """What is compared: two plans, for the enterprises of some regions, on a day."""

    plans: Plans
    regions: frozenset[str]
    on: date


class Step(NamedTuple):
    """How far a comparison is: enterprises looked at, and those of the last chunk of which anything changes."""

    done: int
    changed: tuple[Line, ...]


def comparison(session: Session, base: PlanShape | None, draft: PlanShape, region: str, on: date) -> Comparison:
    """Set a comparison up for a region with everything below it."""
    parents = planned.region_parents(session)
    now = planned.shaped(base, parents) if base else None
    return Comparison((now, planned.shaped(draft, parents)), planned.below(parents, [region]), on)


def known_until(session: Session) -> datetime | None:
    """Give the recorded time of the last change of facts, None where there was none."""
    changed = select(Posting.recorded_at).where(Posting.kind != SETTLING)
    return session.scalar(changed.order_by(Posting.recorded_at.desc()).limit(1))


def count(session: Session, asked: Comparison) -> int:
    """Count the enterprises to look at."""
    return session.scalar(select(func.count()).select_from(_enterprises(asked).subquery())) or 0


def walk(session: Session, asked: Comparison, sums: Sums) -> Iterator[Step]:
    """Compare chunk by chunk, adding up in `sums`; what is to be kept of each enterprise comes with the step."""
    judge, retakes = Judge(asked.plans, asked.on), planned.retakes(session)
    done = after = 0
    while True:
        query = _enterprises(asked).where(Enterprise.id > after).order_by(Enterprise.id).limit(CHUNK)
        ids = session.scalars(query).all()
        if not ids:
            return
        done, after = done + len(ids), ids[-1]
        lines = _chunk(session, asked, judge, sums, retakes, ids)
        yield Step(done, tuple(line for line in lines if line.changed))


def people(session: Session, asked: Comparison, enterprise: int) -> Judged:
    """Give who is in post at an enterprise on the day, with what each plan says of them; from the facts known now."""
    places = {id: _places(asked, timeline) for id, timeline in gather.timelines(session, [enterprise]).items()}
    in_post = _in_post(session, [enterprise], asked.on)[enterprise]
    outcomes = _outcomes(session, Judge(asked.plans, asked.on), planned.retakes(session), places, in_post)
    return tuple((a, *outcomes[a.id]) for a in in_post)


def _enterprises(asked: Comparison) -> Select[int]:
    """Choose the enterprises that were in the regions on some day: those there on the day are among them."""
    fact = EnterpriseFact
    there = select(fact.id).where(
        fact.enterprise_id == Enterprise.id,
        fact.attribute == "region",
        fact.value.in_(sorted(asked.regions)),
        fact.effective_on <= asked.on,
        fact.superseded_at.is_(None),
    )
    return select(Enterprise.id).where(there.exists())


def _chunk(
    session: Session, asked: Comparison, judge: Judge, sums: Sums, retakes: Sequence[Retake], ids: Sequence[int]
) -> Iterator[Line]:
    timelines = gather.timelines(session, ids)
    places = {id: _places(asked, timeline) for id, timeline in timelines.items()}
    inside = [id for id, found in places.items() if any(found)]
    declarations = gather.declarations(session, inside)
    held_by = _in_post(session, inside, asked.on)
    outcomes = _outcomes(session, judge, retakes, places, [a for mine in held_by.values() for a in mine])
    for id in inside:
        line = _line(asked, timelines[id], places[id], declarations[id], held_by[id], outcomes)
        industries = line.now.industry, line.then.industry
        for assignment in held_by[id]:
            where = line.region, line.key_enterprise
            sums.add_assignment(assignment.person, assignment.post, where, industries, outcomes[assignment.id])
        sums.add_enterprise(line)
        yield line


def _places(asked: Comparison, timeline: EnterpriseTimeline) -> tuple[Place | None, Place | None]:
    """Give where each plan counts the enterprise on the day, cut to that day; None where it does not."""
    if timeline.on("region", asked.on) not in asked.regions:
        return None, None
    now, then = (_place(plan, timeline, asked.on) if plan else None for plan in asked.plans)
    return now, then


def _place(plan: Plan, timeline: EnterpriseTimeline, on: date) -> Place | None:
    found = next((p for p in rules.places(plan, timeline) if p.from_on <= on < p.until_on), None)
    return found and found._replace(from_on=on, until_on=on + DAY)


def _in_post(session: Session, enterprises: Collection[int], on: date) -> dict[int, list[Assignment]]:
    """Give who holds which post on the day at each enterprise."""
    row = PostAssignment
    found: dict[int, list[Assignment]] = {enterprise: [] for enterprise in enterprises}
    query = select(row.id, row.person_id, row.enterprise_id, row.post, row.starts_on, row.ends_on)
    query = query.where(row.void.is_(False), row.starts_on <= on, or_(row.ends_on.is_(None), row.ends_on > on))
    for chunk in batched(enterprises, MANY):
        here = query.where(row.enterprise_id.in_(chunk))
        for id, person, enterprise, post, starts_on, ends_on in session.execute(here):
            found[enterprise].append(Assignment(id, person, enterprise, post, starts_on, ends_on or NEVER))
    return found


def _outcomes(
    session: Session,
    judge: Judge,
    retakes: Sequence[Retake],
    places: Mapping[int, tuple[Place | None, Place | None]],
    assignments: Sequence[Assignment],
) -> dict[int, tuple[Outcome, Outcome]]:
    """Judge assignments under both plans, some at a time: an enterprise may be a giant."""
    found: dict[int, tuple[Outcome, Outcome]] = {}
    for some in batched(assignments, MANY):
        done = records(session, {a.person for a in some}, retakes, efforts=False)
        waivers = gather.waivers(session, [a.id for a in some])
        held = {
            (person, since): judge.held(record.awards, retakes, since)
            for person, record in done.items()
            for since in judge.counted_from
        }
        for a in some:
            both = (
                judge.outcome(plan, a, place, held[a.person, plan.counts_from], waivers.get((plan.id, a.id), ()))
                if plan and place
                else NOT_REQUIRED
                for plan, place in zip(judge.plans, places[a.enterprise], strict=True)
            )
            now, then = both
            found[a.id] = now, then
    return found


def _line(
    asked: Comparison,
    timeline: EnterpriseTimeline,
    places: tuple[Place | None, Place | None],
    declarations: Sequence[Declaration],
    in_post: Sequence[Assignment],
    outcomes: Mapping[int, tuple[Outcome, Outcome]],
) -> Line:
    tallies = [tally(outcomes[a.id][side] for a in in_post) for side in (0, 1)]
    now, then = (
        _standing(plan, timeline, place, declarations, in_post, sums)
        for plan, place, sums in zip(asked.plans, places, tallies, strict=True)
    )
    counted = next(place for place in places if place)
    return Line(timeline.id, counted.region, counted.key_enterprise, now, then, tallies[0], tallies[1])


def _standing(
    plan: Plan | None,
    timeline: EnterpriseTimeline,
    place: Place | None,
    declarations: Sequence[Declaration],
    in_post: Sequence[Assignment],
    sums: Tally,
) -> Standing:
    """Tell the status on the day from who is in post on it and what is covered."""
    if plan is None or place is None:
        return Standing()
    held = {a.post: ((place.from_on, place.until_on),) for a in in_post}
    framed = status.frame(plan, timeline, (place,), declarations, held)
    told = status.stated(framed, [Change(place.from_on, sums.required, sums.covered)])
    return Standing(place.industry, told[0].status, place.from_on >= status.stale_from(declarations))

"""What a rebuild tells in ordinals is, for any facts, what the rules say in dates."""

from datetime import date
from random import Random

import pytest

from app.coverage import rules
from app.coverage.facts import Assignment, Award, EnterpriseTimeline, Industry, Plan, Requirement, Retake, Waiver
from app.coverage.ledger import difference
from app.coverage.rebuild import assignments
from app.coverage.rebuild.history import (
    FOREVER,
    EnterpriseHistory,
    Held,
    Library,
    Retaken,
    Stage,
    Term,
    Waived,
)
from app.coverage.rebuild.lines import by_day, tally
from app.kit.dates import ALWAYS, NEVER, add_days

FIRST = date(2024, 1, 1)
KEYS = ("law", "blast", "law@offline", "leader")
POST = "leader"
STORIES = 20


@pytest.mark.parametrize("seed", range(20))
def test_an_assignment_stands_as_the_rules_say(seed: int) -> None:
    rng = Random(seed)
    for _ in range(STORIES):
        _tell_both(rng)


def _tell_both(rng: Random) -> None:
    plan, timeline = _plan(rng), _timeline(rng)
    places = rules.places(plan, timeline)
    term = Assignment(7, 8, 9, POST, _day(rng), rng.choice([NEVER, _day(rng, 60)]))
    awards = [_award(rng, number) for number in range(rng.randrange(6))]
    retakes = [Retake("law", 2, _day(rng))] if rng.random() < 0.3 else []
    waivers = [Waiver(_day(rng), rng.choice([NEVER, _day(rng, 40)]))] if rng.random() < 0.3 else []
    wanted = rules.spans(plan, term, places, rules.held(awards, retakes, plan.counts_from), waivers)
    stage = Stage(0, FOREVER, plan, places)
    history = EnterpriseHistory(9, terms={7: [_term(term)]}, waivers={7: [_waived(row) for row in waivers]})
    library = Library((), tuple(Retaken(0, row.course, row.version, row.retake_from.toordinal()) for row in retakes))
    told = assignments.replay(library, history, [[stage]] if places else [[]], {8: [_held(row) for row in awards]})
    days = [(*span[:8], span.from_on.toordinal(), span.until_on.toordinal(), *span[10:]) for span in wanted]
    assert [row[:-2] for row in told.stored] == days
    lines = {line: tuple(sums) for line, sums in difference((), wanted).items()}
    assert _lines(told) == lines


def _lines(told: assignments.Standings) -> dict[tuple[object, ...], tuple[int, int, int]]:
    return {
        (*told.whats.all[what], date.fromordinal(day)): tally(sums)
        for changes in told.changes.values()
        for what, day, sums in by_day(changes)
    }


def _day(rng: Random, least: int = 0) -> date:
    return add_days(FIRST, least + rng.randrange(60))


def _plan(rng: Random) -> Plan:
    rows = []
    for _ in range(rng.randint(1, 4)):
        courses = tuple(rng.sample(KEYS, rng.randint(1, 2)))
        from_on, until_on = rng.choice([ALWAYS, _day(rng)]), rng.choice([NEVER, _day(rng, 30)])
        rows.append(Requirement(POST, rng.choice([None, "mine"]), from_on, until_on, courses))
    industries = (
        Industry("mine", frozenset({"08"}), licence=False),
        Industry("build", frozenset({"47"}), licence=True),
    )
    counts_from, deadline = rng.choice([ALWAYS, _day(rng)]), rng.choice([NEVER, _day(rng, 20)])
    regions = frozenset({"440100", "440200"})
    return Plan(3, "p", _day(rng), counts_from, deadline, regions, (POST,), frozenset(), industries, tuple(rows))


def _timeline(rng: Random) -> EnterpriseTimeline:
    values = {
        "region": ((ALWAYS, "440100"), (_day(rng), rng.choice(["440100", "440200", "450000"]))),
        "industry": ((ALWAYS, rng.choice(["08", "47"])), (_day(rng), rng.choice(["08", "47", "99"]))),
        "key_enterprise": ((ALWAYS, "0"), (_day(rng), rng.choice(["0", "1"]))),
    }
    return EnterpriseTimeline(9, values)


def _award(rng: Random, number: int) -> Award:
    day = _day(rng)
    valid, revoked = (rng.choice([None, None, add_days(day, rng.randrange(40))]) for _ in range(2))
    course = rng.choice(["law", "law", "blast", "leader"])
    return Award(number, course, rng.randint(1, 2), day, valid, revoked, rng.random() < 0.5)


def _term(term: Assignment) -> Term:
    return Term(0, FOREVER, term.id, term.person, term.post, term.starts_on.toordinal(), term.ends_on.toordinal())


def _held(award: Award) -> Held:
    until = min(day for day in (award.valid_until, award.revoked_from, NEVER) if day is not None)
    days = award.completed_on.toordinal(), until.toordinal()
    return Held(0, FOREVER, award.course, award.version, award.offline, *days)


def _waived(waiver: Waiver) -> Waived:
    return Waived(0, FOREVER, 3, waiver.from_on.toordinal(), waiver.until_on.toordinal())

"""Runs the pure rules and ledger over a history, step by step, and compares what they say with the oracle.

The modules are arguments, so that a mutant can take the place of one of them.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from types import ModuleType
from typing import Any

from app.coverage import facts, ledger, rules, status
from app.kit.dates import NEVER, day_of
from app.kit.offline import marked
from tests import oracle
from tests.coverage.histories import COURSES, ENTERPRISES, FIRST, LAST, Row, Story

PLANS = {"alpha": 1, "beta": 2}


@dataclass(frozen=True)
class Code:
    """The modules under test."""

    rules: Any = rules
    status: Any = status
    ledger: Any = ledger

    def patched(self, name: str, module: ModuleType) -> "Code":
        """Replace one module."""
        return Code(**{"rules": self.rules, "status": self.status, "ledger": self.ledger} | {name: module})


@dataclass
class Book:
    """What a run has appended: entries with the instant they were recorded."""

    lines: list[tuple[Any, Any, datetime]] = field(default_factory=list)
    enterprise_lines: list[tuple[Any, int, datetime]] = field(default_factory=list)


def disagreement(story: Story, rng: Random, questions: int, code: Code | None = None) -> str | None:
    """Say where the ledger and the oracle differ on some random days and instants, None where they agree."""
    code = code or Code()
    book = run(story, code)
    instants = [step.at for step in story.steps]
    for _ in range(questions):
        on = FIRST + timedelta(days=rng.randrange(-5, (LAST - FIRST).days + 120))
        on = rng.choice([on, day_of(rng.choice(instants)), _event_day(story, rng)])
        known_at = rng.choice([instants[-1], rng.choice(instants), rng.choice(instants) - timedelta(microseconds=1)])
        for plan in PLANS:
            found = _compare(story, book, code, plan, on, known_at)
            if found:
                return f"{plan} on {on} known at {known_at}: {found}"
    return None


def _event_day(story: Story, rng: Random) -> date:
    days: list[date] = [a["completed_on"] for a in story.history["awards"]] + [
        a["starts_on"] for a in story.history["assignments"]
    ]
    days += [r["revoked_from"] for r in story.history["revocations"]]
    days += [a["valid_until"] for a in story.history["awards"] if a["valid_until"]]
    days += [d["confirmed_on"] + timedelta(days=91) for d in story.history["declarations"]]
    return rng.choice(days or [FIRST]) - timedelta(days=rng.choice([0, 0, 1]))


def run(story: Story, code: Code) -> Book:
    """Post every step's difference."""
    book = Book()
    spans: dict[tuple[str, int], tuple[Any, ...]] = {}
    figures: dict[tuple[str, int], tuple[Any, ...]] = {}
    for step in story.steps:
        for plan_code in PLANS:
            world = World(story.history, step.at, plan_code)
            for assignment in {a["assignment"] for a in story.history["assignments"]}:
                key = plan_code, assignment
                new = world.spans(code, assignment)
                lines = code.ledger.difference(spans.get(key, ()), new)
                book.lines += [(line, tally, step.at) for line, tally in lines.items()]
                spans[key] = new
            for enterprise in ENTERPRISES:
                key = plan_code, enterprise
                mine = [
                    entry for entry in book.lines if (entry[0].plan, entry[0].enterprise) == (PLANS[key[0]], key[1])
                ]
                new = world.statuses(code, enterprise, mine), world.amounts(code, enterprise)
                old = figures.get(key, ((), {}))
                lines = Counter(code.ledger.status_difference(old[0], new[0]))
                lines.update(new[1])
                lines.subtract(old[1])
                book.enterprise_lines += [(line, delta, step.at) for line, delta in lines.items() if delta]
                figures[key] = new
    return book


class World:
    """The facts of one plan as known at an instant, as the pure core wants them."""

    def __init__(self, history: Row, known_at: datetime, plan_code: str) -> None:
        self.history, self.known_at = history, known_at
        self.rows = {name: oracle._visible(rows, known_at) for name, rows in history.items() if _plain(name)}
        self.plan_row = next((p for p in self.rows["plans"] if p["code"] == plan_code), None)
        self.plan = _plan(history, self.plan_row) if self.plan_row else None
        versions = [v for v in self.rows["versions"] if v["change"] == "retake"]
        self.retakes = tuple(facts.Retake(v["course"], v["number"], v["retake_from"]) for v in versions)

    def timeline(self, enterprise: int) -> facts.EnterpriseTimeline:
        values: dict[str, list[tuple[date, str]]] = {}
        for row in self.rows["facts"]:
            if row["enterprise"] == enterprise:
                values.setdefault(row["attribute"], []).append((row["effective_on"], row["value"]))
        return facts.EnterpriseTimeline(enterprise, {name: tuple(sorted(dated)) for name, dated in values.items()})

    def spans(self, code: Code, number: int) -> tuple[Any, ...]:
        row = next((a for a in self.rows["assignments"] if a["assignment"] == number and not a["void"]), None)
        if self.plan is None or row is None:
            return ()
        waivers = tuple(
            facts.Waiver(w["from_on"], w["until_on"] or NEVER)
            for w in self.rows["waivers"]
            if (PLANS[w["plan"]], w["assignment"]) == (self.plan.id, number)
        )
        places = code.rules.places(self.plan, self.timeline(row["enterprise"]))
        holdings = code.rules.held(self.record(row["person"]).awards, self.retakes, self.plan.counts_from)
        found: tuple[Any, ...] = code.rules.spans(self.plan, _assignment(row), places, holdings, waivers)
        return found

    def statuses(self, code: Code, enterprise: int, entries: list[tuple[Any, Any, datetime]]) -> tuple[Any, ...]:
        if self.plan is None:
            return ()
        changes: dict[date, Any] = {}
        for line, tally, _ in entries:
            changes[line.effective_on] = changes.get(line.effective_on, ledger.NOTHING).plus(tally)
        said, timeline = self.declarations(enterprise), self.timeline(enterprise)
        in_post = code.status.posts_held(self.holds(enterprise))
        framed = code.status.frame(self.plan, timeline, code.rules.places(self.plan, timeline), said, in_post)
        figures = [status.Change(day, tally.required, tally.covered) for day, tally in sorted(changes.items())]
        found: tuple[Any, ...] = code.status.stated(framed, figures)
        return found

    def amounts(self, code: Code, enterprise: int) -> dict[Any, int]:
        if self.plan is None:
            return {}
        timeline = self.timeline(enterprise)
        places = code.rules.places(self.plan, timeline)
        people = code.status.roster(self.holds(enterprise))
        insured = code.status.insured(timeline.values.get("insured", ()))
        found: dict[Any, int] = {}
        stale = ((code.status.stale_from(self.declarations(enterprise)), 1),)
        for kind, changes in (("roster", people), ("insured", insured), ("stale", stale)):
            found |= code.ledger.amounts(self.plan.id, enterprise, places, kind, changes)
        return found

    def declarations(self, enterprise: int) -> list[facts.Declaration]:
        rows = [row for row in self.rows["declarations"] if row["enterprise"] == enterprise]
        return [facts.Declaration(row["declared_from"], row["confirmed_on"]) for row in rows]

    def holds(self, enterprise: int) -> list[status.Hold]:
        return [
            status.Hold(a["person"], a["post"], a["starts_on"], a["ends_on"] or NEVER)
            for a in self.rows["assignments"]
            if a["enterprise"] == enterprise and not a["void"]
        ]

    def record(self, person: int) -> facts.Record:
        revoked: dict[int, date] = {}
        for row in self.rows["revocations"]:
            revoked[row["award"]] = min(row["revoked_from"], revoked.get(row["award"], date.max))
        awards = tuple(
            facts.Award(revoked_from=revoked.get(a["award"]), **_award(a))
            for a in self.rows["awards"]
            if oracle._who(self.history, a["person"], self.known_at) == person
        )
        days = [(day, kind, course) for course in COURSES for day, kind in self._efforts(person, course)]
        return facts.Record(awards, tuple(facts.Effort(c, day, kind) for day, kind, c in days), self.retakes)

    def _efforts(self, person: int, course: str) -> set[tuple[date, str]]:
        days = {row["day"] for row in self.history["learning"]}
        days |= {a[key] for a in self.history["attempts"] for key in ("opened_on", "submitted_on") if a[key]}
        return {
            (day, kind) for day in days for kind in oracle._efforts(self.history, person, course, day, self.known_at)
        }


def _compare(story: Story, book: Book, code: Code, plan: str, on: date, known_at: datetime) -> str | None:
    expected = oracle.standings(story.history, plan, on, known_at)
    wanted: Counter[tuple[Any, ...]] = Counter()
    for row in expected:
        where = tuple(row[key] for key in ("region", "industry", "key", "enterprise", "post"))
        wanted.update({(*where, "required"): 1, (*where, "covered"): row["covered"], (*where, "waived"): row["waived"]})
    said: Counter[tuple[Any, ...]] = Counter()
    for line, tally, at in book.lines:
        if line.plan == PLANS[plan] and line.effective_on <= on and at <= known_at:
            for name in ("required", "covered", "waived"):
                said[(*line[1:6], name)] += getattr(tally, name)
    if _plus(said) != _plus(wanted):
        return f"figures {_plus(said)} instead of {_plus(wanted)}"
    return _compare_enterprises(story, book, plan, on, known_at) or _compare_reasons(
        story, code, plan, on, known_at, expected
    )


def _compare_enterprises(story: Story, book: Book, plan: str, on: date, known_at: datetime) -> str | None:
    wanted: Counter[tuple[Any, ...]] = Counter()
    for enterprise, row in oracle.enterprises(story.history, plan, on, known_at).items():
        if row["status"] not in {"outside", "closed"}:
            where = row["region"], row["industry"], row["key"], enterprise
            wanted.update({(*where, row["status"]): 1, (*where, "stale"): int(row["stale"])})
            wanted.update({(*where, "roster"): row["roster"], (*where, "insured"): row["insured"]})
    said: Counter[tuple[Any, ...]] = Counter()
    for line, delta, at in book.enterprise_lines:
        if line.plan == PLANS[plan] and line.effective_on <= on and at <= known_at:
            said[tuple(line[1:6])] += delta
    return None if _plus(said) == _plus(wanted) else f"statuses {_plus(said)} instead of {_plus(wanted)}"


def _compare_reasons(
    story: Story, code: Code, plan: str, on: date, known_at: datetime, expected: list[Row]
) -> str | None:
    world = World(story.history, known_at, plan)
    for row in expected:
        record = world.record(row["person"])
        found = code.rules.reasons(world.plan, row["post"], row["industry"], record, on)
        said = [(missing.course, missing.reason) for missing in found]
        if said != row["missing"]:
            return f"assignment {row['assignment']} misses {said} instead of {row['missing']}"
    return None


def _plus(counter: Counter[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    return {key: count for key, count in sorted(counter.items()) if count}


def _plain(name: str) -> bool:
    return name not in {"regions", "attempts", "learning"}


def _award(row: Row) -> Row:
    kept = {key: row[key] for key in ("course", "version", "completed_on", "valid_until")}
    return {"id": row["award"], "offline": row["mode"] == "offline"} | kept


def _assignment(row: Row) -> facts.Assignment:
    who = row["assignment"], row["person"], row["enterprise"], row["post"]
    return facts.Assignment(*who, row["starts_on"], row["ends_on"] or NEVER)


def _plan(history: Row, row: Row) -> facts.Plan:
    return facts.Plan(
        id=PLANS[row["code"]],
        code=row["code"],
        starts_on=row["starts_on"],
        counts_from=row["counts_from"],
        deadline=row["deadline"],
        regions=frozenset(code for code in history["regions"] if _below(history, code, row["regions"])),
        posts=tuple(row["posts"]),
        expected=frozenset(post for post, expected in row["posts"].items() if expected),
        industries=tuple(
            facts.Industry(i["code"], frozenset(i["divisions"]), i["licence"], *_term(i)) for i in row["industries"]
        ),
        requirements=tuple(
            facts.Requirement(r["post"], r["industry"], r["from"] or date.min, r["to"] or NEVER, _keys(r))
            for r in row["requirements"]
        ),
        terms={post: _term(row["terms"][post]) for post in row["posts"] if post in row["terms"]},
    )


def _term(row: Row) -> tuple[date, date]:
    return row["from"] or date.min, row["to"] or NEVER


def _keys(requirement: Row) -> tuple[str, ...]:
    return tuple(marked(course) if course in requirement["offline"] else course for course in requirement["courses"])


def _below(history: Row, code: str | None, tops: list[str]) -> bool:
    while code is not None and code not in tops:
        code = history["regions"][code]
    return code is not None

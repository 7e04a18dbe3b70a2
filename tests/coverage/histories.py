"""Random histories of a small world, in the oracle's form, as commands recorded one after another.

A history comes out of a `random.Random`, so hypothesis can shrink it and a plain seed can repeat it. Days come from a
short list with neighbours, so that events meet on one day often.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from app.kit.dates import SHANGHAI

Row = dict[str, Any]

REGIONS = {"100000": None, "440000": "100000", "440100": "440000", "440103": "440100", "440200": "440000"}
REGIONS |= {"450000": "100000", "450200": "450000"}
ENTERPRISES = (1, 2, 3)
PEOPLE = (1, 2, 3, 4)
POSTS = ("safety_head", "team_leader", "high_risk_operator")
COURSES = ("law", "lessons", "leader", "blast")
FIRST, LAST = date(2024, 1, 1), date(2025, 6, 30)
ANCHORS = [date(2024, 1, 1), date(2024, 2, 29), date(2024, 4, 10), date(2024, 6, 1), date(2024, 7, 10)]
ANCHORS += [date(2024, 9, 1), date(2024, 12, 31), date(2025, 2, 28), date(2025, 4, 1)]
TABLES = "plans facts assignments awards revocations versions merges waivers declarations learning attempts".split()


@dataclass
class Step:
    """One transaction: rows that it added, rows that it superseded, and whom it touched."""

    at: datetime
    persons: set[int] = field(default_factory=set)
    assignments: set[int] = field(default_factory=set)
    enterprises: set[int] = field(default_factory=set)
    declared: set[int] = field(default_factory=set)
    everything: bool = False


@dataclass
class Story:
    """A history and the steps in which it came about."""

    history: Row
    steps: list[Step]


def tell(rng: Random, commands: int) -> Story:
    """Tell a random history of so many commands, after a first step that sets the scene."""
    return _Teller(rng).tell(commands)


class _Teller:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.history: Row = {"regions": dict(REGIONS)} | {table: [] for table in TABLES}
        self.steps: list[Step] = []
        self.step = Step(_instant(rng, FIRST))

    def tell(self, commands: int) -> Story:
        self._scene()
        self.steps.append(self.step)
        acts = [self.change_fact] * 4 + [self.assign] * 5 + [self.correct] * 4 + [self.award] * 8 + [self.revoke] * 3
        acts += [self.waive] * 3 + [self.withdraw, self.declare, self.declare, self.merge] + [self.learn] * 5
        acts += [self.attempt] * 6 + [self.publish, self.revise]
        day = FIRST
        for _ in range(commands):
            day = min(LAST, day + timedelta(days=self.rng.choice([0, 0, 1, 7, 20, 45])))
            at = max(_instant(self.rng, day), self.step.at + timedelta(microseconds=1))
            self.step = Step(at)
            self.rng.choice(acts)()
            self.steps.append(self.step)
        return Story(self.history, self.steps)

    def day(self) -> date:
        return self.rng.choice(ANCHORS) + timedelta(days=self.rng.choice([0, 0, 0, 0, -1, 1]))

    def add(self, table: str, **values: object) -> Row:
        row = {"recorded_at": self.step.at, "superseded_at": None} | values
        self.history[table].append(row)
        return row

    def supersede(self, row: Row) -> None:
        row["superseded_at"] = self.step.at

    def current(self, table: str) -> list[Row]:
        return [row for row in self.history[table] if row["superseded_at"] is None]

    def _scene(self) -> None:
        self.step.everything = True
        for number, code in enumerate(("alpha", "beta")):
            self.add("plans", **_plan(self.rng, code, number))
        for course in COURSES:
            values = {"number": 1, "change": "editorial", "retake_from": None}
            self.add("versions", course=course, **values)
        for enterprise in ENTERPRISES:
            for attribute, choices in FACTS.items():
                if attribute == "closed_on":
                    continue
                if attribute in {"region", "industry"} or self.rng.random() < 0.3:
                    self.set_fact(enterprise, attribute, self.rng.choice(choices), date.min)
            if self.rng.random() < 0.8:
                self.declare(enterprise)
        for _ in range(self.rng.randint(3, 7)):
            self.assign()
        for _ in range(self.rng.randint(0, 9)):
            self.award()

    def set_fact(self, enterprise: int, attribute: str, value: str, effective_on: date) -> None:
        self.step.enterprises.add(enterprise)
        for row in self.current("facts"):
            if (row["enterprise"], row["attribute"], row["effective_on"]) == (enterprise, attribute, effective_on):
                self.supersede(row)
        self.add("facts", enterprise=enterprise, attribute=attribute, value=value, effective_on=effective_on)

    def change_fact(self) -> None:
        attribute = self.rng.choice(list(FACTS))
        value, day = self.rng.choice(FACTS[attribute]), self.day()
        if attribute == "closed_on" and value:
            value = self.rng.choice([day, self.day()]).isoformat()
        self.set_fact(self.rng.choice(ENTERPRISES), attribute, value, day)

    def assign(self) -> None:
        ids = [row["assignment"] for row in self.history["assignments"]]
        row = {"assignment": max(ids, default=0) + 1, "person": self.person(), "void": False}
        row |= {"enterprise": self.rng.choice(ENTERPRISES), "post": self.rng.choice(POSTS)}
        self._write_assignment(row | self._term())

    def correct(self) -> None:
        rows = [row for row in self.current("assignments") if not row["void"]]
        if rows:
            row = self.rng.choice(rows)
            kept = {key: row[key] for key in ("assignment", "person", "enterprise", "post")}
            term = self._term() if self.rng.random() < 0.8 else {"starts_on": row["starts_on"], "ends_on": None}
            self._write_assignment(kept | term | {"void": self.rng.random() < 0.15}, row)

    def _term(self) -> Row:
        starts_on, other = self.day(), self.day()
        return {"starts_on": starts_on, "ends_on": other if other > starts_on and self.rng.random() < 0.5 else None}

    def _write_assignment(self, values: Row, former: Row | None = None) -> None:
        others = [row for row in self.current("assignments") if row is not former and not row["void"]]
        if any(_same(row, values) and _overlap(row, values) for row in others):
            return
        if former is not None:
            self.supersede(former)
        self.add("assignments", **values)
        self.step.assignments.add(values["assignment"])

    def person(self) -> int:
        gone = {merge["source"] for merge in self.history["merges"]}
        return self.rng.choice([person for person in PEOPLE if person not in gone])

    def award(self) -> None:
        person, course, day = self.person(), self.rng.choice([*COURSES, "law", "law", "law"]), self.day()
        versions = [row["number"] for row in self.history["versions"] if row["course"] == course]
        until = self.day() if self.rng.random() < 0.5 else None
        values: Row = {"valid_until": until if until and until > day else None, "completed_on": day}
        number = len(self.history["awards"]) + 1
        values |= {"mode": _apart(number, person, course, day).choice(["online", "online", "offline"])}
        self.add("awards", award=number, person=person, course=course, version=self.rng.choice(versions), **values)
        self.step.persons.add(person)

    def revoke(self) -> None:
        if self.history["awards"]:
            award = self.rng.choice(self.history["awards"])
            day = max(award["completed_on"], self.rng.choice([award["completed_on"], self.day()]))
            self.add("revocations", award=award["award"], revoked_from=day)
            self.step.persons.add(self.now_person(award["person"]))

    def now_person(self, person: int) -> int:
        for merge in self.history["merges"]:
            person = merge["target"] if merge["source"] == person else person
        return person

    def waive(self) -> None:
        if self.history["assignments"]:
            assignment = self.rng.choice(self.history["assignments"])["assignment"]
            term = {key.replace("starts", "from").replace("ends", "until"): v for key, v in self._term().items()}
            self.add("waivers", assignment=assignment, plan=self.rng.choice(["alpha", "beta"]), **term)
            self.step.assignments.add(assignment)

    def withdraw(self) -> None:
        if self.current("waivers"):
            waiver = self.rng.choice(self.current("waivers"))
            self.supersede(waiver)
            self.step.assignments.add(waiver["assignment"])

    def declare(self, enterprise: int | None = None) -> None:
        enterprise = enterprise or self.rng.choice(ENTERPRISES)
        day = self.day()
        self.add("declarations", enterprise=enterprise, declared_from=day, confirmed_on=max(day, self.day()))
        self.step.declared.add(enterprise)

    def learn(self) -> None:
        """Learn on some day, or on the very day on which an award of one's own ends."""
        row = {"person": self.person(), "course": self.rng.choice(["law", "leader"]), "day": self.day()}
        lapsing = [award for award in self.history["awards"] if award["valid_until"]]
        if lapsing and self.rng.random() < 0.5:
            award = self.rng.choice(lapsing)
            row = {"person": self.now_person(award["person"]), "course": award["course"], "day": award["valid_until"]}
        if not any(row.items() <= other.items() for other in self.history["learning"]):
            self.add("learning", **row)

    def attempt(self) -> None:
        person, course = self.person(), self.rng.choice(["law", "law", "leader"])
        mine = [a for a in self.history["attempts"] if (self.now_person(a["person"]), a["course"]) == (person, course)]
        running = [a for a in mine if a["recorded_at"] is None]
        today = self.step.at.astimezone(SHANGHAI).date()
        if running:
            outcome = self.rng.choice(["failed", "failed", "passed"])
            running[0].update(submitted_on=today, outcome=outcome, recorded_at=self.step.at)
        else:
            values = {"opened_at": self.step.at, "opened_on": today, "submitted_on": None, "outcome": ""}
            self.add("attempts", person=person, course=course, recorded_at=None, **values)

    def publish(self) -> None:
        course = self.rng.choice(COURSES)
        number = max(row["number"] for row in self.history["versions"] if row["course"] == course) + 1
        retake = self.rng.random() < 0.7
        values = {"change": "retake" if retake else "editorial", "retake_from": self.day() if retake else None}
        self.add("versions", course=course, number=number, **values)
        self.step.everything = True

    def revise(self) -> None:
        row = self.rng.choice(self.current("plans"))
        self.supersede(row)
        self.add("plans", **_plan(self.rng, row["code"], 0 if row["code"] == "alpha" else 1))
        self.step.everything = True

    def merge(self) -> None:
        source, target = self.person(), self.person()
        running = [a for a in self.history["attempts"] if a["recorded_at"] is None]
        busy = {self.now_person(a["person"]) for a in running}
        if source == target or {source, target} <= busy:
            return
        self.add("merges", source=source, target=target)
        self.step.persons |= {source, target}
        for row in [row for row in self.current("assignments") if row["person"] == source]:
            self._move(row, target)

    def _move(self, row: Row, target: int) -> None:
        """Make the source's assignment the target's; one that overlaps the target's own is void."""
        kept = {key: row[key] for key in ("assignment", "enterprise", "post", "starts_on", "ends_on")}
        values = kept | {"person": target, "void": row["void"]}
        others = [other for other in self.current("assignments") if other is not row and not other["void"]]
        if any(_same(other, values) and _overlap(other, values) for other in others):
            values["void"] = True
        self.supersede(row)
        self.add("assignments", **values)
        self.step.assignments.add(row["assignment"])


FACTS = {
    "region": ["440100", "440103", "440103", "440200", "440000", "450200"],
    "industry": ["26", "35", "35", "47", "51", "10"],
    "hazardous_licence": ["0", "1"],
    "key_industry": ["", "construction", "instant_delivery", "hazardous_chemicals"],
    "key_enterprise": ["0", "1"],
    "insured": ["0", "3", "12"],
    "not_applicable": ["", "team_leader", "safety_head;team_leader", "safety_head;team_leader"],
    "closed_on": ["", "day", "day"],
}


def _apart(*told: object) -> Random:
    """Give chance of its own for what came later, so that stories known by their seed stay as they were."""
    return Random(repr(told))


def _plan(rng: Random, code: str, number: int) -> Row:
    any_from = rng.choice([None, None, rng.choice(ANCHORS)])
    later = rng.choice(ANCHORS)
    requirements: list[Row] = [
        {"post": post, "industry": None, "from": any_from, "to": None, "courses": ["law"]} for post in POSTS
    ]
    requirements[0]["courses"] = ["law", "lessons"]
    leader: Row = {"post": "team_leader", "industry": None, "from": None, "courses": ["leader"]}
    requirements.append(leader | {"to": rng.choice([None, later])})
    blast: Row = {"industry": "hazardous_chemicals", "from": rng.choice([None, later]), "to": None}
    requirements += [blast | {"post": post, "courses": ["blast", "law"]} for post in ("team_leader", "safety_head")]
    rng.shuffle(requirements)
    chance = _apart(code, requirements)
    for row in requirements:
        row["offline"] = [course for course in row["courses"] if chance.random() < 0.15]
    dated = _apart("terms", code, requirements)
    industries = [
        {"code": "hazardous_chemicals", "divisions": ["25", "26"], "licence": number == 0 or rng.random() < 0.5},
        {"code": "machinery", "divisions": ["33", "34", "35"], "licence": False},
        {"code": "construction", "divisions": ["47", "48"], "licence": False},
    ]
    for industry in industries:
        industry.update(_term(dated) if dated.random() < 0.2 else {"from": None, "to": None})
    posts = {"safety_head": True, "team_leader": True} | ({"high_risk_operator": False} if number == 0 else {})
    return {
        "code": code,
        "starts_on": rng.choice([date(2024, 1, 1), date(2024, 2, 29), date(2024, 4, 10)]),
        "counts_from": rng.choice([date(2023, 1, 1), date(2024, 1, 1), date(2024, 6, 1)]),
        "deadline": rng.choice([date(2024, 9, 1), date(2024, 12, 31), date(2025, 4, 1)]),
        "regions": ["440000"] if number == 0 else rng.choice([["440100", "450200"], ["100000"]]),
        "posts": posts,
        "terms": {post: _term(dated) for post in posts if dated.random() < 0.25},
        "industries": industries,
        "requirements": requirements,
    }


def _term(rng: Random) -> Row:
    """Give when a post or an industry counts, at times never."""
    return {"from": rng.choice([None, *ANCHORS[1:]]), "to": rng.choice([None, None, *ANCHORS[3:]])}


def _instant(rng: Random, day: date) -> datetime:
    """Give an instant of a Shanghai day, often just before or after midnight."""
    clock = rng.choice([timedelta(), timedelta(hours=9), timedelta(hours=23, minutes=59, seconds=59)])
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC) + clock


def _same(left: Row, right: Row) -> bool:
    return all(bool(left[key] == right[key]) for key in ("person", "enterprise", "post"))


def _overlap(left: Row, right: Row) -> bool:
    return bool(
        left["starts_on"] < (right["ends_on"] or date.max) and right["starts_on"] < (left["ends_on"] or date.max)
    )

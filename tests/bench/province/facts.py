"""Makes the rows of all facts, some hundred enterprises at a time, so that memory does not grow with the province.

Hashes are random and unique as real ones are; sealed IDs and phones are random bytes of the right length, for nothing
that is measured opens one. Awards are records of elsewhere (`import`): no attempt stands behind them.
"""

import base64
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.awards.service import NUMBER_ALPHABET, OFFLINE, ONLINE
from app.workflows.sample.names import PROVIDERS, SHOPS, person_name
from tests.bench.province.extent import sizes
from tests.bench.province.firms import ALWAYS, END, Firm, Register, changes, first_facts
from tests.bench.province.places import County
from tests.bench.province.tables import TABLES
from tests.bench.province.tenures import LEADER, Tenure, tenures
from tests.bench.province.ticks import Ticks
from tests.bench.province.training import Earned, earned, schools

CHUNK = 250
"""Enterprises whose rows are held in memory at once."""
BUREAU, OFFICER = "广东省人社厅", "企业安全员"
MOVERS, IDLE, IDLE_DAYS = 0.5, 400, 500
"""How often a new team leader is somebody who left a post elsewhere; how many of these are remembered, for how long."""
REVOKED, WAIVED = 0.003, 0.0003
SEALED_ID, SEALED_PHONE = 47, 40
"""Bytes that AES-GCM makes of an ID and of a phone number."""
SCRAMBLE, NUMBERS = 0x5851F42D4D, 1 << 40
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Ground:
    """What is there before any enterprise: places, course versions (ids by code), the plan that waives."""

    counties: list[County]
    versions: Mapping[str, int]
    waiving_plan: int


@dataclass(slots=True)
class Human:
    """A person: id and name, and what they can prove."""

    id: int
    name: str
    trained: bool = False


@dataclass
class Maker:
    """Makes facts; `ids` are the last ids given, by table."""

    seed: str
    ground: Ground
    ticks: Ticks = field(default_factory=Ticks)
    ids: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    idle: deque[tuple[int, Human]] = field(default_factory=lambda: deque(maxlen=IDLE))
    rows: Rows = field(default_factory=dict)

    def chunks(self, assignments: int) -> Iterator[Rows]:
        """Give the rows of all enterprises, by table, some enterprises at a time."""
        register = Register(self.ground.counties)
        self._start()
        for number, size in enumerate(sizes(Random(f"{self.seed} sizes"), assignments), 1):
            rng = Random(f"{self.seed} {number}")
            self._firm(rng, register.firm(rng, number, size), register)
            if number % CHUNK == 0:
                yield self.rows
                self._start()
        yield self.rows

    def _start(self) -> None:
        self.rows = {name: [] for name in TABLES}

    def _add(self, table: str, *values: Any) -> int:
        self.ids[table] += 1
        self.rows[table].append((self.ids[table], *values))
        return self.ids[table]

    def _firm(self, rng: Random, firm: Firm, register: Register) -> None:
        at = _Desk(rng, self.ticks)
        self._registered(rng, at, firm, register)
        held = tenures(rng, firm)
        classes = schools(rng, firm)
        sitting: dict[int, Human] = {}
        for one in held:
            human = sitting.get(id(one.shares)) if one.shares else None
            human = human or self._sitter(rng, at, one)
            sitting[id(one)] = human
            self._assigned(rng, at, firm, one, human)
            if not human.trained or one.shares is None:
                for what in earned(rng, firm, one, classes):
                    human.trained = True
                    self._award(rng, at, human, what)
            if one.end is not None and one.post == LEADER:
                self.idle.append((one.end, human))
        self._declared(rng, at, firm, held)

    def _registered(self, rng: Random, at: "_Desk", firm: Firm, register: Register) -> None:
        region = firm.county.code
        first = at.day(firm.entered, "import_enterprises")
        for attribute, value in first_facts(firm):
            self._add("enterprise_fact", firm.id, attribute, value, ALWAYS, first, None)
        for change in changes(rng, firm, register):
            instant = at.day(change.recorded_on, "import_enterprises")
            if change.attribute == "region":
                region = change.value
            self._add("enterprise_fact", firm.id, change.attribute, change.value, change.effective_on, instant, None)
        self._add("enterprise", firm.uscc, firm.name, region)

    def _sitter(self, rng: Random, at: "_Desk", one: Tenure) -> Human:
        """Find who takes a post: somebody who left another one lately, or somebody new."""
        if one.post == LEADER and self.idle and rng.random() < MOVERS:
            place = rng.randrange(len(self.idle))
            left, human = self.idle[place]
            if left <= one.start < left + IDLE_DAYS and one.said >= left:
                del self.idle[place]
                return human
        name = person_name(rng, "44", male=rng.random() < 0.8)
        instant = at.day(one.known, "import_roster")
        masked = f"0000**********{rng.randrange(10_000):04d}"
        sealed, hashed = rng.randbytes(SEALED_ID), rng.randbytes(32).hex()
        phoned = rng.random() < 0.5
        phone = (rng.randbytes(SEALED_PHONE), rng.randbytes(32).hex()) if phoned else (None, None)
        return Human(self._add("person", name, sealed, hashed, masked, *phone, instant), name)

    def _assigned(self, rng: Random, at: "_Desk", firm: Firm, one: Tenure, human: Human) -> None:
        """Write an assignment as it stands now, and every version of it that was known."""
        number = self.ids["post_assignment"] + 1
        known = at.day(one.known, "import_roster")
        said: list[tuple[int, int | None, int]] = [(one.said, None, known)]
        if one.corrected is not None:
            said.append((one.start, None, at.day(one.corrected, "import_roster")))
        if one.end is not None and one.end_known is not None:
            ended = at.day(one.end_known, "import_roster")
            said = [(one.start, one.end, ended)] if ended == known else [*said, (one.start, one.end, ended)]
        for place, (start, end, instant) in enumerate(said):
            superseded = said[place + 1][2] if place + 1 < len(said) else None
            whose = (number, human.id, firm.id, one.post, start, end)
            self._add("post_assignment_version", *whose, False, instant, superseded)
        start, end, instant = said[-1]
        trade = rng.choice(SHOPS[firm.sector]) if one.post == LEADER else ""
        self._add("post_assignment", human.id, firm.id, one.post, trade, start, end, False, instant)
        if rng.random() < WAIVED and one.known < END:
            waived = at.alone(one.known + 1 + rng.randrange(END - one.known), "waiver")
            why = ("长期病假", BUREAU, "", "", waived, None)
            self._add("waiver", number, self.ground.waiving_plan, one.start, None, *why)

    def _award(self, rng: Random, at: "_Desk", human: Human, what: Earned) -> None:
        taught = what.class_ is not None
        instant = at.day(what.recorded, "import_records") if taught else at.alone(what.recorded, "award")
        token = base64.urlsafe_b64encode(rng.randbytes(32)).decode().rstrip("=")
        school = rng.choice(PROVIDERS["44"]) if taught else ""
        score = float(rng.randint(80, 100)) if taught else float(rng.randint(60, 100))
        version = self.ground.versions[what.course]
        number = self._add(
            "award", f"CV{_number(self.ids['award'])}", token, human.id, human.id, human.name, what.course, version, 1,
            what.on, what.valid_until, OFFLINE if taught else ONLINE, "import", score, 2.0, school, "", "{}", instant,
        )  # fmt: skip
        if rng.random() < REVOKED and what.recorded + 10 < END:
            revoked = what.recorded + 5 + rng.randrange(END - what.recorded - 5)
            since = what.on if rng.random() < 0.6 else revoked
            self._add("revocation", number, since, "名单有误，撤销。", BUREAU, at.alone(revoked, "revocation"))

    def _declared(self, rng: Random, at: "_Desk", firm: Firm, held: list[Tenure]) -> None:
        """Write that every roster declared, and that some were confirmed without a change."""
        days: dict[int, list[int]] = {}
        for one in held:
            days.setdefault(one.known, [one.said, 0])[1] += 1
            days[one.known][0] = min(days[one.known][0], one.said)
            if one.corrected is not None:
                days.setdefault(one.corrected, [one.start, 0])
            if one.end_known is not None:
                days.setdefault(one.end_known, [one.start, 0])[1] -= 1
        confirmed = {firm.reports_from + 90 + int(rng.random() * 1700) for _ in range(int(rng.expovariate(1 / 2.5)))}
        last = {END - rng.randrange(80)} if rng.random() < 0.45 else set()
        count = 0
        for day in sorted({*days, *(each for each in confirmed | last if held and each <= END)}):
            since, change = days.get(day, (day, 0))
            count += change
            kind = "import" if day in days else "confirmation"
            instant = at.day(day, "import_roster" if day in days else "confirmation")
            self._add("declaration", firm.id, kind, since, day, count, OFFICER, instant)


class _Desk:
    """Enters one enterprise's facts: those of a kind and a day together."""

    def __init__(self, rng: Random, ticks: Ticks) -> None:
        self.rng, self.ticks = rng, ticks
        self.known: dict[tuple[int, str], int] = {}

    def day(self, day: int, kind: str) -> int:
        """Give the posting of a kind on a day."""
        key = day, kind
        if key not in self.known:
            self.known[key] = self.ticks.at(self.rng, day, kind)
        return self.known[key]

    def alone(self, day: int, kind: str) -> int:
        """Give a posting for one fact."""
        return self.ticks.at(self.rng, day, kind)


def _number(count: int) -> str:
    """Give ten random-looking characters, never the same twice."""
    mixed, text = (count * SCRAMBLE) % NUMBERS, ""
    for _ in range(8):
        mixed, digit = divmod(mixed, 32)
        text += NUMBER_ALPHABET[digit]
    return f"20260000{text}"

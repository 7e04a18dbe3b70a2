"""What reading figures costs in process: a fresh read session each time, the answer's objects built."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from app.coverage.queries import Ask, EnterpriseFilter, enterprises, trend
from app.coverage.queries.asking import resolve
from app.coverage.queries.dashboard import dashboard
from app.coverage.queries.posts import PostFilter, posts_page
from app.kit.scope import SYSTEM
from app.ops.db import Session
from tests.bench.lines import Line, percentile
from tests.bench.province.base import CHANCE, Base, Questions
from tests.bench.province.touched import UNIT, Touched, watched, way

REQUESTS, WARM, WATCHED = 200, 20, 20
SHOWN = 50
SLOWEST, TEXT = 3, 400
"""Statements that are explained, and how many characters of each are printed."""
MONTHS = 60
Do = Callable[[Session, Questions], object]


@dataclass(frozen=True)
class Reading:
    """One line: its name, how it is asked, its bars on SQLite and on PostgreSQL."""

    what: str
    do: Do
    bars: tuple[float, float]


def readings() -> tuple[Reading, ...]:
    """List what is read."""
    return (
        Reading("dashboard, any region, now", _dashboard(Questions.today), (30, 60)),
        Reading("dashboard, any region, past day", _dashboard(Questions.past), (30, 60)),
        Reading("dashboard, as known at K >= D", _dashboard(Questions.known_later), (60, 250)),
        Reading("dashboard, as known at any K", _dashboard(Questions.known_any), (250, 1000)),
        Reading("trend of 60 months, any region", _trend_of_region, (20, 30)),
        Reading("trend of 60 months, any enterprise", _trend_of_enterprise, (20, 30)),
        Reading("50 worst enterprises, any region, now", _worst(Questions.today), (20, 30)),
        Reading("50 worst enterprises, any region, past day", _worst(Questions.past), (120, 1500)),
        Reading("50 worst enterprises, a city, past day", _worst(_city), (120, 250)),
        Reading("who is missing in an enterprise, reasons", _missing, (50, 60)),
    )


def reads(base: Base) -> Iterator[Line]:
    """Measure every reading: 200 requests, p95 against the bar; then some more to see what they touch."""
    for reading in readings():
        questions = Questions(base, Random(CHANCE))
        for _ in range(WARM):
            _timed(base, reading.do, questions)
        begun = base.processor(os.getpid())
        taken = [_timed(base, reading.do, questions) for _ in range(REQUESTS)]
        note = processor(base.processor(os.getpid()) - begun)
        if base.database.is_sqlite:  # then all the work is in this process
            note += f", p95 {percentile([worked for _, worked in taken], 0.95) * 1000:.1f}"
        counted = [_watched(base, reading.do, questions) for _ in range(WATCHED)]
        yield spread(
            reading.what, [took for took, _ in taken], base.pick(*reading.bars), note + touching(base, counted)
        )


def spread(what: str, seconds: list[float], bar: float | None, note: str = "") -> Line:
    """Give the p95 in milliseconds, the other percentiles noted."""
    p50, p95, p99 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95, 0.99))
    return Line(
        what,
        p95,
        "ms",
        bar,
        note=f"p50 {p50:.1f}, p99 {p99:.1f}, max {max(seconds) * 1000:.0f}, n {len(seconds)}{note}",
    )


def processor(seconds: float, requests: int = REQUESTS) -> str:
    """Tell what each request took of a processor, the database's part included: true on a busy machine too."""
    return f", processor {seconds * 1000 / requests:.1f} each"


def touching(base: Base, counted: list[Touched]) -> str:
    """Tell what was touched: the middle and the most, and how many statements."""
    counts = sorted(one.count for one in counted)
    statements = max(len(one.statements) for one in counted)
    unit = UNIT[base.database.is_sqlite]
    return f", {unit} p50 {percentile(counts, 0.5):,.0f}, most {counts[-1]:,}, statements {statements}"


def _timed(base: Base, do: Do, questions: Questions) -> tuple[float, float]:
    """Give the seconds that a request took, and those of this process's processor."""
    begun, worked = time.perf_counter(), time.process_time()
    with base.database.reading() as session:
        do(session, questions)
    return time.perf_counter() - begun, time.process_time() - worked


def _watched(base: Base, do: Do, questions: Questions) -> Touched:
    with base.database.reading() as session, watched(base.database, session) as found:
        do(session, questions)
    return found


def explained(base: Base, part: str) -> Iterator[str]:
    """Give the slowest statements of the readings whose name has this part, with how the database goes about them."""
    for reading in readings():
        if part in reading.what:
            questions = Questions(base, Random(CHANCE))
            seen = [one for _ in range(WATCHED) for one in _watched(base, reading.do, questions).statements]
            yield f"{reading.what}: the slowest statements of {WATCHED} requests"
            for took, text, values in sorted(seen, key=lambda one: -one[0])[:SLOWEST]:
                yield f"  {took:.1f} ms  {' '.join(text.split())[:TEXT]}"
                with base.database.reading() as session:
                    yield from (f"      {step}" for step in way(base.database, session, text, values))


def _dashboard(asking: Callable[[Questions], Ask]) -> Do:
    def do(session: Session, questions: Questions) -> object:
        asked = asking(questions)
        board = dashboard(SYSTEM, session, asked, questions.base.today, questions.base.now)
        return board.figures(), board.by_region(asked.region or "")

    return do


def _trend_of_region(session: Session, questions: Questions) -> object:
    asked = replace(questions.today(), on=questions.base.today)
    return trend(SYSTEM, session, asked, MONTHS, questions.base.today, questions.base.now)


def _trend_of_enterprise(session: Session, questions: Questions) -> object:
    _, uscc = questions.enterprise(session)
    asked = replace(questions.today(), on=questions.base.today, region=None, enterprise=uscc)
    return trend(SYSTEM, session, asked, MONTHS, questions.base.today, questions.base.now)


def _worst(asking: Callable[[Questions], Ask]) -> Do:
    def do(session: Session, questions: Questions) -> object:
        base = questions.base
        return enterprises(SYSTEM, session, asking(questions), EnterpriseFilter(), base.today, base.now, size=SHOWN)

    return do


def _city(questions: Questions) -> Ask:
    return replace(questions.past(), region=questions.chance.choice(questions.base.places.cities))


def _missing(session: Session, questions: Questions) -> object:
    _, uscc = questions.enterprise(session)
    asked = replace(questions.past(), region=None, enterprise=uscc)
    question = resolve(SYSTEM, session, asked, questions.base.today, questions.base.now)
    return posts_page(SYSTEM, session, question, PostFilter("missing"), size=SHOWN)

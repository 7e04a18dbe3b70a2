"""What writing costs in a large base: an award, many writers at once, 500 rows of a roster. It leaves what it wrote."""

import csv
import io
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from random import Random

from sqlalchemy import select

from app.catalogue import queries as catalogue
from app.coverage import projections
from app.identity.service import Actor
from app.kit.checkdigits import resident_id_check
from app.kit.scope import SYSTEM
from app.ops import garbage
from app.ops.db import Database
from app.organisations.models import Enterprise, PostAssignment
from app.workflows import imports
from app.workflows.import_results import Options
from tests.bench.lines import Line, percentile
from tests.bench.province.base import CHANCE, Base
from tests.bench.province.reads import processor, spread
from tests.bench.writes import COURSE, record_award

AWARDS, EACH, FIRST = 200, 60, 5
"""Awards by one writer; by each of several at once; those of each before the time counts."""
WRITERS = (1, 4, 16)
ROWS, ROSTERS = 500, 5
SPREADS = (1, 40)
"""Over so many enterprises: as a safety officer imports, and as a clerk does."""
CHECKED, WRITTEN = 5000, (2000, 1500)
HEADERS = ("统一社会信用代码", "姓名", "证件号码", "手机号", "岗位", "上岗日期")


def award(base: Base) -> Iterator[Line]:
    """Record one award and post it, in one transaction each, by one writer."""
    persons = _people(base, Random(CHANCE), AWARDS + EACH)
    for person in persons[AWARDS:]:
        record_award(base.database, person)
    begun = base.processor(os.getpid())
    seconds = [record_award(base.database, person) for person in persons[:AWARDS]]
    note = processor(base.processor(os.getpid()) - begun, AWARDS)
    yield spread("posting one award, durable", seconds, base.pick(10, 15), note)


def writers(base: Base) -> Iterator[Line]:
    """Post awards from several processes at once; PostgreSQL only, SQLite has one writer."""
    if base.database.is_sqlite:
        return
    chance = Random(CHANCE + 1)
    for count in WRITERS:
        persons = _people(base, chance, count * (FIRST + EACH))
        context = get_context("spawn")
        together = context.Barrier(count)
        with ProcessPoolExecutor(count, context, _ready, (base.url, together)) as pool:
            parts = [persons[place::count] for place in range(count)]
            list(pool.map(_first, [part[:FIRST] for part in parts]))
            parts = [part[FIRST:] for part in parts]
            begun = time.perf_counter()
            seconds = [one for part in pool.map(_many, parts) for one in part]
            rate = len(seconds) / (time.perf_counter() - begun)
        p50, p95 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95))
        note = f"each p50 {p50:.1f}, p95 {p95:.1f} ms, n {len(seconds)}"
        yield Line(f"awards posted, {count} writers at once", rate, "/s", note=note)
        yield _fold(base, len(seconds))


OPEN: list[Database] = []
TOGETHER: list[Barrier] = []
"""A writer process's own database, and what all writers wait at."""


def _ready(url: str, together: Barrier) -> None:
    """Connect, and import what is imported late, before the time counts."""
    OPEN.append(Database(url))
    TOGETHER.append(together)
    with OPEN[0].reading() as session:
        catalogue.current(session, COURSE, date(2026, 1, 1))


def _first(persons: list[int]) -> None:
    """Record some awards, so that all statements are made, and wait for the others: each takes one such task."""
    _many(persons)
    TOGETHER[0].wait()


def _fold(base: Base, postings: int) -> Line:
    """Fold what writers side by side left pending, as the worker does."""
    begun = time.perf_counter()
    with base.database.session() as session:
        projections.fold(session)
    return Line("  folded afterwards", (time.perf_counter() - begun) * 1000, "ms", note=f"{postings} postings")


def _many(persons: list[int]) -> list[float]:
    return [record_award(OPEN[0], person) for person in persons]


def _people(base: Base, chance: Random, count: int) -> list[int]:
    """Choose people who hold a post now."""
    found: list[int] = []
    with base.database.reading() as session:
        while len(found) < count:
            ids = chance.sample(range(1, base.assignments + 1), min(base.assignments, count))
            held = PostAssignment
            query = select(held.person_id).where(held.id.in_(ids), held.ends_on.is_(None), held.void.is_(False))
            found = list(dict.fromkeys([*found, *session.scalars(query)]))
    return found[:count]


def roster(base: Base) -> Iterator[Line]:
    """Import sheets of 500 new people, of one enterprise and of many: checked apart, then checked and written."""
    garbage.seldom()  # as a process that serves does
    chance = Random(f"{CHANCE} {base.now}")
    for spread_over in SPREADS:
        name = f"roster of {ROWS} rows, {spread_over} enterprise{'s' * (spread_over > 1)}"
        _imported(base, _sheet(base, chance, spread_over))
        taken = [_imported(base, _sheet(base, chance, spread_over)) for _ in range(ROSTERS)]
        checked, written = ([one[place] for one in taken] for place in (0, 1))
        middle = percentile(checked, 0.5), percentile(written, 0.5)
        asked = CHECKED if base.database.is_sqlite else None  # the design asks it of SQLite only
        yield Line(f"{name}, checked", ROWS / middle[0], "rows/s", asked, least=True, note=_took(checked))
        note = _took(written) + processor(sum(worked for _, _, worked in taken), ROSTERS)
        bar = base.pick(*WRITTEN)
        yield Line(f"{name}, written and posted", ROWS / middle[1], "rows/s", bar, least=True, note=note)
        if not base.database.is_sqlite:
            yield _fold(base, ROSTERS + 1)


def _imported(base: Base, data: bytes) -> tuple[float, float, float]:
    """Check a sheet, then check and write it; give the seconds of both, and the processor's of the latter."""
    begun = time.perf_counter()
    sheet = imports.read("roster", data, Options())
    with base.database.reading() as session:
        result = imports.preview(session, SYSTEM, "roster", sheet, Options(), base.now)
    checked = time.perf_counter() - begun
    assert not result.refused, result.errors[:3]
    begun, before = time.perf_counter(), base.processor(os.getpid())
    sheet = imports.read("roster", data, Options())
    with base.database.session() as session:
        imports.run(session, SYSTEM, "roster", sheet, Options(), Actor(None, "bench"), base.now)
    return checked, time.perf_counter() - begun, base.processor(os.getpid()) - before


def _took(seconds: list[float]) -> str:
    return f"p50 {percentile(seconds, 0.5) * 1000:.0f} ms, max {max(seconds) * 1000:.0f} ms, n {len(seconds)}"


def _sheet(base: Base, chance: Random, spread_over: int) -> bytes:
    numbers = chance.sample(range(1, base.enterprises + 1), spread_over)
    with base.database.reading() as session:
        codes = list(session.scalars(select(Enterprise.uscc).where(Enterprise.id.in_(numbers))))
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(HEADERS)
    for number, person in enumerate(chance.sample(range(10_000_000), ROWS)):
        born = date(1970, 1, 1) + timedelta(person // 1000)
        first = f"000003{born:%Y%m%d}{person % 1000:03d}"
        phone = f"1992{person:07d}"
        code = codes[number * len(codes) // ROWS]
        sheet.writerow([code, "覃大勇", first + resident_id_check(first), phone, "班组长", "2026-03-02"])
    return text.getvalue().encode()

"""Enters reading that has happened, many people at once: the same sessions, receipts and progress as page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.catalogue.queries import CourseVersionRow
from app.catalogue.shapes import Module
from app.kit.dates import day_of
from app.learning.conditions import done_rightly
from app.learning.credit import MILLISECOND, State, decide
from app.learning.models import LearningDay, LearningReceipt, LearningSession, ModuleDeed, ModuleProgress
from app.ops.secrets import keyed_hash, random_token

REPORT_EVERY_MS = 60_000
"""How much reading a page reports at once."""
WHOLE_DAY_MS = 86_400_000
LEFT = "left"


@dataclass(frozen=True)
class Reading:
    """Somebody read a course version from `begun_at` on, without a break, all of it or `share` of it (0 to 1)."""

    person_id: int
    version: CourseVersionRow
    begun_at: datetime
    share: float = 1.0


@dataclass
class _Rows:
    """What is to be written; the receipts stand beside the session they belong to."""

    sessions: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    progress: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    deeds: list[dict[str, Any]] = field(default_factory=list)


def read_many(session: Session, readings: Sequence[Reading], recorded_at: datetime) -> list[datetime]:
    """Enter readings of people who had not begun these versions; gives the instant at which each ended."""
    rows = _Rows()
    ends = [_read(rows, reading, recorded_at) for reading in readings]
    if rows.sessions:
        ids = list(
            session.scalars(
                insert(LearningSession).returning(LearningSession.id, sort_by_parameter_order=True), rows.sessions
            )
        )
        session.execute(insert(LearningReceipt), [row | {"session_id": ids[place]} for place, row in rows.receipts])
        session.execute(insert(ModuleProgress), rows.progress)
        session.execute(insert(LearningDay), rows.days)
        if rows.deeds:
            session.execute(insert(ModuleDeed), rows.deeds)
    return ends


def _read(rows: _Rows, reading: Reading, recorded_at: datetime) -> datetime:
    modules = reading.version.course.modules
    left_ms = int(sum(module.needed_seconds for module in modules) * 1000 * reading.share)
    now, credited_ms = reading.begun_at, 0
    for module in modules:
        read_ms = min(left_ms - credited_ms, module.needed_seconds * 1000)
        if read_ms > 0:
            credited_ms += read_ms
            now = _read_module(rows, reading, module, read_ms, now)
    rows.days.append(
        {
            "person_id": reading.person_id,
            "recorded_person_id": reading.person_id,
            "course_code": reading.version.course_code,
            "day": day_of(reading.begun_at),
            "credited_ms": credited_ms,
            "recorded_at": recorded_at,
        }
    )
    return now


def _read_module(rows: _Rows, reading: Reading, module: Module, read_ms: int, begun_at: datetime) -> datetime:
    needed_ms, place = module.needed_seconds * 1000, len(rows.sessions)
    state = State((), needed_ms, begun_at, 0, WHOLE_DAY_MS)
    ended_at = begun_at
    for sequence, (start, end) in enumerate(_spans(read_ms), 1):
        ended_at = begun_at + end * MILLISECOND
        decision = decide([(start, end)], state, ended_at)
        state = State(decision.seen, needed_ms, decision.credited_until, 0, WHOLE_DAY_MS)
        receipt = {"sequence": sequence, "received_at": ended_at, "spans": [[start, end]]}
        rows.receipts.append(
            (place, receipt | {"allowed_ms": decision.allowed_ms, "credited_ms": decision.credited_ms})
        )
    fulfils = read_ms == needed_ms and _do(rows, reading, module, ended_at)
    rows.sessions.append(
        {
            "token_hash": keyed_hash(random_token(), "learning"),
            "person_id": reading.person_id,
            "course_version_id": reading.version.id,
            "module": module.slug,
            "anew": False,
            "checks": [],
            "opened_at": begun_at,
            "credited_until": state.credited_until,
            "ended_at": ended_at,
            "ended_why": LEFT,
        }
    )
    rows.progress.append(
        {
            "person_id": reading.person_id,
            "course_code": reading.version.course_code,
            "course_version_id": reading.version.id,
            "module": module.slug,
            "intervals": [list(span) for span in state.seen],
            "credited_ms": read_ms,
            "needed_ms": needed_ms,
            "present_ms": 0,
            "fulfilled_at": ended_at if fulfils else None,
            "updated_at": ended_at,
            "completed_at": ended_at if read_ms == needed_ms else None,
        }
    )
    return ended_at + timedelta(seconds=20)


def _do(rows: _Rows, reading: Reading, module: Module, at: datetime) -> bool:
    """Do what a module asks besides time, all of it rightly; says whether it asks anything."""
    deeds = done_rightly(module, reading.version.course.items)
    rows.deeds += [
        {
            "person_id": reading.person_id,
            "recorded_person_id": reading.person_id,
            "course_version_id": reading.version.id,
            "module": module.slug,
            "kind": deed.kind,
            "detail": dict(deed.detail),
            "done_at": at,
        }
        for deed in deeds
    ]
    return bool(deeds)


def _spans(read_ms: int) -> Iterator[tuple[int, int]]:
    for start in range(0, read_ms, REPORT_EVERY_MS):
        yield start, min(start + REPORT_EVERY_MS, read_ms)

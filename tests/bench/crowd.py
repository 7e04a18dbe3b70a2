"""A crowd: 500 people who read and report every ten seconds, and 50 exams handed in each second, at the same time.

Requests are sent when they are due, whether or not earlier ones were answered, and are waited for from then on: a
server that falls behind shows it. While the last of them are under way the server is killed (kill -9), and everything
that it had acknowledged must be in the database. Seven in eight submissions pass, and are awarded and posted.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from app.assessment.models import Attempt
from app.awards.models import Award
from app.catalogue import queries as catalogue
from app.learning.history import Reading, read_many
from app.learning.models import LearningReceipt, LearningSession
from app.ops.db import Database
from tests.bench.client import Client, together
from tests.bench.lines import Line, spread
from tests.bench.region import Region, Signed, opened, sign_in
from tests.bench.writes import COURSE, MODULE, owing, right_answers
from tests.support.serving import Running, serving

LEARNERS = 500
EVERY = 10.0
HANDED_IN = 50
"""A second."""
SECONDS = 20
CONNECTIONS = 32
FAILING = 8
"""Of so many submissions one fails."""


@dataclass(frozen=True)
class Due:
    """A report of reading time (`sequence` from 1) or, with sequence 0, a submission; due after so many seconds."""

    at: float
    who: Signed
    sequence: int = 0


@dataclass
class Heard:
    """What was acknowledged, with the seconds from due to answer; the rest broke off when the server was killed."""

    receipts: list[float] = field(default_factory=list)
    submissions: list[float] = field(default_factory=list)
    readers: set[int | None] = field(default_factory=set)
    sitters: list[int] = field(default_factory=list)
    broken: int = 0


def crowd(region: Region) -> list[Line]:
    """Let the crowd at one process on SQLite."""
    data = region.copy()
    with opened(data) as database:
        return against(database, data, region.chance)


def against(database: Database, data: Path, chance: Random, processes: int = 1, **environment: str) -> list[Line]:
    """Let the crowd at a server of so many processes on a database; `data` is its folder."""
    people = sign_in(database, owing(database, chance, LEARNERS + HANDED_IN * SECONDS))
    readers, sitters = people[:LEARNERS], people[LEARNERS:]
    _have_read(database, sitters)
    options = ["--workers", str(processes)] if processes > 1 else []
    with serving(data, options=options, **environment) as running:
        tokens, paths = _begun(running, database, readers, sitters)
        heard = _let_go(running, tokens, paths, _calendar(readers, sitters))
    return [
        spread("a receipt, of 500 learners", heard.receipts, 100),
        spread("a submission, 50 a second", heard.submissions, 100),
        Line("lost of what was acknowledged, after kill -9", _lost(database, heard), "", 0, note=_note(heard)),
    ]


def _note(heard: Heard) -> str:
    return f"{len(heard.receipts)} receipts, {len(heard.submissions)} submissions, {heard.broken} broken off"


def _have_read(database: Database, sitters: Sequence[Signed]) -> None:
    now = datetime.now(UTC) - timedelta(hours=2)
    with database.session() as session:
        version = catalogue.current(session, COURSE, now.date())
        read_many(session, [Reading(who.person_id or 0, version, now) for who in sitters], now)


def _begun(
    running: Running, database: Database, readers: Sequence[Signed], sitters: Sequence[Signed]
) -> tuple[dict[str, str], dict[str, str]]:
    """Open the readers' sessions and the sitters' exams, with all answers saved; tokens and addresses by cookie."""
    tokens: dict[str, str] = {}
    paths: dict[str, str] = {}

    def read(client: Client, who: Signed) -> None:
        tokens[who.token] = client.send(f"/courses/{COURSE}/modules/{MODULE}/sessions", who, {})["token"]

    def sit(client: Client, who: Signed) -> None:
        path = client.post(f"/courses/{COURSE}/attempts", who)
        answers = right_answers(database, int(path.rpartition("/")[2]))
        client.send(f"{path}/answers", who, {"answers": answers[:1] if len(paths) % FAILING == 0 else answers})
        paths[who.token] = path

    together(running.url, 4, readers, read)
    together(running.url, 4, sitters, sit)
    return tokens, paths


def _calendar(readers: Sequence[Signed], sitters: Sequence[Signed]) -> list[Due]:
    reports = [
        Due(place * EVERY / LEARNERS + turn * EVERY, who, turn + 1)
        for place, who in enumerate(readers)
        for turn in range(int(SECONDS / EVERY))
    ]
    return sorted(reports + [Due(n / HANDED_IN, who) for n, who in enumerate(sitters)], key=lambda due: due.at)


def _let_go(running: Running, tokens: Mapping[str, str], paths: Mapping[str, str], calendar: Sequence[Due]) -> Heard:
    """Send everything when it is due; kill the server just before the last requests are answered."""
    heard, own, lock = Heard(), threading.local(), threading.Lock()
    begun = time.perf_counter() + 0.2

    def one(due: Due) -> None:
        time.sleep(max(0.0, begun + due.at - time.perf_counter()))
        own.client = getattr(own, "client", None) or Client(running.url)
        try:
            _send(own.client, due, tokens, paths)
        except (HTTPException, OSError):
            own.client = None
            with lock:
                heard.broken += 1
            return
        took = time.perf_counter() - begun - due.at
        with lock:
            _note_answer(heard, due, paths, took)

    with _killed(running, begun + calendar[-1].at), ThreadPoolExecutor(CONNECTIONS) as pool:
        for done in [pool.submit(one, due) for due in calendar]:
            done.result()
    return heard


def _send(client: Client, due: Due, tokens: Mapping[str, str], paths: Mapping[str, str]) -> None:
    if not due.sequence:
        client.post(f"{paths[due.who.token]}/submission", due.who)
        return
    until = int(due.sequence * EVERY * 1000)
    spans = [[until - int(EVERY * 1000), until]]
    body = {"token": tokens[due.who.token], "sequence": due.sequence, "spans": spans}
    client.send("/learning/receipts", due.who, body)


def _note_answer(heard: Heard, due: Due, paths: Mapping[str, str], took: float) -> None:
    if due.sequence:
        heard.receipts.append(took)
        heard.readers.add(due.who.person_id)
    else:
        heard.submissions.append(took)
        heard.sitters.append(int(paths[due.who.token].rpartition("/")[2]))


@contextmanager
def _killed(running: Running, at: float) -> Iterator[None]:
    """Kill the server at an instant of time.perf_counter(), whatever it is doing."""
    timer = threading.Timer(max(0.0, at - time.perf_counter()), running.kill)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def _lost(database: Database, heard: Heard) -> int:
    """Count acknowledged receipts, submissions and awards that the database does not hold."""
    with database.reading() as session:
        handed_in = select(Attempt.id, Attempt.outcome).where(Attempt.submitted_at.is_not(None))
        closed = {row.id: row.outcome for row in session.execute(handed_in)}
        awarded = set(session.scalars(select(Award.attempt_id).where(Award.attempt_id.is_not(None))))
        own = select(LearningSession.id).where(LearningSession.person_id.in_(heard.readers))
        kept = session.scalar(select(func.count(LearningReceipt.id)).where(LearningReceipt.session_id.in_(own)))
    lost = [id for id in heard.sitters if id not in closed or (closed[id] == "passed" and id not in awarded)]
    return len(lost) + max(0, len(heard.receipts) - (kept or 0))

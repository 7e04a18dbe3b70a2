"""The three acts that are killed: a roster's import, an exam handed in that fails, and one that earns an award."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import func, select, text

from app.assessment import evidence
from app.assessment import service as exams
from app.assessment.models import Attempt
from app.assessment.service import Answer
from app.awards.models import Award
from app.catalogue import queries as catalogue
from app.coverage import proof
from app.coverage.models import Posting
from app.identity import queries as accounts
from app.identity import service as identity
from app.kit.checkdigits import resident_id_check
from app.ops.db import Database, Session
from app.organisations import persons
from app.organisations.models import Person, PostAssignment
from app.web.deps import cookie_name
from app.workflows.open_exam import open_exam
from app.workflows.sample.cast import hengyue_uscc, worker_id
from tests.support.killing import Strike, duration, strike
from tests.support.sample import copy_of
from tests.support.serving import ROOT, Running, end, environment, serving

COURSE = "safety-rights-and-lessons"
"""The worker of the sample has read it to its end: the exam is open to him."""
FIRST_ID = 19850101


@dataclass(frozen=True)
class Found:
    """What stands in a database after a kill: the act wholly, or not at all; and what the proof finds wrong."""

    whole: bool
    nothing: bool
    faults: tuple[str, ...]

    def fits(self, met: Strike) -> bool:
        """Say whether nothing acknowledged is lost, nothing is half written, and the proof is clean."""
        return self.whole != self.nothing and not self.faults and (self.whole or not met.acknowledged)


Killing = Callable[[float | None], tuple[Strike, Found, float]]
"""Does an act on a fresh copy; kills after a delay in seconds (None: lets it end). Gives also how long it took."""


def rounds(killing: Killing, moments: Sequence[float]) -> Iterator[tuple[Strike, Found]]:
    """Kill once for each moment, a share of the time from the transaction's beginning to the acknowledgement.

    That time is measured first, and thought shorter whenever the acknowledgement was quicker than the kill.
    """
    _, undisturbed, took = killing(None)
    assert undisturbed.whole, undisturbed
    for moment in moments:
        met, found, _ = killing(took * moment)
        yield met, found
        if met.acknowledged:
            took *= 0.6


def import_killing(sample: Path, folder: Path, rows: int) -> Killing:
    """Make the killing of a roster's import of so many new people."""
    roster = folder / "roster.csv"
    write_roster(roster, rows)

    def act(delay: float | None) -> tuple[Strike, Found, float]:
        file = copy_of(sample, folder / "data")
        _forget(file)
        before = _count(file, PostAssignment)
        with _commanded(folder / "data", "import", "roster", str(roster), "--json") as process:
            met, took = _meet(process.pid, file, lambda: _told(process), delay)
        added = _count(file, PostAssignment) - before
        return met, Found(added == rows, added == 0, faults(file)), took

    return act


def exam_killing(sample: Path, folder: Path, *, passing: bool) -> Killing:
    """Make the killing of an exam's submission; a passing one earns an award in the same transaction."""
    ready = folder / "ready.db"
    ready.write_bytes(sample.read_bytes())
    attempt_id, token, csrf = _prepare(ready, passing=passing)

    def act(delay: float | None) -> tuple[Strike, Found, float]:
        file = copy_of(ready, folder / "data")
        _forget(file)
        before = _count(file, Posting), _count(file, Award)
        with serving(folder / "data") as running:
            met, took = _meet(running.process.pid, file, lambda: _submit(running, attempt_id, token, csrf), delay)
        postings, awards = _count(file, Posting) - before[0], _count(file, Award) - before[1]
        closed = _outcome(file, attempt_id)
        whole = (closed, postings, awards) == (("passed", 1, 1) if passing else ("failed", 1, 0))
        return met, Found(whole, (closed, postings, awards) == ("", 0, 0), faults(file)), took

    return act


def write_roster(file: Path, rows: int) -> None:
    """Write a roster of new team leaders at the officer's enterprise."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        sheet = csv.writer(opened)
        sheet.writerow(["统一社会信用代码", "姓名", "证件号码", "岗位", "工种", "上岗日期"])
        for number in range(rows):
            first = f"000001{FIRST_ID + number // 900 % 28}{number % 900:03d}"
            name = "韦" + "".join(chr(0x4E00 + digit) for digit in (number % 97, number // 97))
            row = [hengyue_uscc(), name, first + resident_id_check(first), "班组长", "冲压车间", "2026-10-08"]
            sheet.writerow(row)


def faults(file: Path) -> tuple[str, ...]:
    """Give everything that SQLite or the ledger's proof finds wrong."""
    database = Database(f"sqlite:///{file}")
    with database.reading() as session:
        damage = session.execute(text("PRAGMA integrity_check")).scalars().all()
        found = tuple(f"{finding.kind}: {finding.text}" for finding in proof.check(session))
    database.close()
    return (*(line for line in damage if line != "ok"), *found)


def _forget(file: Path) -> None:
    """Remove the log of the round before, which belongs to another copy."""
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _count(file: Path, table: type[PostAssignment | Posting | Award]) -> int:
    database = Database(f"sqlite:///{file}")
    with database.reading() as session:
        found = session.scalar(select(func.count()).select_from(table))
    database.close()
    return found or 0


def _outcome(file: Path, attempt_id: int) -> str:
    database = Database(f"sqlite:///{file}")
    with database.reading() as session:
        found = session.get_one(Attempt, attempt_id).outcome
    database.close()
    return found


def _meet(pid: int, file: Path, act: Callable[[], bool], delay: float | None) -> tuple[Strike, float]:
    if delay is None:
        return Strike(writing=True, acknowledged=True), duration(file, act)
    return strike(pid, file, act, delay), 0.0


@contextmanager
def _commanded(data: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.support.commanded", *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        end(process)
        process.communicate()


def _told(process: subprocess.Popen[str]) -> bool:
    """Start the command; True when it reported its result, which it does after its commit."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    return any('"added"' in line for line in process.stdout)


def _submit(running: Running, attempt_id: int, token: str, csrf: str) -> bool:
    """Hand the exam in as a browser does; True when the server answered that it has it."""
    with suppress(httpx.TransportError), httpx.Client(trust_env=False, timeout=30) as client:
        client.cookies.set(cookie_name(), token)
        answer = client.post(f"{running.url}/attempts/{attempt_id}/submission", data={"csrf": csrf})
        assert answer.status_code in {httpx.codes.SEE_OTHER, httpx.codes.FOUND}, answer.text
        return True
    return False


def _prepare(file: Path, *, passing: bool) -> tuple[int, str, str]:
    """Sign the worker in, open his exam and save the answers: all right ones, or none."""
    database = Database(f"sqlite:///{file}")
    now = datetime.now(UTC)
    with database.session() as session:
        hashed = persons.id_hash(worker_id())
        person = session.scalars(select(Person).where(Person.resident_id_hash == hashed)).one()
        attempt_id = open_exam(session, person.id, COURSE, now)
        if passing:
            exams.save(session, person.id, attempt_id, _right_answers(session, attempt_id), now)
        account_id = identity.open_worker_account(session, person.id, person.name, now)
        token = identity.start_session(session, account_id, "test", now)
    with database.reading() as session:
        live = accounts.live_session(session, token, now)
    database.close()
    assert live
    return attempt_id, token, live.csrf


def _right_answers(session: Session, attempt_id: int) -> list[Answer]:
    attempt = session.get_one(Attempt, attempt_id)
    version = catalogue.version(session, attempt.course_version_id)
    questions = evidence.questions_of(attempt, version)
    return [Answer(place, question.right, flagged=False, sequence=1) for place, question in enumerate(questions)]

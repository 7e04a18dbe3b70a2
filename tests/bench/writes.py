"""Writes: a roster of 20,000 rows, one award with its posting, reading time, whole exam attempts."""

import csv
import time
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import select

from app.assessment import evidence
from app.assessment.models import Attempt
from app.awards import service as awards
from app.awards.models import Award
from app.awards.service import AwardRecord
from app.catalogue import queries as catalogue
from app.coverage import service as coverage
from app.coverage.models import Standing
from app.kit.checkdigits import resident_id_check
from app.learning.history import Reading, read_many
from app.learning.models import ModuleProgress
from app.ops.db import Database
from app.organisations.models import Enterprise, Person
from app.plans import queries as plans
from tests.bench.client import Client, together
from tests.bench.lines import Line, spread
from tests.bench.region import Region, Signed, opened, served, sign_in, workers
from tests.support.serving import coverall

ROWS = 20_000
AWARDS = 300
NATIONAL, NATIONAL_BEGINS = "national-2026-2030", date(2026, 1, 1)
COURSE, MODULE = "safety-rights-and-lessons", "rights"


def roster_import(region: Region) -> list[Line]:
    """Import 20,000 new people by the command line, into the sample; the whole command is timed."""
    data = region.copy()
    with opened(data) as database, database.reading() as session:
        codes = sorted(session.scalars(select(Enterprise.uscc)))
    roster = data / "roster.csv"
    with roster.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(["统一社会信用代码", "姓名", "证件号码", "手机号", "岗位", "上岗日期"])
        for number in range(ROWS):
            first = f"000002{19850101 + number // 900:08d}{number % 900:03d}"
            resident_id, phone = first + resident_id_check(first), f"1991{number:07d}"
            sheet.writerow([codes[number % len(codes)], "覃大勇", resident_id, phone, "班组长", "2026-03-02"])
    begun = time.perf_counter()
    done = coverall(data, "import", "roster", str(roster), "--json")
    took = time.perf_counter() - begun
    assert done.returncode == 0, done.stdout[:500] + done.stderr[:500]
    return [Line("roster of 20,000 rows, written and posted", took, "s", 15, note=f"{ROWS / took:,.0f} rows/s")]


def award(region: Region) -> list[Line]:
    """Record one award and post it, in one transaction each."""
    data = region.copy()
    with opened(data) as database:
        persons = workers(database, region.chance, AWARDS)
        begun = time.process_time()
        times = [record_award(database, person) for person in persons]
        cpu = time.process_time() - begun
    return [spread("one award, posted and durable", times, 10, cpu)]


def record_award(database: Database, person: int) -> float:
    """Record one award in a transaction of its own, posted and durable; gives the seconds."""
    now = datetime.now(UTC)
    begun = time.perf_counter()
    with database.session() as session:
        posting = coverage.open_posting(session, now, "award", persons=[person])
        name = session.get_one(Person, person).name
        earned = AwardRecord(person, COURSE, now.date() - timedelta(1), name)
        awards.record(session, earned, posting.recorded_at)
        coverage.post(session, posting, persons=[person])
    return time.perf_counter() - begun


def progress(region: Region) -> list[Line]:
    """Report reading time through the server: 64 people, 16 connections, each report durable."""
    data = region.copy()
    with opened(data) as database:
        readers = sign_in(database, owing(database, region.chance, 64))
    with served(data) as running:
        opener = Client(running.url)
        tokens = [opener.send(f"/courses/{COURSE}/modules/{MODULE}/sessions", who, {})["token"] for who in readers]
        jobs = [(place, sequence) for sequence in range(1, 41) for place in range(len(readers))]

        def report(client: Client, job: tuple[int, int]) -> None:
            place, sequence = job
            spans = [[(sequence - 1) * 50, sequence * 50]]
            client.send(
                "/learning/receipts", readers[place], {"token": tokens[place], "sequence": sequence, "spans": spans}
            )

        done = together(running.url, 16, jobs, report)
        note = f"processor {running.cpu * 1000 / len(jobs):.1f} ms each"
    return [Line("progress writes, 16 connections", len(jobs) / done.took, "/s", 500, least=True, note=note)]


def exams(region: Region) -> list[Line]:
    """Sit whole exams through the server: begin, save all answers, hand in, be awarded; 8 connections."""
    data = region.copy()
    with opened(data) as database:
        sitters = sign_in(database, owing(database, region.chance, 240))
        now = datetime.now(UTC) - timedelta(hours=2)
        with database.session() as session:
            version = catalogue.current(session, COURSE, now.date())
            read_many(session, [Reading(who.person_id or 0, version, now) for who in sitters], now)
        with served(data) as running:

            def sit(client: Client, who: Signed) -> None:
                path = client.post(f"/courses/{COURSE}/attempts", who)
                answers = right_answers(database, int(path.rpartition("/")[2]))
                client.send(f"{path}/answers", who, {"answers": answers})
                client.post(f"{path}/submission", who)

            done = together(running.url, 8, sitters, sit)
            note = f"processor {running.cpu * 1000 / len(sitters):.1f} ms each"
    rate = len(sitters) / done.took
    return [Line("whole exam attempts with award, 8 connections", rate, "/s", 40, least=True, note=note)]


def owing(database: Database, chance: Random, count: int) -> list[int]:
    """Choose people in post who owe the course to the national plan and have never opened it."""
    with database.reading() as session:
        today = date.today()  # noqa: DTZ011 - of this machine, as the server's
        plan = plans.plan(session, NATIONAL).id
        current = Standing.superseded_at.is_(None), Standing.from_on <= today, Standing.until_on > today
        query = select(Standing.person_id).where(Standing.plan_id == plan, Standing.covered.is_(False), *current)
        all_owing = set(session.scalars(query))
        begun = set(session.scalars(select(ModuleProgress.person_id).where(ModuleProgress.course_code == COURSE)))
        held = set(session.scalars(select(Award.person_id).where(Award.completed_on >= NATIONAL_BEGINS)))
        return chance.sample(sorted(all_owing - begun - held), count)


def right_answers(database: Database, attempt_id: int) -> list[dict[str, object]]:
    """Look up the key, which no page gives away."""
    with database.reading() as session:
        attempt = session.get_one(Attempt, attempt_id)
        questions = evidence.questions_of(attempt, catalogue.version(session, attempt.course_version_id))
    return [
        {"position": place, "chosen": list(question.right), "flagged": False, "sequence": 1}
        for place, question in enumerate(questions)
    ]

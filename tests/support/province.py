"""A small province as it is run at scale: a primary, its replica, two processes of the application, people at work."""

import itertools
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from app.access import service as access
from app.assessment import evidence
from app.assessment import queries as assessments
from app.assessment import service as assessment
from app.assessment.service import OpenAttempt
from app.catalogue import queries as catalogue
from app.identity import queries, service
from app.kit.dates import day_of
from app.kit.scope import Scope
from app.ops.db import Database, Session
from app.organisations.models import PostAssignment
from app.web.deps import cookie_name
from tests import world
from tests.support import databases
from tests.support.postgres import Server
from tests.support.replica import Follower, copied, following
from tests.support.serving import Running, serving
from tests.support.sockets import free_port
from tests.world import World

PLAN, DAY = "liuzhou-2021-2025", "2025-12-31"
QUESTION = f"plan={PLAN}&on={DAY}"
MOST_DELAY = 8
"""Seconds of delay that this province tolerates."""
HEADS = 40
"""People whom the roster of Longjiang names beyond those of the world."""
SITTING = 12
"""The last of them sit an exam, and then hold all that their post asks for."""
COURSE = "team-leader"
OTHER_COURSES = tuple(course for course in world.MACHINERY_LEADER if course != COURSE)
ROSTER = ("姓名", "证件号码", "岗位", "上岗日期")


@dataclass(frozen=True)
class Exam:
    """An exam under way: whose, and the form with the right answers."""

    account: int
    attempt: int
    answers: dict[str, Any]


@dataclass
class Province:
    """What runs, and who lives there. `posts`: (person, assignment) of those who can be waived."""

    database: Database
    url: str
    servers: Sequence[Running]
    replica: Follower
    copy: Path
    stack: ExitStack
    lived: World
    viewer: int
    posts: Sequence[tuple[int, int]]
    exams: Sequence[Exam]
    token: str

    def staff(self, account_id: int) -> "Staff":
        """Give a browser that an account is signed in with."""
        now = datetime.now(UTC)
        with self.database.session() as session:
            token = service.start_session(session, account_id, "test", now)
        with self.database.reading() as session:
            live = queries.live_session(session, token, now)
        assert live
        staff = Staff(tuple(server.url for server in self.servers), token, live.csrf)
        self.stack.callback(staff.close)
        return staff

    def ask(self, server: int, **asked: str) -> tuple[dict[str, Any], int | None]:
        """Ask a server's API for coverage; gives the answer, and the replica's delay when that answered."""
        with httpx.Client(trust_env=False, timeout=30) as client:
            address = f"{self.servers[server].url}/api/v1/coverage"
            told = {"authorization": f"Bearer {self.token}"}
            sent = client.get(address, params={"plan": PLAN, "on": DAY, **asked}, headers=told)
        assert sent.status_code == 200, sent.text
        return sent.json(), delay_of(sent)

    def restart_replica(self) -> None:
        """Let the replica that was killed follow again, at the same address."""
        self.replica = self.stack.enter_context(following(self.replica.primary, self.copy, self.replica.port))


@dataclass
class Staff:
    """A browser behind a load balancer that sends every request to the next process."""

    urls: Sequence[str]
    token: str
    csrf: str

    def __post_init__(self) -> None:
        """Open it; its cookies go to all processes, for they have one name outside."""
        self._client = httpx.Client(trust_env=False, timeout=60, headers={"accept": "text/html"})
        self._client.cookies.set(cookie_name(), self.token, domain="127.0.0.1")
        self._turn = itertools.cycle(self.urls)

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def get(self, path: str) -> httpx.Response:
        """Ask for a page that must be there."""
        sent = self._client.get(next(self._turn) + path)
        assert sent.status_code == 200, (path, sent.status_code, sent.text[-500:])
        return sent

    def send(self, path: str, files: dict[str, Any] | None = None, **fields: Any) -> str:
        """Send a form that must be taken; gives where it leads."""
        sent = self._client.post(next(self._turn) + path, data={"csrf": self.csrf, **fields}, files=files)
        assert sent.status_code == 303, (path, sent.status_code, sent.text[-500:])
        return str(sent.headers["location"])


def delay_of(sent: httpx.Response) -> int | None:
    """Give the seconds that an answer says it may be behind; None when no replica answered."""
    told = sent.headers.get("x-coverall-replica-delay")
    return None if told is None else int(told)


def said_by(server: Running, event: str) -> list[dict[str, Any]]:
    """Give what a server logged under a name."""
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("event") == event]


@contextmanager
def province(primary: Server, folder: Path) -> Iterator[Province]:
    """Run it until the context ends."""
    with ExitStack() as stack:
        url = stack.enter_context(databases.postgres_copy(primary))
        primary.send_at_once(url.rpartition("/")[2])
        database = Database(url)
        stack.callback(database.close)
        lived, viewer, posts, exams, token = _peopled(database)
        copy = stack.enter_context(copied(primary))
        replica = stack.enter_context(following(primary, copy, free_port()))
        told = {
            "COVERALL_DATABASE_URL": url,
            "COVERALL_REPLICA_URL": replica.url(url.rpartition("/")[2]),
            "COVERALL_REPLICA_MAX_LAG": str(MOST_DELAY),
        }
        folders = [folder / name for name in ("one", "two")]
        for each in folders:
            each.mkdir()
        with ThreadPoolExecutor(2) as pool:  # at once, as a deployment starts them
            servers = list(pool.map(lambda each: stack.enter_context(serving(each, **told)), folders))
        yield Province(database, url, servers, replica, copy, stack, lived, viewer, posts, exams, token)


def _peopled(database: Database) -> tuple[World, int, list[tuple[int, int]], list[Exam], str]:
    now = datetime.now(UTC)
    with database.session() as session:
        lived = world.build(session)
        named = ("统一社会信用代码", *ROSTER)
        rows = [named, *((world.LONGJIANG, *line) for line in heads(100, HEADS))]
        assert world.fill(session, "roster", rows).added == HEADS
        row = PostAssignment
        here = row.enterprise_id == lived.longjiang, row.ends_on.is_(None)
        found = session.execute(select(row.person_id, row.id).where(*here).order_by(row.id))
        posts = [(person, assignment) for person, assignment in found]
        exams = [_sit(session, person, now) for person, _ in posts[-SITTING:]]
        held = [world.resident_id(number) for number in range(100, 100 + HEADS)][-SITTING:]
        records = [(one, course, "2024-05-20", "线下") for one in held for course in OTHER_COURSES]
        world.fill(session, "records", [("证件号码", "课程代码", "完成日期", "培训方式"), *records])
        viewer = service.open_staff_account(session, "兰芳", "", now, "lan")
        access.grant(session, viewer, "bureau_viewer", "450200", None, "test", now)
        token = access.make_token(session, "province", "bureau_viewer", "450200", None, now)
    return lived, viewer, posts, exams, token


def _sit(session: Session, person: int, now: datetime) -> Exam:
    """Have somebody begin an exam, and find the right answers."""
    version = catalogue.current(session, COURSE, day_of(now))
    attempt = assessment.open_attempt(session, OpenAttempt(person, version, f"seed {person}"), now)
    row = assessments.own_attempt(Scope(person=person), session, attempt)
    right = [question.right for question in evidence.questions_of(row, version)]
    answers: dict[str, Any] = {f"q{place}": list(map(str, chosen)) for place, chosen in enumerate(right)}
    account = service.open_worker_account(session, person, "职工", now)
    return Exam(account, attempt, answers | {f"s{place}": "1" for place in range(len(right))})


def heads(first: int, count: int) -> list[tuple[str, ...]]:
    """Give lines of a roster: team leaders since 2022, numbered on."""
    return [
        (f"职工{number}", world.resident_id(number), "班组长", "2022-03-01") for number in range(first, first + count)
    ]

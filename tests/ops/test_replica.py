"""A primary, a streaming replica and two processes: nothing acknowledged is lost, and nothing old is shown as new."""

import itertools
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import text

from app.access import roles
from app.coverage.queries import Ask, By, coverage
from app.ops import clock
from app.ops.db import Database
from app.ops.replay import Needs
from app.ops.replica import ReplicaLost, freshness
from app.workflows import viewers
from tests.support.postgres import Server
from tests.support.province import (
    DAY,
    HEADS,
    MOST_DELAY,
    PLAN,
    QUESTION,
    ROSTER,
    SITTING,
    Province,
    Staff,
    delay_of,
    heads,
    province,
    said_by,
)
from tests.support.serving import coverall
from tests.support.sockets import free_port
from tests.world import as_csv

pytestmark = pytest.mark.postgres
PATIENCE = 20
WRITERS, EACH, IMPORTED = 4, 4, 5
LAST = date.fromisoformat(DAY)
WAIVERS = f"/coverage/waivers.csv?{QUESTION}"


@pytest.fixture(scope="module")
def running(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Province]:
    with province(postgres, tmp_path_factory.mktemp("province")) as found:
        yield found


@pytest.fixture(autouse=True)
def _resumed(running: Province) -> Iterator[None]:
    yield
    running.replica.resume()


def waive(running: Province, staff: Staff, number: int) -> str:
    """Waive somebody's post, and give the reason that tells this waiver from all others."""
    person, assignment = running.posts[number]
    why = f"reason {number}."
    path = f"/enterprises/{running.lived.longjiang}/people/{person}/waivers"
    staff.send(path, of=f"{assignment}:{PLAN}", from_on="2025-01-01", reason=why)
    return why


def soon(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def in_step(running: Province) -> bool:
    """Say whether both processes answer from a replica that lacks nothing."""
    return [running.ask(server)[1] for server in (0, 1)] == [0, 0]


def test_under_load_nothing_acknowledged_is_lost_and_the_replica_agrees_once_it_has_caught_up(
    running: Province,
) -> None:
    soon(lambda: in_step(running))
    over = threading.Event()
    with ThreadPoolExecutor(WRITERS + 7) as pool:
        readers = [pool.submit(read, running, server, over) for server in (0, 1)]
        asked = pool.submit(ask_back, running, over)
        writers = [pool.submit(write, running, writer) for writer in range(WRITERS)]
        writers += [pool.submit(sit, running, half) for half in (0, 1)]
        writers += [pool.submit(bring_in, running, first) for first in (300, 400)]
        try:
            for done in writers:
                done.result()
        finally:
            over.set()
        delays = [delay for done in readers for delay in done.result()]
    assert set(delays) - {None}, "no report was read on the replica"
    changed = [k for k, said in asked.result().items() if (said, None) != running.ask(0, known_at=k)]
    assert asked.result()
    assert not changed, "what was said to be known at an instant became something else"
    assert primary(running)["waived"] == WRITERS * EACH
    assert primary(running, on=clock.today())["covered"] == WRITERS * EACH + SITTING
    soon(lambda: in_step(running))
    for by in ("region", "industry", "post", "enterprise"):
        for known_at in ("", "2026-02-01"):
            expected = primary(running, by=by, known_at=known_at)
            told = [running.ask(server, by=by, known_at=known_at) for server in (0, 1)]
            assert [figures for figures, _ in told] == [expected] * 2
            assert None not in {delay for _, delay in told}


def write(running: Province, writer: int) -> None:
    """Waive one post after the other; whichever process is asked, its writer sees what was taken."""
    staff = running.staff(running.lived.luo)
    for number in range(writer * EACH, (writer + 1) * EACH):
        why = waive(running, staff, number)
        for _ in running.servers:
            assert why in staff.get(WAIVERS).text


def sit(running: Province, half: int) -> None:
    """Hand in exams, each to both processes: an impatient person presses twice."""
    for exam in running.exams[half::2]:
        worker = running.staff(exam.account)
        for _ in running.servers:
            worker.send(f"/attempts/{exam.attempt}/submission", **exam.answers)


def bring_in(running: Province, first: int) -> None:
    """Upload a roster to one process, confirm it at the other, find it in the first again."""
    officer = running.staff(running.lived.chen)
    shown = officer.send("/imports", {"file": ("roster.csv", as_csv([ROSTER, *heads(first, IMPORTED)]))}, kind="roster")
    officer.send(f"{shown}/confirmation")
    assert f"职工{first}" in officer.get(f"/enterprises/{running.lived.longjiang}/roster.csv").text


def read(running: Province, server: int, over: threading.Event) -> list[int | None]:
    """Ask for figures until it is over; gives the delays that were told."""
    delays = []
    while not over.is_set():
        said, delay = running.ask(server)
        delays.append(delay)
        assert 0 <= said["waived"] <= WRITERS * EACH
        assert said["required"] >= HEADS
    return delays


def ask_back(running: Province, over: threading.Event) -> dict[str, dict[str, Any]]:
    """Ask again and again what is known at this moment, of both processes in turn; gives what was said of each."""
    found = {}
    for server in itertools.cycle((0, 1)):
        if over.is_set():
            break
        instant = datetime.now(UTC).isoformat()
        found[instant], delay = running.ask(server, known_at=instant)
        assert delay is None
    return found


def primary(running: Province, by: By | None = None, known_at: str = "", on: date = LAST) -> dict[str, Any]:
    """Give what the primary knows, asked without any server."""
    ask = Ask(PLAN, on, date.fromisoformat(known_at) if known_at else None, by=by)
    with running.database.reading() as session:
        viewer = viewers.by_token(session, running.token, roles.FIGURES_READ)
        assert viewer
        found: dict[str, Any] = coverage(viewer.scope, session, ask, clock.today(), clock.now()).to_json()
    return found


def test_a_replica_that_lags_says_so_shows_its_reader_their_own_writes_and_is_left_when_it_lags_too_much(
    running: Province,
) -> None:
    manager, viewer = running.staff(running.lived.luo), running.staff(running.viewer)
    number = WRITERS * EACH
    soon(lambda: delay_of(viewer.get(WAIVERS)) == 0)
    running.replica.pause()
    why = waive(running, manager, number)
    for _ in running.servers:
        own, other = manager.get(WAIVERS), viewer.get(WAIVERS)
        assert (why in own.text, delay_of(own)) == (True, None)
        assert (why in other.text, delay_of(other) is None) == (False, False)
    assert "最多滞后" in viewer.get(WAIVERS).text
    soon(lambda: stated(viewer.get(f"/coverage?{QUESTION}")) > 1)
    soon(lambda: delay_of(viewer.get(WAIVERS)) is None)
    assert why in viewer.get(WAIVERS).text
    assert "只读副本" not in viewer.get(f"/coverage?{QUESTION}").text
    running.replica.resume()
    for _ in running.servers:
        soon(lambda: delay_of(viewer.get(WAIVERS)) == 0)
        assert why in viewer.get(WAIVERS).text
        assert "与主库同步" in viewer.get(f"/coverage?{QUESTION}").text
    assert [line["unused_because"] for line in said_by(running.servers[0], "replica")] == ["late"]


def stated(page: httpx.Response) -> int:
    """Give the delay that a page states beside its figures."""
    found = re.search(r"数据来自只读副本，最多滞后 (\d+) 秒", page.text)
    assert found
    assert int(found[1]) <= MOST_DELAY
    assert int(found[1]) == delay_of(page)
    return int(found[1])


def test_what_was_known_a_moment_ago_is_asked_of_the_primary_and_stays_as_it_was(running: Province) -> None:
    manager = running.staff(running.lived.luo)
    before = datetime.now(UTC)
    first, delay = running.ask(0, known_at=before.isoformat())
    assert delay is None
    waive(running, manager, WRITERS * EACH + 1)
    assert running.ask(1, known_at=before.isoformat()) == (first, None)
    assert running.ask(1)[0]["waived"] == first["waived"] + 1
    settled = (before - timedelta(minutes=11)).isoformat()
    soon(lambda: running.ask(0, known_at=settled)[1] == 0)


def test_without_its_replica_every_report_is_read_on_the_primary_and_with_it_again_there(running: Province) -> None:
    viewer = running.staff(running.viewer)
    soon(lambda: in_step(running))
    running.replica.kill()
    for path in (f"/coverage?{QUESTION}", WAIVERS, f"/coverage/enterprises.xlsx?{QUESTION}") * 2:
        assert delay_of(viewer.get(path)) is None
    assert running.ask(0) == (primary(running), None)
    assert httpx.get(f"{running.servers[0].url}/healthz", trust_env=False).text == "ok"
    running.restart_replica()
    soon(lambda: in_step(running))


def test_a_report_whose_replica_ends_under_it_can_be_asked_again_and_one_of_two_may_be_off(running: Province) -> None:
    soon(lambda: in_step(running))
    name = running.url.rpartition("/")[2]
    address = running.replica.url(name)
    two = f"postgresql://postgres@/{name}?host=127.0.0.1:{free_port()}&host=127.0.0.1:{running.replica.port}"
    database = Database(running.url, two)

    def read() -> None:
        with database.reporting(Needs()) as session:
            assert freshness(session)
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            with psycopg.connect(address, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [pid])
            session.execute(text("SELECT 1"))

    with pytest.raises(ReplicaLost):
        read()
    with database.reporting(Needs()) as session:
        assert freshness(session) is None
    database.close()


def test_after_all_of_this_every_figure_is_proven(running: Province, tmp_path: Path) -> None:
    checked = coverall(tmp_path, "check", COVERALL_DATABASE_URL=running.url)
    assert checked.returncode == 0, checked.stdout + checked.stderr

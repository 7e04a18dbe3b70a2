"""A running Coverall on a free port and its own data: `python -m app serve` as a process, or a thread of this one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx
import uvicorn

from app.main import create_app
from app.ops.db import Database
from tests.support.sockets import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
"""Seconds until /healthz must answer."""


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it as a power cut would: kill -9, its children too."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def environment(data: Path, **more: str) -> dict[str, str]:
    """Give the environment of a Coverall that keeps everything in `data`; nothing is taken from COVERALL_* outside."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COVERALL_")}
    return kept | {"COVERALL_DATA_DIR": str(data)} | more


def coverall(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; both outputs are in the result."""
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(data, **more), capture_output=True, text=True, check=False, timeout=300
    )


@contextmanager
def serving(data: Path, command: str = "serve", options: Sequence[str] = (), **more: str) -> Iterator[Running]:
    """Serve `data` until the context ends; AssertionError with the log when it does not come up."""
    port = free_port()
    log = data / "server.log"
    arguments = [sys.executable, "-m", "app", command, "--port", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(
            arguments,
            cwd=ROOT,
            env=environment(data, **more),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(f"http://127.0.0.1:{port}", process, log)
    try:
        wait_until_healthy(running)
        yield running
    finally:
        end(process)


@contextmanager
def hosting(data: Path) -> Iterator[str]:
    """Serve the database in `data` from a thread until the context ends, up at once; for what kills no server."""
    port = free_port()
    app = create_app(Database(f"sqlite:///{data / 'coverall.db'}"))
    server = uvicorn.Server(
        uvicorn.Config(app, "127.0.0.1", port, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert thread.is_alive(), "The server ended before it was up."
        assert time.monotonic() < deadline, f"Not up in {PATIENCE} s."
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def wait_until_healthy(running: Running) -> None:
    """Wait for /healthz, at most PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not healthy(running.url):
        gone = running.process.poll() is not None
        assert not gone, f"The server ended:\n{running.log.read_text()}"
        assert time.monotonic() < deadline, f"No answer in {PATIENCE} s:\n{running.log.read_text()}"
        time.sleep(0.05)


def healthy(url: str) -> bool:
    """Say whether a server answers at its /healthz."""
    try:
        return httpx.get(f"{url}/healthz", trust_env=False, timeout=5).is_success
    except httpx.TransportError:
        return False


def end(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """Ask a server to stop; make it, after ten seconds."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

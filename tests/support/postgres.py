"""A PostgreSQL server of the tests' own: made in a temporary folder, on loopback, gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from dev import postgres_bin
from tests.support.sockets import free_port

HASTY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "max_connections=60",
    "listen_addresses=127.0.0.1",
)
"""Nothing here outlives the run, so nothing waits for the disk."""
INITDB = "--auth trust --username postgres --encoding UTF8 --no-sync"
USER = "postgres"
"""Whom the server runs as when the tests run as root, which PostgreSQL refuses."""
PATIENCE = 60
"""Seconds until a new server must answer."""


@dataclass(frozen=True)
class Server:
    """A running server, reached as its superuser."""

    port: int
    programs: Path
    numbers: Iterator[int]

    def url(self, name: str) -> str:
        """Give the URL of a database, as a person would write it into COVERALL_DATABASE_URL."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def create(self, template: str = "template0") -> str:
        """Make a database after a template and give its name."""
        name = f"test{next(self.numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def rename(self, name: str, to: str) -> None:
        """Rename a database that nobody is connected to."""
        self._say(f"ALTER DATABASE {name} RENAME TO {to}")

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def send_at_once(self, name: str) -> None:
        """Have a database write every commit before it is acknowledged, and so send it to a replica at once."""
        self._say(f"ALTER DATABASE {name} SET synchronous_commit = on")

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgres_server() -> Iterator[Server]:
    """Run a server for as long as the context lasts; AssertionError when PostgreSQL is not installed."""
    programs = postgres_bin()
    assert programs, "PostgreSQL's server programs are not installed; `python3 dev.py test` says how to get them."
    folder = new_folder()
    data = folder / "data"
    try:
        run([str(programs / "initdb"), "-D", str(data), *INITDB.split()], folder / "initdb.log")
        with running(programs, data, HASTY) as (_, port):
            yield Server(port, programs, count(1))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    programs: Path, data: Path, settings: Sequence[str], port: int = 0
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run a server on a data folder until the context ends; gives its process and port."""
    port = port or free_port()
    log = data.with_name(f"{data.name}.log")
    told = [f"-c{setting}" for setting in (*settings, f"port={port}", f"unix_socket_directories={data.parent}")]
    with _started([str(programs / "postgres"), "-D", str(data), *told], log) as process:
        try:
            _wait(process, port, log)
            yield process, port
        finally:
            process.send_signal(signal.SIGQUIT)


def run(command: Sequence[str], log: Path) -> None:
    """Run one of PostgreSQL's programs to its good end."""
    with _started(command, log) as running:
        assert running.wait() == 0, log.read_text()


def new_folder() -> Path:
    """Make a temporary folder that the servers may write."""
    folder = Path(tempfile.mkdtemp(prefix="coverall-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
    return folder


def _started(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start one of PostgreSQL's programs, never as root; it ends with this process, even if that is killed."""
    become = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
    become += ["--reuid", USER, "--regid", USER, "--clear-groups"] if os.geteuid() == 0 else []
    with log.open("wb") as output:
        return subprocess.Popen(
            [*become, *command],
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server takes connections, at most PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        else:
            return

"""A PostgreSQL server of the tests' own: made in a temporary folder, on loopback, gone afterwards."""

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg

from dev import postgres_bin
from tests.support.sockets import free_port

HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=60")
"""Nothing here outlives the run, so nothing waits for the disk."""
INITDB = "--auth trust --username postgres --encoding UTF8 --no-sync"
TEMPLATE = "migrated"


@dataclass(frozen=True)
class Server:
    """A running server, reached as its superuser."""

    port: int
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

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgres_server() -> Iterator[Server]:
    """Run a server for as long as the context lasts; AssertionError when PostgreSQL is not installed."""
    programs = postgres_bin()
    assert programs, "PostgreSQL's server programs are not installed; `python3 dev.py test` says how to get them."
    folder = Path(tempfile.mkdtemp(prefix="coverall-pg-"))
    user = _user()
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data, port = folder / "data", free_port()
    places = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}")
    options = " ".join([f"-p {port}", *(f"-c {setting}" for setting in (*HASTY, *places))])
    control = [str(programs / "pg_ctl"), "--pgdata", str(data), "--wait", "--silent"]
    try:
        _run(user, [str(programs / "initdb"), "-D", str(data), *INITDB.split()])
        _run(user, [*control, "start", "--log", str(folder / "log"), "-o", options])
        try:
            yield Server(port, count(1))
        finally:
            _run(user, [*control, "stop", "--mode", "immediate"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str | None:
    """Give whom the server must run as: PostgreSQL refuses root."""
    return "postgres" if os.geteuid() == 0 else None


def _run(user: str | None, command: Sequence[str]) -> None:
    become = ["runuser", "-u", user, "--"] if user else []
    done = subprocess.run(
        [*become, *command],
        cwd="/",
        env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stderr}"

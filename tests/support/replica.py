"""A streaming replica of the tests' PostgreSQL server: a base backup that follows, pauses, dies and comes back."""

import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import psycopg

from tests.support.postgres import HASTY, Server, new_folder, run, running
from tests.support.sockets import free_port

QUICK = ("wal_retrieve_retry_interval=200ms", "wal_receiver_status_interval=1s")
PATIENCE = 30
"""Seconds within which it must have caught up."""


@dataclass
class Follower:
    """A replica that runs, as the superuser reaches it."""

    primary: Server
    port: int
    process: Popen[bytes]

    def url(self, name: str) -> str:
        """Give the URL of a database, as a person would write it into COVERALL_REPLICA_URL."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def pause(self) -> None:
        """Stop replaying, though the log still arrives."""
        self._say("SELECT pg_wal_replay_pause()")
        self._wait_for("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    def resume(self) -> None:
        """Replay again."""
        self._say("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until all that the primary has written by now is replayed."""
        with psycopg.connect(self.primary.url("postgres"), autocommit=True) as connection:
            connection.execute("SET synchronous_commit = on")
            connection.execute("SELECT txid_current()")  # what is written to the disk is what is sent
            written = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
        assert written
        self._wait_for(f"SELECT pg_last_wal_replay_lsn() >= '{written[0]}'::pg_lsn")

    def kill(self) -> None:
        """End it at once, as a machine that is switched off."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def _say(self, statement: str) -> object:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None

    def _wait_for(self, statement: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._say(statement) is not True:
            assert time.monotonic() < deadline, statement
            time.sleep(0.05)


@contextmanager
def copied(primary: Server) -> Iterator[Path]:
    """Give a base backup of a server that will follow it when it is started."""
    folder = new_folder()
    data = folder / "replica"
    source = f"host=127.0.0.1 port={primary.port} user=postgres"
    options = ["--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync", "--no-manifest"]
    try:
        run([str(primary.programs / "pg_basebackup"), "-D", str(data), "-d", source, *options], folder / "backup.log")
        yield data
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def following(primary: Server, data: Path, port: int) -> Iterator[Follower]:
    """Start a base backup as a replica until the context ends."""
    with running(primary.programs, data, (*HASTY, *QUICK), port) as (process, _):
        follower = Follower(primary, port, process)
        follower.catch_up()
        yield follower


@contextmanager
def replica_of(primary: Server) -> Iterator[Follower]:
    """Run a replica of a server until the context ends."""
    with copied(primary) as data, following(primary, data, free_port()) as follower:
        yield follower

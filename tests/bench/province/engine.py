"""PostgreSQL for the benchmark: a server with settings as in production for 24 GB, its data kept in a folder."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from dev import postgres_bin
from tests.support import postgres

SETTINGS = (
    "shared_buffers=6GB",
    "effective_cache_size=14GB",
    "work_mem=32MB",
    "maintenance_work_mem=1GB",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    "random_page_cost=1.1",
    "effective_io_concurrency=200",
    "shared_preload_libraries=pg_prewarm",
    "max_connections=100",
    "wal_compression=lz4",
    "autovacuum_vacuum_insert_scale_factor=0.005",
    "listen_addresses=127.0.0.1",
)
"""fsync, synchronous_commit and full_page_writes stay on: what is acknowledged is durable."""


@contextmanager
def kept_server(folder: Path, port: int) -> Iterator[str]:
    """Run a server on the cluster in a folder, made when it is not there; gives its URL without a database."""
    programs = postgres_bin()
    assert programs, "PostgreSQL's server programs are not installed; `python3 dev.py test` says how to get them."
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, postgres.USER)
    data, log = folder / "data", folder / "log"
    if not data.exists():
        command = [str(programs / "initdb"), "-D", str(data), *postgres.INITDB.split()]
        with postgres._started(command, folder / "initdb.log") as making:
            assert making.wait() == 0, (folder / "initdb.log").read_text()
    settings = [f"-c{setting}" for setting in (*SETTINGS, f"port={port}", f"unix_socket_directories={folder}")]
    with postgres._started([str(programs / "postgres"), "-D", str(data), *settings], log) as process:
        try:
            postgres._wait(process, port, log)
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)


def ensure(url: str) -> None:
    """Make the database of a URL where its server does not have it."""
    name = make_url(url).database or ""
    if not exists(url):
        with psycopg.connect(_maintenance(url), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))


def exists(url: str) -> bool:
    """Say whether the server has the database of a URL."""
    with psycopg.connect(_maintenance(url)) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return connection.execute(query, [make_url(url).database]).fetchone() is not None


def _maintenance(url: str) -> str:
    return make_url(url).set(database="postgres").render_as_string(hide_password=False)

"""Copies the whole database into one file, and back.

SQLite: the online backup API, which gives a consistent copy while a server writes, and whose restore is one
transaction in the live file: a running server answers from the old data until it is whole, then from the new.
PostgreSQL: the client programs pg_dump, pg_restore and psql, the restore again in one transaction.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, inspect, make_url, text

from app.kit.errors import Problem
from app.ops.i18n import N_

BOOKKEEPING = "alembic_version"
SQLITE_MAGIC = b"SQLite format 3\x00"
POSTGRES_MAGIC = b"PGDMP"
POSTGRES_PROGRAMS = Path("/usr/lib/postgresql")
"""Where Debian keeps the client programs that are not on the path."""


def backup(url: str, file: Path) -> None:
    """Write the database at a URL into a new file, checked and whole or not at all. Problem 409 when it exists."""
    if file.exists():
        raise Problem(409, "backup_exists", N_("%(file)s exists already. Choose another name."), {"file": str(file)})
    file.parent.mkdir(parents=True, exist_ok=True)
    with _beside(file) as part:
        if make_url(url).get_backend_name() == "sqlite":
            _back_up_sqlite(_sqlite_file(url), part)
        else:
            _dump_postgres(make_url(url), part)
        _settle(part, file)


def restore(url: str, file: Path) -> None:
    """Put a backup in the place of everything that the database at a URL holds. Problem 422 for a file that is none."""
    with file.open("rb") as opened:
        magic = opened.read(len(SQLITE_MAGIC))
    sqlite = make_url(url).get_backend_name() == "sqlite"
    if not magic.startswith(SQLITE_MAGIC if sqlite else POSTGRES_MAGIC):
        message = N_("%(file)s is no backup of this kind of database.")
        raise Problem(422, "backup_kind", message, {"file": str(file)})
    if sqlite:
        _check_sqlite(file)
        target = _sqlite_file(url)
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_sqlite(_still(file), target)
    else:
        _restore_postgres(make_url(url), file)


def holds_data(engine: Engine) -> bool:
    """Say whether any table has a row."""
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != BOOKKEEPING]
        quoted = (engine.dialect.identifier_preparer.quote(name) for name in names)
        return any(connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() for name in quoted)  # noqa: S608


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """Give a private file beside another, gone at the end unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    os.close(handle)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _settle(part: Path, file: Path) -> None:
    """Rename a whole file to its name, both safe on the disk."""
    with part.open("rb+") as opened:
        os.fsync(opened.fileno())
    part.rename(file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _sqlite_file(url: str) -> Path:
    return Path(make_url(url).database or "")


def _back_up_sqlite(source: Path, part: Path) -> None:
    """Copy a live database into a plain file that needs no write-ahead log beside it."""
    if not source.exists():
        message = N_("There is no database at %(file)s yet.")
        raise Problem(404, "backup_nothing", message, {"file": str(source)})
    _copy_sqlite(source.resolve().as_uri(), part)
    with closing(sqlite3.connect(part)) as opened:
        opened.execute("PRAGMA journal_mode = DELETE")
    _check_sqlite(part)


def _copy_sqlite(source: str, target: Path) -> None:
    """Copy all pages in one transaction of the target."""
    with (
        closing(sqlite3.connect(source, uri=True, timeout=30)) as reading,
        closing(sqlite3.connect(target, timeout=30)) as writing,
    ):
        reading.backup(writing)


def _still(file: Path) -> str:
    """Address a file that nobody writes, so that it can lie on a read-only disk."""
    return f"{file.resolve().as_uri()}?mode=ro&immutable=1"


def _check_sqlite(file: Path) -> None:
    """Refuse a file that is damaged or holds no Coverall."""
    try:
        with closing(sqlite3.connect(_still(file), uri=True)) as opened:
            findings = opened.execute("PRAGMA integrity_check").fetchall()
            schema = opened.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (BOOKKEEPING,)).fetchone()
    except sqlite3.DatabaseError as error:
        findings, schema = [(str(error),)], None
    if findings != [("ok",)] or schema is None:
        message = N_("%(file)s is damaged, or is no Coverall database.")
        raise Problem(422, "backup_damaged", message, {"file": str(file)})


def _dump_postgres(url: URL, part: Path) -> None:
    _run([_program("pg_dump"), "--format=custom", f"--file={part}"], url)


def _restore_postgres(url: URL, file: Path) -> None:
    """Turn the backup into a script first, so that a damaged one is noticed before anything is dropped."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        _run([_program("pg_restore"), "--no-owner", "--no-privileges", f"--file={script}", str(file)], url)
        fresh = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        _run([_program("psql"), *options, f"--command={fresh}", f"--file={script}"], url)


def _program(name: str) -> str:
    """Find a client program of PostgreSQL, the newest where there are several."""
    found = shutil.which(name)
    if found is None:
        installed = sorted(POSTGRES_PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
        found = str(installed[-1]) if installed else None
    if found is None:
        message = N_("%(program)s is not installed: it belongs to PostgreSQL's client programs (postgresql-client).")
        raise Problem(503, "backup_program", message, {"program": name})
    return found


def _run(command: Sequence[str], url: URL) -> None:
    """Run a client program against a database; the password goes by the environment, where others cannot read it."""
    told = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = os.environ | {key: str(value) for key, value in told.items() if value is not None}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        message = N_("%(program)s failed: %(reason)s")
        reason = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise Problem(500, "backup_failed", message, {"program": Path(command[0]).name, "reason": reason})

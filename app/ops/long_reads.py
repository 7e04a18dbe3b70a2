"""Long reads: an export walks the whole base once, and must not fill the memory with pages nobody asks for again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

LITTLE = (("cache_size", -8192), ("mmap_size", 0))
"""SQLite's own memory during a long read: 8 MiB of pages, and none mapped."""


@contextmanager
def sparing(session: Session) -> Iterator[Session]:
    """Read with little memory for as long as it lasts; PostgreSQL keeps its pages in its own processes."""
    if session.get_bind().dialect.name != "sqlite":
        yield session
        return
    usual = [(name, int(session.scalar(text(f"PRAGMA {name}")) or 0)) for name, _ in LITTLE]
    _set(session, LITTLE)
    try:
        yield session
    finally:
        _set(session, usual)


def _set(session: Session, settings: Iterable[tuple[str, int]]) -> None:
    for name, value in settings:
        session.execute(text(f"PRAGMA {name}={value}")).close()

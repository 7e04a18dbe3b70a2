"""kill -9 at a chosen moment of a write, seen from outside: no product code knows of it.

SQLite's lock for the one writer is byte 120 of the file `-shm` beside the database; who asks for it (F_GETLK) does
not take it. From the moment another process holds it, its transaction is under way.
"""

import fcntl
import os
import signal
import struct
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WRITE_LOCK = 120
"""UNIX_SHM_BASE + WAL_WRITE_LOCK, as SQLite's os_unix.c and wal.c have them."""
PATIENCE = 60
LAYOUTS = {"darwin": ("qqihh", 3, 0), "linux": ("hhqqi", 0, 2)}
"""struct flock: its format, where l_type stands, where l_start stands."""


@dataclass(frozen=True)
class Strike:
    """What a kill met: `writing` when the transaction had begun; `acknowledged` when the answer had come by then."""

    writing: bool
    acknowledged: bool

    @property
    def between(self) -> bool:
        """Say whether it fell between the first write and the acknowledgement."""
        return self.writing and not self.acknowledged


def is_writing(database: Path) -> bool:
    """Say whether another process holds the database's write lock."""
    shared = database.with_name(database.name + "-shm")
    if not shared.exists():
        return False
    layout, kind, start = LAYOUTS[sys.platform]
    asked = [0] * 5
    asked[kind], asked[start], asked[start + 1] = fcntl.F_WRLCK, WRITE_LOCK, 1
    with shared.open("rb+") as opened:
        answer = fcntl.fcntl(opened.fileno(), fcntl.F_GETLK, struct.pack(layout, *asked))
    return bool(struct.unpack(layout, answer)[kind] != fcntl.F_UNLCK)


def duration(database: Path, act: Callable[[], bool]) -> float:
    """Let an act happen undisturbed; give the seconds from the beginning of its transaction to its acknowledgement."""
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        _await_write(database, acting.done)
        begun = time.perf_counter()
        assert acting.result(PATIENCE)
        return time.perf_counter() - begun


def strike(pid: int, database: Path, act: Callable[[], bool], delay: float) -> Strike:
    """Let an act begin, kill the process group `delay` seconds after its transaction began, say what that met."""
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        writing = _await_write(database, acting.done)
        time.sleep(delay)
        with suppress(ProcessLookupError):  # it was quicker, and has ended
            os.killpg(pid, signal.SIGKILL)
        return Strike(writing, acting.result(PATIENCE))


def _await_write(database: Path, done: Callable[[], bool]) -> bool:
    """Wait until the transaction begins; False when the act is over without having been seen to write."""
    deadline = time.monotonic() + PATIENCE
    while not is_writing(database):
        if done():
            return False
        assert time.monotonic() < deadline, "nothing was written"
        time.sleep(0.0002)
    return True

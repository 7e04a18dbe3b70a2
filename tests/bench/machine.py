"""Says on what machine it was measured."""

import os
import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path


def described() -> Iterator[str]:
    """Give the lines of the report's head."""
    yield f"{_processor()}, {os.cpu_count()} cores, {_memory_gib():.1f} GiB, {platform.system()} {platform.release()}"
    software = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield f"{software}, SQLAlchemy {version('sqlalchemy')}, FastAPI {version('fastapi')}"
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    yield f"load before: {load}"


def cpu_seconds(pid: int) -> float:
    """Give the processor time that a process has used, in user and kernel."""
    return sum(map(int, _stat(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def ended_seconds(pid: int) -> float:
    """Give the processor time of those below a process that have ended."""
    return sum(map(int, _stat(pid)[13:15])) / os.sysconf("SC_CLK_TCK")


def parent(pid: int) -> int:
    """Give what started a process."""
    return int(_stat(pid)[1])


def _stat(pid: int) -> list[str]:
    """Give what the system tells of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _memory_gib() -> float:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30

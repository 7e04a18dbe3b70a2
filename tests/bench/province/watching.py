"""Runs a command of the product on a made province and watches its memory: all its processes, ten times a second."""

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.serving import ROOT, environment

EACH = 0.1
MEGA = 1_000_000


@dataclass(frozen=True)
class Ran:
    """What a command took: seconds, those of processors, and at most so many megabytes at once; what it said."""

    seconds: float
    processor: float
    megabytes: float
    said: str


def run(url: str, *arguments: str) -> Ran:
    """Run `python -m MODULE ...` on a database; AssertionError with its output when it fails."""
    with tempfile.TemporaryDirectory(prefix="coverall-bench-") as folder:
        log = Path(folder) / "log"
        begun, worked, most = time.perf_counter(), _ended(), 0.0
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=environment(Path(folder), COVERALL_DATABASE_URL=url),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            while process.poll() is None:
                most = max(most, sum(_megabytes(pid) for pid in _family(process.pid)))
                time.sleep(EACH)
        took = time.perf_counter() - begun
        assert process.returncode == 0, log.read_text()[-3000:]
        return Ran(took, _ended() - worked, most, log.read_text())


def _ended() -> float:
    """Give the seconds of processor that processes below this one have used, of those that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(pid: int) -> Iterator[int]:
    """Give a process and all below it."""
    yield pid
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:  # it ended while we looked
        return
    for child in children:
        yield from _family(child)


def _megabytes(pid: int) -> float:
    """Give a process's own memory: pages of mapped files, which processes share, are left out."""
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it ended while we looked
        return 0.0
    return sum(map(int, re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+)", told, re.MULTILINE))) * 1024 / MEGA

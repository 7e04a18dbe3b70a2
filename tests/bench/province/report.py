"""Prints the report of one made province or several: the machine, then each section's lines against their bars."""

import time
from collections.abc import Callable, Iterator, Sequence

from tests.bench import machine
from tests.bench.lines import Line
from tests.bench.province import reads, served, space, whole, writes
from tests.bench.province.base import Base, opened

Section = Callable[[Base], Iterator[Line]]
SECTIONS: dict[str, Section] = {
    "rebuild": whole.rebuild,
    "size": space.space,
    "reads": reads.reads,
    "server": served.served,
    "export": whole.export,
    "award": writes.award,
    "writers": writes.writers,
    "roster": writes.roster,
}
"""In this order: what writes comes last, and leaves a few thousand rows more."""


def report(urls: Sequence[str], names: Sequence[str]) -> int:
    """Measure bases in turn; gives how many bars were missed. A base without a ledger gets one first, measured."""
    for text in machine.described():
        print(text)
    missed = sum(line.missed for url in urls for line in measured(url, names))
    print(f"\n{missed} bars missed" if missed else "\nEvery bar is met.")
    return missed


def measured(url: str, names: Sequence[str]) -> Iterator[Line]:
    """Measure one base, printing as it goes."""
    with opened(url) as base:
        kind = "SQLite" if base.database.is_sqlite else "PostgreSQL"
        print(f"\n{kind}, {base.assignments:,} assignments, {base.enterprises:,} enterprises")
        wanted = [name for name in SECTIONS if name in names]
        if "rebuild" not in wanted and not base.has_ledger():
            wanted.insert(0, "rebuild")
        for name in wanted:
            begun = time.monotonic()
            print(f"\n{name}", flush=True)
            for line in SECTIONS[name](base):
                print(f"  {line}", flush=True)
                yield line
            print(f"  ({time.monotonic() - begun:.0f} s)", flush=True)


def explain(urls: Sequence[str], part: str) -> None:
    """Print where the time of a reading goes."""
    for url in urls:
        with opened(url) as base:
            for text in reads.explained(base, part):
                print(text)

"""Runs the sections of the benchmark, all of them or those named, on a copy of the whole sample region."""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import crashes, crowd, crowd_postgres, machine, pages, sizes, starts, writes
from tests.bench.lines import Line
from tests.bench.region import Region, region

SECTIONS: dict[str, Callable[[Region], list[Line]]] = {
    "start": starts.second_start,
    "pages": pages.pages,
    "course": pages.course_page,
    "import": writes.roster_import,
    "award": writes.award,
    "progress": writes.progress,
    "exam": writes.exams,
    "crowd": crowd.crowd,
    "crowd-postgres": crowd_postgres.crowd_postgres,
    "sizes": sizes.sizes,
    "kill": crashes.kills,
}


def main(names: Sequence[str]) -> int:
    """Print the machine, then each section's lines; 1 when some bar is missed, 2 for an unknown section."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. Sections: {', '.join(SECTIONS)}")
        return 2
    for text in machine.described():
        print(text)
    missed = 0
    with tempfile.TemporaryDirectory(prefix="coverall-bench-") as folder:
        sample = region(Path(folder))
        for name in names or SECTIONS:
            begun = time.monotonic()
            print(f"\n{name}", flush=True)
            for line in SECTIONS[name](sample):
                print(f"  {line}", flush=True)
                missed += line.missed
            print(f"  ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"\n{missed} bars missed" if missed else "\nEvery bar is met.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""kill -9, thirty times each, during an import, an exam submission and an award."""

from pathlib import Path

from tests.bench.lines import Line
from tests.bench.region import Region
from tests.kill.acts import Killing, exam_killing, import_killing, rounds
from tests.support.sample import small_sample

TIMES = 30
ROWS = 1500
LEAST_BETWEEN = 3 / 5


def kills(region: Region) -> list[Line]:
    """Kill, reopen, prove; every failure would stop the program with what was found."""
    sample = small_sample(region.folder)
    acts: dict[str, Killing] = {
        "import": import_killing(sample, _folder(region, "import"), ROWS),
        "exam submission": exam_killing(sample, _folder(region, "exam"), passing=False),
        "award": exam_killing(sample, _folder(region, "award"), passing=True),
    }
    return [line for name, killing in acts.items() for line in _thirty(name, killing)]


def _thirty(name: str, killing: Killing) -> list[Line]:
    lost, between, acknowledged = 0, 0, 0
    for met, found in rounds(killing, [(number * 7 % TIMES + 0.5) / TIMES for number in range(TIMES)]):
        lost += not found.fits(met)
        between += met.between
        acknowledged += met.acknowledged
    least = TIMES * LEAST_BETWEEN
    return [
        Line(f"killed during an {name}: lost, half or unproven", lost, f"of {TIMES}", 0),
        Line(
            "  after the first write, unacknowledged",
            between,
            f"of {TIMES}",
            least,
            least=True,
            note=f"acknowledged {acknowledged}",
        ),
    ]


def _folder(region: Region, name: str) -> Path:
    folder = region.folder / f"kill-{name}"
    folder.mkdir()
    return folder

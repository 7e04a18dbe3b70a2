"""How long the demo takes to answer the second time it is started."""

import shutil
import time

from tests.bench.lines import Line
from tests.bench.region import Region
from tests.support.serving import serving

STARTS = 5


def second_start(region: Region) -> list[Line]:
    """Start the demo on a sample that is there; the time until /healthz answers."""
    data = region.folder / "demo"
    data.mkdir()
    shutil.copyfile(region.file, data / "demo.db")
    times = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        with serving(data, command="demo"):
            times.append(time.perf_counter() - begun)
    return [Line("second start of the demo, worst", max(times), "s", 3, note=f"best {min(times):.1f}, n {STARTS}")]

"""Shows how each cost grows with the size of the province: a line a cost, a column a size."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import make_url

from tests.bench import machine
from tests.bench.lines import Line
from tests.bench.province.engine import exists
from tests.bench.province.make import make
from tests.bench.province.report import SECTIONS, measured

SIZES = (10_000, 100_000, 1_000_000)
FLAT = 1.5
"""A cost that grows less than so many times over the whole range of sizes is called flat."""
LEFT_OUT = frozenset({"server"})


def growth(urls: Sequence[str], sizes: Sequence[int]) -> None:
    """Make the bases that are not there yet, measure each, and print the table of all."""
    found: list[dict[str, Line]] = []
    for url, size in zip(urls, sizes, strict=True):
        if not _is_there(url):
            make(url, size, print)
        names = [name for name in SECTIONS if name not in LEFT_OUT]
        found.append({line.what: line for line in measured(url, names)})
    print()
    for text in machine.described():
        print(text)
    print(f"\n{'':<48}{'':<8}" + "".join(f"{size:>14,}" for size in sizes) + f"{'grows':>12}")
    for what, first in found[0].items():
        values = [lines[what].value if what in lines else None for lines in found]
        print(f"{what:<48}{first.unit:<8}" + "".join(map(_cell, values)) + f"{_grows(values, sizes):>12}")


def sqlite_urls(folder: Path, sizes: Sequence[int]) -> list[str]:
    """Name the files of the sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    return [f"sqlite:///{folder.resolve() / f'province-{size}.db'}" for size in sizes]


def postgres_urls(server: str, sizes: Sequence[int]) -> list[str]:
    """Name the databases of the sizes on a server."""
    return [f"{server.rstrip('/')}/province{size}" for size in sizes]


def _is_there(url: str) -> bool:
    """Say whether a base was made already."""
    return Path(str(make_url(url).database)).exists() if url.startswith("sqlite") else exists(url)


def _cell(value: float | None) -> str:
    return f"{value:>14,.1f}" if value is not None else f"{'-':>14}"


def _grows(values: Sequence[float | None], sizes: Sequence[int]) -> str:
    """Tell by how much the last is larger than the first, for so many times the size."""
    first, last = values[0], values[-1]
    if not first or last is None:
        return ""
    times = last / first
    return "flat" if 1 / FLAT < times < FLAT else f"x{times:.1f}/{sizes[-1] // sizes[0]}"

"""Where the made province's enterprises are: Guangdong's 21 cities (real codes) with counties that are made up."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.organisations.regions import RegionRow

PROVINCE = "440000"
COUNTIES = 6
"""In every city; the greatest three have two more, so that there are about as many as in the real province."""
WEIGHTS = {"440100": 60, "440300": 57, "440600": 48, "441900": 48, "441300": 26, "442000": 24, "440400": 18}
"""Enterprises, as parts; cities that are not named have OTHER parts."""
OTHER = 9
GREATEST = 48
FIRST_MADE = 60
"""Made counties are numbered from here: no real county of Guangdong has such a code."""


@dataclass(frozen=True)
class County:
    """A place to be in, and its share of the enterprises."""

    code: str
    city: str
    weight: float


def read(regions: Path) -> tuple[list[RegionRow], list[County]]:
    """Give all regions, the made counties among them, and where enterprises are."""
    with regions.open(encoding="utf-8", newline="") as file:
        rows = [RegionRow(code, name, parent or None) for code, name, parent in list(csv.reader(file))[1:]]
    cities = [row for row in rows if row.parent == PROVINCE]
    made = [county for city in cities for county in _counties(city)]
    weighted = [County(row.code, row.parent or "", _share(row)) for row in made]
    weighted += [County(city.code, city.code, 0.15) for city in cities]
    weighted.append(County(PROVINCE, PROVINCE, 0.5))
    return [*rows, *made], weighted


def _counties(city: RegionRow) -> Iterator[RegionRow]:
    count = COUNTIES + 2 * (WEIGHTS.get(city.code, OTHER) >= GREATEST)
    for number in range(count):
        yield RegionRow(f"{city.code[:4]}{FIRST_MADE + number}", f"{city.name}第{number + 1}片区", city.code)


def _share(county: RegionRow) -> float:
    """Give a county's share: the first of a city has most."""
    number = int(county.code[4:]) - FIRST_MADE
    return WEIGHTS.get(county.parent or "", OTHER) / (1.0 + number * 0.6)

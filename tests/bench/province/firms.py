"""The made province's enterprises: where, what trade, how well they train, what changes and when they close."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from app.kit.checkdigits import uscc_check
from app.workflows.sample.firms import ALPHABET, DIVISIONS, SECTORS, SIZES
from app.workflows.sample.names import BRAND_FIRST, BRAND_SECOND, LINES
from tests.bench.province.places import County

BEGIN, END = date(2021, 11, 1).toordinal(), date(2026, 11, 21).toordinal()
"""The first and the last day on which anything is recorded."""
DELIVERY_FROM = date(2026, 3, 1).toordinal()
SHARES = SECTORS | {"metallurgy": 5, "instant_delivery": 2}
TINY = 4
"""Where so few are named at most, nobody heads a safety department."""
ALWAYS = date.min.toordinal()


@dataclass(frozen=True, slots=True)
class Firm:
    """An enterprise; days are ordinals. `zeal` is the share of its people that it gets trained.

    `entered` is when it was registered, `reports_from` when it first handed in a roster (never: size 0).
    """

    id: int
    uscc: str
    name: str
    county: County
    sector: str
    division: str
    licence: bool
    key_enterprise: bool
    insured: int
    size: int
    zeal: float
    entered: int
    reports_from: int


@dataclass(frozen=True, slots=True)
class Change:
    """An attribute's value from a day on, recorded on another."""

    attribute: str
    value: str
    effective_on: int
    recorded_on: int


class Register:
    """Makes enterprises one after the other."""

    def __init__(self, counties: Sequence[County]) -> None:
        self.counties = counties
        self._shares = list(accumulate(county.weight for county in counties))
        self._sectors = list(SHARES)
        self._weights = list(accumulate(SHARES.values()))

    def county(self, rng: Random) -> County:
        """Choose a place."""
        return rng.choices(self.counties, cum_weights=self._shares)[0]

    def firm(self, rng: Random, number: int, size: int) -> Firm:
        """Make one enterprise; nine in ten were there when it all began."""
        sector = "machinery" if size > 1000 else rng.choices(self._sectors, cum_weights=self._weights)[0]
        county = self.county(rng)
        there = rng.random() < 0.9
        entered = BEGIN + 1 + rng.randrange(4) if there else BEGIN + 60 + rng.randrange(1600)
        lag = min(int(rng.expovariate(1 / 70)), 700 if there else 90)
        return Firm(
            id=number,
            uscc=_uscc(number),
            name=_name(rng, county, sector, number),
            county=county,
            sector=sector,
            division=rng.choice(DIVISIONS[sector]),
            licence=sector == "hazardous_chemicals",
            key_enterprise=rng.random() < (0.6 if size > 300 else 0.025),
            insured=round(max(size, 4) * rng.uniform(0.8, 6.5)) + rng.randint(1, 9),
            size=size,
            zeal=1.0 if rng.random() < 0.06 else min(1.0, 1.1 * rng.random() ** 0.8),
            entered=entered,
            reports_from=min(entered + 1 + lag, END - 30),
        )


def _uscc(number: int) -> str:
    """Make a code that no register gave out: region part 000000, right check character."""
    digits = ""
    for _ in range(7):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    first = "91000000MB" + digits
    return first + uscc_check(first)


def _name(rng: Random, county: County, sector: str, number: int) -> str:
    brand = rng.choice(BRAND_FIRST) + rng.choice(BRAND_SECOND)
    return f"{county.code}{brand}{rng.choice(LINES[sector])}有限公司{number}"


def first_facts(firm: Firm) -> Iterator[tuple[str, str]]:
    """Give what its registration says of an enterprise."""
    yield "region", firm.county.code
    yield "industry", firm.division
    yield "insured", str(firm.insured)
    yield "size", next(name for least, name in SIZES if firm.size >= least)
    if firm.licence:
        yield "hazardous_licence", "1"
    if firm.key_enterprise:
        yield "key_enterprise", "1"
    if 0 < firm.size <= TINY:
        yield "not_applicable", "safety_head"


def changes(rng: Random, firm: Firm, register: Register) -> Iterator[Change]:
    """Decide what is recorded of an enterprise later."""
    day = firm.entered + 40 + rng.randrange(max(1, END - firm.entered - 120))
    known = min(END, day + (0 if rng.random() < 0.4 else rng.randrange(60)))
    if firm.sector == "instant_delivery":
        yield Change("key_industry", "instant_delivery", DELIVERY_FROM, max(firm.entered + 1, DELIVERY_FROM + 19))
    chance = rng.random()
    if chance < 0.02:
        yield Change("region", register.county(rng).code, day, known)
    elif chance < 0.035:
        yield Change("industry", "34" if firm.sector != "machinery" else "59", day, known)
    elif chance < 0.04:
        yield Change("key_enterprise", "1", day, known)
    elif chance < 0.045:
        yield Change("hazardous_licence", "0" if firm.licence else "1", day, known)
    elif chance < 0.08 and firm.size < 110:
        yield Change("closed_on", date.fromordinal(day).isoformat(), ALWAYS, known)
    elif chance < 0.25:
        yield Change("insured", str(round(firm.insured * rng.uniform(0.7, 1.5)) + 1), day, known)

"""Invents the enterprises: where, what trade, how big, how they report, what changes and when they close."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.kit.checkdigits import uscc_check
from app.workflows.sample.cast import HENGYUE_PLACE, HENGYUE_POSTS
from app.workflows.sample.names import firm_name
from app.workflows.sample.places import GUANGDONG, LIUZHOU
from app.workflows.sample.shapes import Change, Firm, Place

DIVISIONS = {
    "machinery": ("33", "34", "35", "36", "36", "37", "38"),
    "construction": ("47", "48", "49", "50"),
    "transport": ("54", "54", "55", "58", "59", "60"),
    "hazardous_chemicals": ("26", "26", "25"),
    "non_coal_mine": ("08", "09", "10", "10"),
    "metallurgy": ("31", "32"),
    "instant_delivery": ("60",),
    "": ("13", "14", "17", "20", "52", "61", "65", "70"),
}
LICENSED = ("27", "28", "59")
"""Divisions that are no key industry, or another one, but for their licence for hazardous chemicals."""
SECTORS = {"machinery": 37, "construction": 18, "transport": 15, "hazardous_chemicals": 9, "non_coal_mine": 3, "": 12}
GIANTS = {"45": (HENGYUE_POSTS, 175), "44": (390, 330, 290, 260, 230, 210, 190, 170)}
"""Key posts in the biggest enterprises, the officer's first. A tenth of the others has 40 to 95, the rest 4 to 24."""
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
BIG, MIDDLE, SMALL = 100, 35, 8
SIZES = ((BIG, "大型"), (MIDDLE, "中型"), (SMALL, "小型"), (0, "微型"))
MOST_INSURED = {"45": 2.6, "44": 6.5}
"""The insured per key post, at most: Guangdong's plan names no operators, so that rosters are shorter there."""
NAMED = ("responsible_officer", "safety_head", "team_leader")
"""What an enterprise declares not applicable that has contracted all such work out."""
DELIVERY_FROM = date(2026, 3, 1)
NATIONAL_KNOWN = date(2026, 3, 20)
"""When the national plan became known: principal officers are reported from then on."""


@dataclass(frozen=True)
class Sketch:
    """What the number of an enterprise in its province decides."""

    place: Place
    sector: str
    posts: int


def make_firms(rng: Random, days: Sequence[date], scale: float) -> tuple[Firm, ...]:
    """Invent all enterprises; `scale` 1 is the whole sample, about 600 of them."""
    taken: set[str] = set()
    sketches = [*_sketches(rng, LIUZHOU, scale), *_sketches(rng, GUANGDONG, scale)]
    return tuple(_firm(rng, number, sketch, days, taken) for number, sketch in enumerate(sketches))


def _sketches(rng: Random, places: Sequence[Place], scale: float) -> Iterator[Sketch]:
    wanted = [place for place in places for _ in range(max(1, round(place.enterprises * scale)))]
    province = places[0].code[:2]
    giants = [max(20, round(size * min(1.0, scale * 3))) for size in GIANTS[province]]
    big_places = [i for i, p in enumerate(wanted) if p.slack and not p.rural and p.code != HENGYUE_PLACE]
    giant_at = dict(zip(rng.sample(big_places, min(len(giants), len(big_places))), reversed(giants), strict=False))
    hers = next((i for i, place in enumerate(wanted) if place.code == HENGYUE_PLACE), None)
    if hers is not None:
        giant_at = {hers: HENGYUE_POSTS, min(giant_at): giants[1]}
    for i, place in enumerate(wanted):
        sector = _sector(rng, place, "machinery" if i in giant_at else None)
        yield Sketch(place, sector, giant_at.get(i) or _posts(rng))


def _sector(rng: Random, place: Place, fixed: str | None) -> str:
    weights = dict(SECTORS)
    if place.rural:
        weights["non_coal_mine"] *= 4
    else:
        weights["instant_delivery"] = 2
    weights["metallurgy"] = 2 if place.code.startswith("45") else 5
    if place.slack == 0:
        weights[""] = weights["metallurgy"] = 0
    return fixed or rng.choices(list(weights), list(weights.values()))[0]


def _posts(rng: Random) -> int:
    if rng.random() < 0.1:  # noqa: PLR2004 - a tenth is of middling size
        return rng.randint(40, 95)
    return min(24, 4 + int(rng.expovariate(1 / 4.6)))


def _firm(rng: Random, number: int, sketch: Sketch, days: Sequence[date], taken: set[str]) -> Firm:
    place, sector = sketch.place, sketch.sector
    licence = sector == "hazardous_chemicals"
    division = rng.choice(DIVISIONS[sector])
    if licence and rng.random() < 0.25:  # noqa: PLR2004
        division = rng.choice(LICENSED)
    model = place.slack == 0
    nobody = not model and sketch.posts < SMALL and rng.random() < 0.02  # noqa: PLR2004 - contracted out
    reports = _reports(rng, days, model=model, slack=place.slack)
    closed_on = _closing(rng, sketch)
    small = sketch.posts < SMALL
    return Firm(
        number=number,
        uscc=_uscc(rng, taken),
        name=_name(rng, sketch, taken),
        place=place,
        sector=sector,
        division=division,
        licence=licence,
        key_enterprise=bool(sector) and rng.random() < (0.85 if sketch.posts > MIDDLE else 0.22),
        size=next(name for least, name in SIZES if sketch.posts > least),
        insured=round(sketch.posts * rng.uniform(1.15, MOST_INSURED[place.code[:2]])) + rng.randint(1, 9),
        posts=0 if nobody else sketch.posts,
        not_applicable=NAMED if nobody else ("safety_head",) if small and rng.random() < 0.35 else (),  # noqa: PLR2004
        reports=tuple(day for day in reports if closed_on is None or day < closed_on),
        changes=_changes(rng, sketch),
        closed_on=closed_on,
    )


def _uscc(rng: Random, taken: set[str]) -> str:
    """Make a code that no register gave out: region part 000000, right check character."""
    while True:
        first = "91000000MA" + "".join(rng.choice(ALPHABET) for _ in range(7))
        code = first + uscc_check(first)
        if code not in taken:
            taken.add(code)
            return code


def _name(rng: Random, sketch: Sketch, taken: set[str]) -> str:
    while True:
        name = firm_name(rng, _prefix(sketch.place), sketch.sector)
        if name not in taken:
            taken.add(name)
            return name


def _prefix(place: Place) -> str:
    """Give the place as it stands before a firm's name: a district's firms bear the city's name."""
    if place.name.endswith("区"):
        return "柳州市"
    return place.name.removesuffix("省").removesuffix("苗族自治县").removesuffix("侗族自治县")


def _reports(rng: Random, days: Sequence[date], *, model: bool, slack: float) -> tuple[date, ...]:
    """Decide when an enterprise hands in its roster: most each quarter, some fall silent, some never begin."""
    if not model and rng.random() < 0.035 * min(slack, 2):
        return ()
    first = min(1 + int(rng.expovariate(1 / 6)), 40) if not model else rng.randint(1, 5)
    reports = list(days[first::3])
    lapse = 0.0 if model else 0.1 + 0.05 * slack
    if rng.random() < lapse and len(reports) > 4:  # noqa: PLR2004
        return tuple(reports[: rng.randint(max(3, len(reports) // 2), len(reports) - 1)])
    return tuple(reports)


def _closing(rng: Random, sketch: Sketch) -> date | None:
    small = sketch.posts < MIDDLE and sketch.place.slack > 0
    return date(2022, 3, 1) + timedelta(rng.randint(0, 1640)) if small and rng.random() < 0.035 else None  # noqa: PLR2004


def _changes(rng: Random, sketch: Sketch) -> tuple[Change, ...]:
    """Decide what is entered of an enterprise later: marks, moves of region and trade, head-counts, designations."""
    found = []
    if sketch.sector == "instant_delivery":
        found.append(Change("key_industry", "instant_delivery", DELIVERY_FROM, NATIONAL_KNOWN))
    if sketch.place.slack == 0:
        return tuple(found)
    day = date(2022, 6, 1) + timedelta(rng.randint(0, 1300))
    chance = rng.random()
    if chance < 0.02:  # noqa: PLR2004 - two in a hundred move to a neighbouring region
        home = LIUZHOU if sketch.place.code.startswith("45") else GUANGDONG
        other = rng.choice([place for place in home if place.slack and place != sketch.place])
        found.append(Change("region", other.code, day, day + timedelta(20)))
    elif chance < 0.035:  # noqa: PLR2004 - a few change their trade
        found.append(Change("industry", "34" if sketch.sector != "machinery" else "59", day, day + timedelta(35)))
    elif chance < 0.07:  # noqa: PLR2004 - and some become key enterprises later
        found.append(Change("key_enterprise", "1", day, day + timedelta(10)))
    return tuple(found)

"""Reads the lines of a settlement's sheets as the rows that were hashed: what settlement.py wrote, cell by cell.

A cell that holds something else than it should is given as it stands, so that the hash differs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.coverage.status import STATUSES
from app.reports import settlement as written

Json = dict[str, Any]
Lines = Iterable[Sequence[Any]]


def part(line: Sequence[Any]) -> Json:
    """Read a line of the sheet of sums."""
    kind, region, parent, industry, post, name, required, covered, waived, ratio, *counts = line
    *statuses, stale, roster, insured = counts
    return {
        "kind": _code(written.KINDS, kind),
        "region": region,
        "parent": parent,
        "industry": industry,
        "post": post,
        "uscc": "",
        "name": name,
        "key_enterprise": _code(written.KINDS, kind) == "key_enterprises",
        "status": "",
        **_sums(required, covered, waived, ratio),
        "statuses": {status: _count(n) for status, n in zip(STATUSES, statuses, strict=True) if n != ""},
        "stale": _count(stale),
        "roster": _count(roster),
        "insured": _count(insured),
    }


def enterprises(lines: Lines, parts: Sequence[Json], faults: list[str]) -> Iterator[Json]:
    """Read the enterprises, line by line; names that are not those of the sums are noted as faults."""
    regions = {part["region"]: part["name"] for part in parts if part["kind"] in {"whole", "region"}}
    industries = {part["industry"]: part["name"] for part in parts if part["kind"] == "industry"}
    for line in lines:
        uscc, name, region, region_name, industry, industry_name, key, status, *sums, stale, roster, insured = line
        for said, meant in ((region_name, regions.get(region)), (industry_name, industries.get(industry))):
            if meant is not None and said != meant:
                faults.append(f"{uscc}: {said} instead of {meant}")
        yield {
            "kind": "enterprise",
            "region": region,
            "parent": "",
            "industry": industry,
            "post": "",
            "uscc": uscc,
            "name": name,
            "key_enterprise": truth(key),
            "status": _code(written.STATES, status),
            **_sums(*sums),
            "statuses": {},
            "stale": {written.YES: 1, written.NO: 0}.get(str(stale), str(stale)),
            "roster": _count(roster),
            "insured": _count(insured),
        }


def _sums(required: object, covered: object, waived: object, ratio: object) -> Json:
    counts = {"required": _count(required), "covered": _count(covered), "waived": _count(waived)}
    return {**counts, "ratio": _ratio(ratio)}


def _ratio(cell: object) -> object:
    """Give a ratio as the text that is hashed: files of before hold that text, later ones a number.

    A number that is not one of six decimals stays as it stands, so that the hash differs.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        text = f"{cell:.6f}"
        return text if float(text) == cell else str(cell)
    return cell or None


def _count(cell: object) -> object:
    """Give a cell's whole number; None where it is blank; anything else as it stands, so that the hash differs."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return None if cell == "" else str(cell)


def truth(cell: object) -> object:
    """Give a yes or no; anything else as it stands, so that the hash differs."""
    return {written.YES: True, written.NO: False}.get(str(cell), str(cell))


def _code(words: Mapping[str, str], word: object) -> str:
    return next((code for code, name in words.items() if name == word), str(word))

"""A draft beside the plan known now, as the command line shows it: for people in lines, for programs as JSON."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from app.coverage.draft_sums import Line, Sums, tallies
from app.coverage.ledger import NOTHING, Tally, ratio
from app.kit.dates import SHANGHAI
from app.plans.changes import Change
from app.plans.queries import Plan

Both = tuple[Tally, Tally]


@dataclass(frozen=True)
class Compared:
    """A draft beside the plan known now, for a region on a day; `draft_id` where it is kept."""

    plan: Plan
    base: Plan | None
    region: str
    on: date
    as_of: datetime | None
    changes: tuple[Change, ...]
    sums: Sums
    enterprises: tuple[Line, ...]
    draft_id: int | None = None


def as_json(found: Compared) -> dict[str, Any]:
    """Give a comparison as JSON."""
    cells = found.sums.figures
    names = ("required_now", "required_draft", "missing_now", "missing_draft", "newly_missing")
    return {
        "plan": found.plan.code,
        "draft_id": found.draft_id,
        "compared_with": found.base.code if found.base else None,
        "region": found.region,
        "on": found.on.isoformat(),
        "as_of": found.as_of.astimezone(SHANGHAI).isoformat() if found.as_of else None,
        "changes": [_change(change) for change in found.changes],
        **_sides(_total(cells.values())),
        "totals": asdict(found.sums.totals),
        "by_region": _split(cells, 0),
        "by_industry": _split(cells, 1),
        "by_post": _split(cells, 2),
        "courses": [{"course": c, **dict(zip(names, n, strict=True))} for c, n in sorted(found.sums.courses.items())],
        "enterprises": [
            {"id": line.enterprise, "region": line.region, **_sides((line.tally_now, line.tally_then))}
            | {"status_now": line.now.status, "status_draft": line.then.status}
            for line in found.enterprises
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    said = {key: value for key, value in asdict(change).items() if value not in ("", None, ())}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in said.items()}


def _total(lines: Iterable[list[int]]) -> Both:
    now = then = NOTHING
    for numbers in lines:
        one, other = tallies(numbers)
        now, then = now.plus(one), then.plus(other)
    return now, then


def _split(cells: dict[tuple[str, str, str, bool], list[int]], by: int) -> list[dict[str, Any]]:
    keys = sorted({str(key[by]) for key in cells})
    return [{"key": k, **_sides(_total(n for key, n in cells.items() if key[by] == k))} for k in keys]


def _sides(both: Both) -> dict[str, Any]:
    return {
        side: {**tally._asdict(), "ratio": ratio(tally.required, tally.covered)}
        for side, tally in zip(("now", "draft"), both, strict=True)
    }


def as_lines(found: Compared, names: dict[str, str]) -> list[str]:
    """Give a comparison in lines; `names` of the regions."""
    total, totals = _total(found.sums.figures.values()), found.sums.totals
    against = found.base.code if found.base else "nothing"
    lines = [f"{found.plan.code} beside {against}: {names.get(found.region, found.region)}, up to {found.on}"]
    lines += [f"  {_said(change)}" for change in found.changes]
    lines += [f"now    {_figure(total[0])}", f"draft  {_figure(total[1])}"]
    for word in ("newly_required", "no_longer_required", "newly_missing", "no_longer_missing"):
        people = getattr(totals, f"people_{word}")
        lines.append(f"{word.replace('_', ' ')}: {getattr(totals, word)} posts, {people} people")
    for row in _split(found.sums.figures, 0):
        now, then = (_figure(Tally(*list(row[side].values())[:3])) for side in ("now", "draft"))
        lines.append(f"{names.get(row['key'], row['key'])}\t{now}\t{then}")
    if found.draft_id is not None:
        lines.append(f"kept as draft {found.draft_id}; to publish it: coverall plan publish {found.draft_id}")
    return lines


def _said(change: Change) -> str:
    about = " ".join(part for part in (change.kind, change.subject, change.industry) if part)
    moved = f": {', '.join(change.before) or '-'} -> {', '.join(change.after) or '-'}"
    return about + moved + (f" from {change.from_on}" if change.from_on else "")


def _figure(tally: Tally) -> str:
    share = ratio(tally.required, tally.covered)
    return f"{tally.covered}/{tally.required}" + ("" if share is None else f" {share:.6f}")

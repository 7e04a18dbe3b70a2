"""What a proof finds: a line for programs, and the same as values that a page can put into words. Pure.

The values are what JSON can hold. No personal data: people and assignments stand with their number only.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from app.kit.dates import ALWAYS, NEVER

Values = Mapping[str, Any]
One = TypeVar("One")


@dataclass(frozen=True)
class Finding:
    """Something stored that does not follow from the facts: its kind and where, as a line.

    about: in which `table`, and of which plan, region, enterprise, day and so on it speaks.
    stands, should: what stands there and what should; None: nothing does. Where only the difference is known, `lacks`
    has by how much the sums stored there are too small.
    """

    kind: str
    text: str
    about: Values = field(default_factory=dict)
    stands: Values | None = None
    should: Values | None = None
    lacks: Values = field(default_factory=dict)


def plain(values: Values | None) -> dict[str, Any] | None:
    """Give values as JSON holds them; days that mean always and never are left out."""
    if values is None:
        return None
    return {name: _plain(value) for name, value in values.items() if value not in (ALWAYS, NEVER)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | str) else int(value)


def paired(
    gone: Iterable[tuple[int, One]], new: Iterable[One], key: Callable[[One], object]
) -> Iterator[tuple[int | None, One | None, One | None]]:
    """Bring together what stands (with the row's number) and what should stand in its place, by what both are about."""
    wanted: dict[object, list[One]] = {}
    for one in new:
        wanted.setdefault(key(one), []).append(one)
    for id, one in gone:
        others = wanted.get(key(one))
        yield id, one, others.pop(0) if others else None
    for others in wanted.values():
        for one in others:
            yield None, None, one


def sides(stands: Values | None, should: Values | None, main: Iterable[str]) -> tuple[Values | None, Values | None]:
    """Give of both sides the main values, and those in which they differ."""
    kept = set(main)
    if stands is not None and should is not None:
        kept |= {name for name in stands if stands[name] != should.get(name)}

    def told(values: Values | None) -> Values | None:
        return None if values is None else {name: value for name, value in values.items() if name in kept}

    return told(stands), told(should)

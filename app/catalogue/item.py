"""What an item of a bank is made of, and its JSON form: kinds that came later leave nothing in the form of others."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

PartKind = Literal["single", "multiple", "true_false"]
ItemKind = Literal["single", "multiple", "true_false", "fill", "numeric", "order", "match", "case"]

TRUE_FALSE = ("正确", "错误")
"""The options of a true_false item, always in this order."""
PART_KINDS: tuple[PartKind, ...] = ("single", "multiple", "true_false")
WRITTEN: tuple[ItemKind, ...] = ("fill", "numeric")
"""Kinds that are answered in writing."""


@dataclass(frozen=True)
class Part:
    """One question of a case; topic, difficulty, fact and source are those of its item."""

    kind: PartKind
    stem: str
    options: tuple[str, ...]
    right: tuple[int, ...]
    explanation: str


@dataclass(frozen=True)
class Item:
    """One question. Options stand sorted by their text, those of true_false as TRUE_FALSE.

    `right` are indices into `options`: of a choice its right options; of an order the options from first to last; of a
    match, for each of `lefts`, the one that belongs to it. A fill has `accept`, a numeric `value`, `tolerance`
    (absolute) and `unit`, a case `parts`; these have no options.
    """

    id: str
    kind: ItemKind
    topic: str
    difficulty: int
    fact: str
    stem: str
    options: tuple[str, ...]
    right: tuple[int, ...]
    explanation: str
    source: str
    verified: bool
    accept: tuple[str, ...] = ()
    value: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    lefts: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


_LATER = {field.name: field.default for field in fields(Item) if field.name in Item.__dict__}
"""The fields with a default: they came after versions had been stored, and stand in the JSON form only when used."""


def item_to_json(item: Item) -> dict[str, Any]:
    """Give an item as a JSON value; `item_from_json` undoes it."""
    body = vars(item) | {"parts": tuple(map(asdict, item.parts))}
    return {key: value for key, value in body.items() if key not in _LATER or value != _LATER[key]}


def item_from_json(body: dict[str, Any]) -> Item:
    """Rebuild an item from `item_to_json`'s value, also after a round trip through text."""
    lists: dict[str, Any] = {key: tuple(body[key]) for key in ("options", "right", "accept", "lefts") if key in body}
    return Item(**{**body, **lists, "parts": tuple(_part(part) for part in body.get("parts", ()))})


def _part(body: dict[str, Any]) -> Part:
    return Part(**{**body, "options": tuple(body["options"]), "right": tuple(body["right"])})

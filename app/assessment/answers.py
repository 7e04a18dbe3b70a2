"""What an answer is, kind by kind, and in which form it is kept. Pure.

A choice: the chosen positions as shown, in order. Order and match: for each place, the position of the option that was
put there, NOTHING where none was. Fill and numeric: the text. A case: a choice for each part. () and "" are no answer.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from app.catalogue.answers import LONGEST_ANSWER
from app.catalogue.item import WRITTEN

Choice = tuple[int, ...]
Chosen = Choice | str | tuple[Choice, ...]
NOTHING = -1
"""No option at this place of an order or a match."""
PLACED = ("order", "match")
"""Kinds in which every option gets a place."""


def fitting(kind: str, options: int, parts: Sequence[int], chosen: Any) -> Chosen | None:  # noqa: ANN401 - as it was sent
    """Give an answer in the form in which it is kept; None when no page that shows the question could have made it.

    `options` counts the question's options, `parts` those of each part of a case.
    """
    if kind in WRITTEN:
        if chosen in ((), []):
            return ""
        return chosen.strip() if isinstance(chosen, str) and len(chosen) <= LONGEST_ANSWER else None
    if isinstance(chosen, str):
        return None
    if kind == "case":
        return _case(parts, chosen)
    whole = _whole(chosen)
    if whole is None:
        return None
    return _placed(options, whole) if kind in PLACED else _choice(options, whole)


def _case(parts: Sequence[int], chosen: Iterable[Any]) -> tuple[Choice, ...] | None:
    given = [_whole(part) for part in chosen]
    if not given:
        return ()
    if len(given) != len(parts):
        return None
    choices = [None if one is None else _choice(count, one) for count, one in zip(parts, given, strict=True)]
    kept = tuple(one for one in choices if one is not None)
    if len(kept) != len(parts):
        return None
    return kept if any(kept) else ()


def _whole(chosen: Any) -> Choice | None:  # noqa: ANN401 - as it was sent
    """Give numbers that are whole, and nothing else."""
    if not isinstance(chosen, (list, tuple)) or not all(type(place) is int for place in chosen):
        return None
    return tuple(chosen)


def _choice(options: int, chosen: Choice) -> Choice | None:
    fits = len(set(chosen)) == len(chosen) and all(0 <= place < options for place in chosen)
    return tuple(sorted(chosen)) if fits else None


def _placed(options: int, chosen: Choice) -> Choice | None:
    if not chosen or set(chosen) == {NOTHING}:
        return ()
    fits = len(chosen) == options and all(NOTHING <= place < options for place in chosen)
    return chosen if fits else None


def answered(kind: str, chosen: Chosen) -> bool:
    """Say whether an answer is whole: a case with every part, an order with every place."""
    if kind == "case":
        return bool(chosen) and all(chosen)
    if kind in PLACED:
        return bool(chosen) and NOTHING not in chosen
    return bool(chosen)


def kept(stored: Any) -> Chosen:  # noqa: ANN401 - JSON
    """Give an answer as it is worked with, from its JSON form."""
    if isinstance(stored, str):
        return stored
    return tuple(tuple(part) if isinstance(part, list) else part for part in stored)


def stored(chosen: Chosen) -> list[Any] | str:
    """Give an answer's JSON form."""
    return chosen if isinstance(chosen, str) else [list(one) if isinstance(one, tuple) else one for one in chosen]

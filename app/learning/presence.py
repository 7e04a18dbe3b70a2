"""When a learner is asked whether they are still there: chosen by a secret, known to the server alone. Pure.

The moments lie on the course's own time line, module after module, so that short modules too have their share. They
follow from a seed that only the server knows, and stay the same when a page is opened again: who reloads until no
check comes finds the same check again.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MARGIN_MS = 15_000
"""No check stands so close to a module's beginning or end."""
OPTIONS = 4
WORDS = ("helmet", "extinguisher", "harness", "goggles", "mask", "gloves", "boots", "cone")
"""What may be asked to be tapped; screens translate them."""


@dataclass(frozen=True)
class Often:
    """How much credited time lies between two checks, in milliseconds; `most_ms` 0: there are none."""

    least_ms: int
    most_ms: int


@dataclass(frozen=True)
class Question:
    """What a check asks: to tap `word` among `options`."""

    word: str
    options: tuple[str, ...]


def moments(seed: str, before_ms: int, needed_ms: int, often: Often) -> tuple[int, ...]:
    """Give the moments within a module that begins after `before_ms` of its course and needs `needed_ms`."""
    if not 0 < often.least_ms <= often.most_ms:
        return ()
    found = (at - before_ms for at in _line(seed, before_ms + needed_ms, often))
    return tuple(at for at in found if MARGIN_MS <= at <= needed_ms - MARGIN_MS)


def _line(seed: str, until_ms: int, often: Often) -> Iterator[int]:
    at, number = 0, 0
    while at < until_ms:
        at += often.least_ms + _draw(seed, str(number)) % (often.most_ms - often.least_ms + 1)
        number += 1
        yield at


def hold(checks: Sequence[int], credited_ms: int, present_ms: int) -> int | None:
    """Give the moment past which credit may not go: the first that is ahead or reached, and not answered."""
    return next((at for at in sorted(checks) if at >= credited_ms and at > present_ms), None)


def question(seed: str) -> Question:
    """Make a question."""
    options = sorted(WORDS, key=lambda word: _draw(seed, word))[:OPTIONS]
    return Question(options[_draw(seed, "asked") % OPTIONS], tuple(options))


def _draw(*parts: str) -> int:
    return int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8])

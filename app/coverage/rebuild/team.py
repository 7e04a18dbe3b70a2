"""The other processes that take part in a rebuild: each takes the next stretch that nobody does yet."""

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from app.coverage.rebuild import parts
from app.coverage.rebuild.shares import Share
from app.coverage.rebuild.work import Turn, Work, copied, keep

Counts = dict[str, int]
"""How many rows were made, by table."""
NO_MORE = 1 << 60


class Turns:
    """How many stretches were taken by all processes."""

    def __init__(self, taken: "Synchronized[int]") -> None:
        """Count in what processes share."""
        self._taken = taken

    def __call__(self) -> int:
        """Give the number of the next stretch that nobody does yet."""
        with self._taken.get_lock():
            self._taken.value += 1
            return self._taken.value - 1

    def end(self) -> None:
        """Let nobody take any more."""
        self._taken.value = NO_MORE


@dataclass(frozen=True)
class Team:
    """The other processes; who gathered them takes turns as well."""

    turn: Turns
    pool: Executor

    def begin(self, work: Work, files: Sequence[Path | None]) -> Iterator[Counts]:
        """Have them do stretches, each with its file of rows (None: it copies them into the database).

        Gives what they made, once that is waited for.
        """
        made = [self.pool.submit(_do, work, number, file) for number, file in enumerate(files, 1)]
        return (each.result() for each in made)


@contextmanager
def gathered(size: int) -> Iterator[Team]:
    """Start so many processes: they come up while the caller finds out what is to be done, and in the end are gone."""
    context = get_context("spawn")
    turn = Turns(context.Value("q", 0))
    with ProcessPoolExecutor(max(size, 1), context, _begin, (turn,)) as pool:
        for _ in range(size):
            pool.submit(_ready)
        try:
            yield Team(turn, pool)
        finally:
            turn.end()


_turns: list[Turns] = []


def _begin(turn: Turns) -> None:
    gc.disable()  # what is read and told holds no cycles
    _turns.append(turn)


def _ready() -> None:
    """Be there."""


def _do(work: Work, number: int, file: Path | None) -> Counts:
    """Take part; if that fails, nobody needs to go on."""
    try:
        return _shared(work, number, file, _turns[0])
    except BaseException:
        _turns[0].end()
        raise


def _shared(work: Work, number: int, file: Path | None, turn: Turn) -> Counts:
    if file is None:
        copied(work, turn)
        return {}
    with parts.opened(file, work.made_by) as session:
        share = Share(session, session, number, work.slots)
        keep(work, turn, share)
    share.end(parts.sums_of(file))
    return share.counts

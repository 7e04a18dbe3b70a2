"""Short writes that share a transaction: one that fails is undone alone, all are answered once they are durable.

SQLite has one writer, and a commit waits for the disk longer than a short write takes. So what arrives while another
transaction runs goes into the next one together. Where transactions commit side by side, each keeps its own.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

from anyio import Semaphore, to_thread
from sqlalchemy.orm import Session

MOST = 8
"""Writes in one transaction: some ten milliseconds of work, while those who were answered already send again."""
Result = TypeVar("Result")
Work = Callable[[Session], Result]


@dataclass(frozen=True)
class _Write:
    """A write that waits: in whose context it runs, and who is told what came of it."""

    work: Work[Any]
    told: asyncio.Future[Any]
    context: Context = field(default_factory=copy_context)


@dataclass(frozen=True)
class _Outcome:
    """What a write gave, or why it was undone."""

    result: Any = None
    fault: Exception | None = None


class Sharing:
    """Takes the short writes of a process, of one event loop at a time."""

    def __init__(self, opened: Callable[[], AbstractContextManager[Session]], turn: Semaphore) -> None:
        """Take what opens a write transaction, and the writers' turns."""
        self._opened = opened
        self._turn = turn
        self._waiting: deque[_Write] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def write(self, work: Work[Result]) -> Result:
        """Do a short write when it is its turn; what it gives is committed, what it raises undid it alone."""
        mine = _Write(work, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        result: Result = await mine.told
        return result

    async def _write_all(self) -> None:
        """Write until nobody waits."""
        taken: list[_Write] = []
        try:
            while self._waiting:
                async with self._turn:
                    taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
                    _tell(taken, await to_thread.run_sync(self._committed, taken))
        finally:
            for write in (*taken, *self._waiting):
                write.told.cancel()  # of those that were told already nothing is taken back
            self._waiting.clear()

    def _committed(self, writes: Sequence[_Write]) -> Sequence[_Outcome]:
        """Do writes in one transaction; when it cannot be committed, none of them is done."""
        try:
            with self._opened() as session:
                return [_done(session, write) for write in writes]
        except Exception as fault:  # noqa: BLE001 - raised again where each was asked for
            return [_Outcome(fault=fault)] * len(writes)


def _done(session: Session, write: _Write) -> _Outcome:
    """Do a write between the others; it meets no row as another one had it in hand."""
    try:
        with session.begin_nested():
            return _Outcome(write.context.run(write.work, session))
    except Exception as fault:  # noqa: BLE001 - raised again where it was asked for
        return _Outcome(fault=fault)
    finally:
        session.expunge_all()


def _tell(writes: Sequence[_Write], outcomes: Sequence[_Outcome]) -> None:
    for write, outcome in zip(writes, outcomes, strict=True):
        if write.told.done():
            continue
        if outcome.fault is None:
            write.told.set_result(outcome.result)
        else:
            write.told.set_exception(outcome.fault)

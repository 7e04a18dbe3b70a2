"""Turns at the database: how many requests at a time may hold a transaction.

A request enters its transaction in one worker thread, works in another and leaves it in a third. Were those that wait
for a lock or a connection to do so in threads, they could hold all threads and the one whose turn it is would never
go on. So they wait here, where waiting costs no thread; what has a turn always finds a connection and a thread.
"""

from dataclasses import dataclass

from anyio import Semaphore

READERS = 16
QUICK = 2
"""Short reads at a time on SQLite, which works within the process: more would only pass Python's lock to and fro."""
WRITERS = 8
EXPORTS = 4
"""Long lists that are made and sent at a time, beside the pages: they hold a snapshot, but no turn of a page."""
THREADS = 40
"""Worker threads of the server (AnyIO's default limit)."""
AHEAD = 1
"""The connection on which an import has read ahead what it will ask: imports hold their lock alone."""
CONNECTIONS = READERS + WRITERS + EXPORTS + THREADS + AHEAD
"""As many as can ever be in use: those with a turn, and one for each thread that opens and closes its own, as quick
reads do; and the one that reads ahead."""


@dataclass(frozen=True)
class Turns:
    """One semaphore each for reading, for what is read in a few milliseconds, for writing, and for long exports.

    `quick` has turns of its own on SQLite, so that no crowd waits behind a report; elsewhere they are those of reading.
    """

    reading: Semaphore
    quick: Semaphore
    writing: Semaphore
    exporting: Semaphore


def turns(*, one_writer: bool) -> Turns:
    """Make the turns of a database; SQLite has one writer."""
    reading = Semaphore(READERS)
    quick, writers = (Semaphore(QUICK), 1) if one_writer else (reading, WRITERS)
    return Turns(reading, quick, Semaphore(writers), Semaphore(EXPORTS))

"""How often Python looks through its memory for objects that only hold each other.

A process that serves keeps some hundred thousand objects for ever: code, tables, statements, courses. By its own rule
Python looks through all of them every dozen pages, 0.1 to 0.3 seconds during which everybody waits.
"""

import gc

YOUNG, MIDDLE, OLD = 10_000, 10, 100
"""New objects before the young are looked through; such passes before the middle-aged are, and of those before all."""


def seldom() -> None:
    """Leave out of every look what is there once a process has started, and look seldom at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)

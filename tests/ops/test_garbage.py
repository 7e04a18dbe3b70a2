"""A process that serves does not look through all its memory again and again."""

import gc
from collections.abc import Iterator

import pytest

from app.ops import garbage


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_was_there_at_the_start_is_left_alone() -> None:
    mine = [[] for _ in range(1000)]  # type: ignore[var-annotated]
    garbage.seldom()
    assert gc.get_freeze_count() > len(mine)
    assert not any(one is mine for one in gc.get_objects())


def test_a_page_that_makes_a_hundred_thousand_objects_is_not_held_up_by_a_look_at_everything() -> None:
    garbage.seldom()
    before = gc.get_stats()[2]["collections"]
    assert len([[number] for number in range(100_000)]) == 100_000
    assert gc.get_stats()[2]["collections"] == before


def test_what_only_holds_itself_is_still_found() -> None:
    garbage.seldom()
    before = gc.get_stats()[0]["collected"]
    for _ in range(2 * garbage.YOUNG):
        lonely: list[object] = []
        lonely.append(lonely)
    assert gc.get_stats()[0]["collected"] > before

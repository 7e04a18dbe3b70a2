"""Papers of one course are as hard as each other; every item gets its turn."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.assessment.balance import balanced
from tests.courses import item

POOLS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from("abcd")), min_size=1, max_size=30)


@given(POOLS, st.data(), st.text(max_size=6))
def test_each_difficulty_and_topic_has_its_share(cells: list[tuple[int, str]], data: st.DataObject, seed: str) -> None:
    pool = [
        replace(item(f"i{n}", "single", (), ()), difficulty=hard, topic=topic) for n, (hard, topic) in enumerate(cells)
    ]
    count = data.draw(st.integers(0, len(pool)))
    picked = balanced(pool, count, seed)
    assert len({one.id for one in picked}) == len(picked) == count
    for hard, size in Counter(one.difficulty for one in pool).items():
        assert abs(sum(one.difficulty == hard for one in picked) - count * size / len(pool)) < 1
    for cell, size in Counter((one.difficulty, one.topic) for one in pool).items():
        assert abs(sum((one.difficulty, one.topic) == cell for one in picked) - count * size / len(pool)) < 1


def test_every_item_has_the_same_chance() -> None:
    pool = [replace(item(f"i{n}", "single", (), ()), difficulty=1 + (n == 0)) for n in range(10)]
    times = Counter(one.id for n in range(2000) for one in balanced(pool, 3, str(n)))
    assert set(times) == {one.id for one in pool}
    assert all(500 < often < 700 for often in times.values())

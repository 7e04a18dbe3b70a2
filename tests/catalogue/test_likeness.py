"""Texts that are nearly the same are found, whatever their number, and no others."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.likeness import NEAR_IDENTICAL, alike, bare

TEXTS = st.lists(st.text("登梯先看脚稳，？ ", max_size=12), max_size=12)


def compared(texts: list[str]) -> set[tuple[int, int]]:
    """Compare every text with every other."""

    def pairs(text: str) -> set[str]:
        words = bare(text)
        return {words[i : i + 2] for i in range(max(1, len(words) - 1))}

    return {
        (a, b)
        for a, b in combinations(range(len(texts)), 2)
        if len(pairs(texts[a]) & pairs(texts[b])) >= NEAR_IDENTICAL * len(pairs(texts[a]) | pairs(texts[b]))
    }


@given(TEXTS)
def test_what_is_looked_up_is_what_comparing_all_would_find(texts: list[str]) -> None:
    found = list(alike(texts))
    assert set(found) == compared(texts)
    assert len(found) == len(set(found))


def test_one_character_in_twenty_makes_no_other_text() -> None:
    stem = "高处作业时安全带应当挂在什么样的地方才稳妥呢"
    assert list(alike([stem, stem.replace("稳妥", "牢妥"), stem[:10] + "另外的一句话完全不同"])) == [(0, 1)]

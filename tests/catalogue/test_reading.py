"""Sentences that can be read."""

from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.modules import ReadModule
from app.catalogue.reading import AVERAGE, LONGEST, hard_sentences, sentences
from tests.courses import small_module


def read(*paragraphs: str) -> ReadModule:
    return ReadModule(small_module(1, 60), "modules/010-a/page.md", tuple(enumerate(paragraphs, 1)), ())


def codes(*paragraphs: str) -> list[tuple[int | None, str]]:
    return [(error.line, error.code) for error in hard_sentences([read(*paragraphs)])]


def test_a_sentence_ends_with_its_stop_and_punctuation_does_not_count() -> None:
    assert sentences("先看风，再看表。停！\n“走”：（快走）") == [
        ("先看风，再看表", 6),
        ("停", 1),
        ("“走”", 1),
        ("（快走）", 2),
    ]


def test_a_long_sentence_is_refused_at_its_line() -> None:
    short = "停。" * 10
    assert codes(short, "看" * LONGEST) == []
    assert codes(short, short + "看" * (LONGEST + 1)) == [(2, "sentence_long")]


def test_long_sentences_throughout_are_refused() -> None:
    assert codes("看" * AVERAGE + "。" + "看" * AVERAGE) == []
    assert codes("看" * AVERAGE + "。" + "看" * (AVERAGE + 1)) == [(1, "sentences_long")]


@given(st.text("看停走，。！ \n", max_size=60))
def test_no_character_that_is_read_gets_lost(text: str) -> None:
    assert sum(length for _, length in sentences(text)) == sum(character in "看停走" for character in text)

"""How hard a course is to read: a worker reads it on a phone, after a shift. Pure.

A sentence ends with 。！？；： or a line's end; its letters and digits count, punctuation and white space do not. Short
sentences are the best-tried part of readability measures for Chinese texts; the bounds are this house's own: a course
is refused for a sentence beyond LONGEST, and a module for an average beyond AVERAGE.
"""

import re
from collections.abc import Iterator, Sequence

from app.catalogue.modules import ReadModule
from app.catalogue.shapes import FileError

LONGEST = 90
AVERAGE = 30
_END = re.compile(r"[。！？!?；;：:\n]|……")
_UNREAD = re.compile(r"[\W_]+")


def sentences(text: str) -> list[tuple[str, int]]:
    """Give a text's sentences with their lengths in characters; empty ones are left out."""
    lengths = ((one.strip(), len(_UNREAD.sub("", one))) for one in _END.split(text))
    return [(one, length) for one, length in lengths if length]


def hard_sentences(modules: Sequence[ReadModule]) -> Iterator[FileError]:
    """Find sentences that nobody reads to their end, and modules that are written in long ones throughout."""
    for read in modules:
        found = [(line, text, length) for line, words in read.paragraphs for text, length in sentences(words)]
        for line, text, length in found:
            if length > LONGEST:
                message = f"A sentence of {length} characters; at most {LONGEST} can be read in one go: {text[:20]}……"
                yield FileError(read.file, line, "sentence_long", message)
        if found and sum(length for _, _, length in found) > AVERAGE * len(found):
            mean = sum(length for _, _, length in found) / len(found)
            message = f"Sentences have {mean:.0f} characters on average; at most {AVERAGE} are wanted"
            yield FileError(read.file, 1, "sentences_long", message)

"""Messages: msgids are English; Chinese comes from the .po files in messages/zh, one file per area, merged at start."""

from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from app.kit.words import N_

__all__ = ["LANGUAGES", "MESSAGES", "N_", "catalogue", "translate"]
LANGUAGES = ("zh", "en")
MESSAGES = Path(__file__).parent / "messages"


def translate(language: str, message: str, **details: Any) -> str:  # noqa: ANN401 - whatever % can format
    """Give a message in a language, its %(name)s placeholders filled; an unknown msgid stays English."""
    text = catalogue(language).get(message, message)
    return text % details if details else text


@cache
def catalogue(language: str) -> dict[str, str]:
    """Load all messages of a language: msgid -> text. English is the msgid itself."""
    messages: dict[str, str] = {}
    for file in sorted((MESSAGES / language).glob("*.po")):
        with file.open("rb") as opened:
            for entry in read_po(opened, locale=language):
                if entry.id and entry.string and not entry.fuzzy:
                    messages[str(entry.id)] = str(entry.string)
    return messages

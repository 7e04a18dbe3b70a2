"""Reads Aiken: a question, its options as A. or A), and the line ANSWER: with the letter of the right one."""

import re

from app.catalogue.formats.drafts import Draft, Drafts, Unreadable, choice, one_line
from app.catalogue.shapes import FileError

_OPTION = re.compile(r"\s*([A-Z])[.)．、]\s*(.*\S)\s*")
_ANSWER = re.compile(r"\s*ANSWER\s*[:：]\s*([A-Za-z]+)\s*", re.IGNORECASE)


def parse_aiken(file: str, text: str) -> Drafts:
    """Read an Aiken file: its questions, and what is wrong, by line."""
    drafts: list[Draft] = []
    errors: list[FileError] = []
    stem: list[str] = []
    options: dict[str, str] = {}
    begin = 0
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if answer:
            try:
                drafts.append(_question(begin or number, stem, options, answer[1].upper()))
            except Unreadable as fault:
                errors.append(FileError(file, number, fault.code, str(fault)))
            stem, options, begin = [], {}, 0
        elif option and stem and option[1] == chr(ord("A") + len(options)):
            options[option[1]] = option[2]
        elif line.strip():
            if options:
                errors.append(FileError(file, number, "aiken", "after the options comes the line ANSWER:"))
                stem, options, begin = [], {}, 0
            begin = begin or number
            stem.append(line)
    if stem:
        errors.append(FileError(file, begin, "aiken", "the question has no line ANSWER:"))
    if not drafts and not errors:
        errors.append(FileError(file, 1, "empty", "there is no question in this file"))
    return tuple(drafts), errors


def _question(line: int, stem: list[str], options: dict[str, str], letter: str) -> Draft:
    if not stem or not options:
        raise Unreadable("aiken", "a question and its options stand before the line ANSWER:")
    if letter not in options:
        raise Unreadable("aiken", f"there is no option {letter}")
    wrong = [text for name, text in options.items() if name != letter]
    return choice(line, one_line("\n".join(stem)), [options[letter]], wrong)

"""Checks captions: WebVTT whose cues stand in order and within the film."""

import re

from app.catalogue.shapes import FileError

_CUE = re.compile(r"(?:(\d{2,}):)?(\d{2}):(\d{2})\.(\d{3})\s+-->\s+(?:(\d{2,}):)?(\d{2}):(\d{2})\.(\d{3})(?:\s.*)?")


def vtt_faults(file: str, data: bytes, seconds: int) -> list[FileError]:
    """Find what is wrong in captions of a film that is so long."""
    try:
        lines = data.decode().removeprefix("\ufeff").splitlines()
    except UnicodeDecodeError:
        return [FileError(file, 1, "encoding", "The file is not UTF-8")]
    found: list[FileError] = []
    if not lines or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        found.append(FileError(file, 1, "captions", "Captions begin with the line WEBVTT"))
    last = -1
    for number, line in enumerate(lines, 1):
        if "-->" not in line:
            continue
        match = _CUE.fullmatch(line.strip())
        if match is None:
            found.append(FileError(file, number, "captions", "A cue's times are written 00:00.000 --> 00:00.000"))
            continue
        start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:])
        if start < last or end <= start or end > (seconds + 1) * 1000:
            message = "A cue ends after it begins, begins no earlier than the one before, and ends within the film"
            found.append(FileError(file, number, "captions", message))
        last = start
    if last < 0:
        found.append(FileError(file, 1, "captions", "There is no cue"))
    return found


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest

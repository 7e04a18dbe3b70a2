"""Reads a film, a recording or a file to take along: media.toml, the file itself, captions, transcript, poster."""

import hashlib
import re
from typing import Annotated

from pydantic import Field, StringConstraints

from app.catalogue.bodies import Media, Stored
from app.catalogue.kinds.part import Asked, Faults, Part, Pictures, reading_seconds
from app.catalogue.kinds.webvtt import vtt_faults
from app.catalogue.pages import FigureUse, read_page
from app.catalogue.render import render
from app.catalogue.shapes import FileError
from app.catalogue.toml import Strict, read_text, read_toml

TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vtt": "text/vtt; charset=utf-8",
    "jpg": "image/jpeg",
    "png": "image/png",
}
"""The media types of the files that may be stored."""
ALLOWED = {"video": {"mp4", "webm"}, "audio": {"m4a", "mp3", "ogg"}, "download": {"pdf", "docx", "xlsx"}}
POSTERS = {"svg", "jpg", "png"}
MOST_BYTES = 300_000_000
MAGIC = {
    "mp4": rb"....ftyp",
    "m4a": rb"....ftyp",
    "webm": rb"\x1a\x45\xdf\xa3",
    "mp3": rb"ID3|\xff[\xe0-\xff]",
    "ogg": rb"OggS",
    "pdf": rb"%PDF-",
    "docx": rb"PK\x03\x04",
    "xlsx": rb"PK\x03\x04",
    "jpg": rb"\xff\xd8\xff",
    "png": rb"\x89PNG\r\n",
}
"""How the content of each type begins: a file must be what its name says."""
Name = Annotated[str, StringConstraints(pattern=r"\A[a-z0-9][a-z0-9-]*\.[a-z0-9]{2,4}\z", max_length=80)]


class MediaFile(Strict):
    """media.toml. A film or recording needs `seconds`, captions (a film) and a transcript; a file its transcript."""

    file: Name
    seconds: Annotated[int, Field(ge=1, le=3600)] | None = None
    captions: Name | None = None
    transcript: Name
    poster: Name | None = None


def read_media(file: str, asked: Asked) -> tuple[Part | None, list[FileError]]:
    """Read media.toml and what it names; the needed time is the film's own, for a file that of its transcript."""
    read, lines, errors = read_toml(file, asked.files[file], MediaFile)
    if read is None:
        return None, errors
    faults = Faults(file, lines)
    named = {"file": read.file, "captions": read.captions, "transcript": read.transcript, "poster": read.poster}
    for key, name in named.items():
        if name is not None and name not in asked.files:
            faults.add((key,), "missing_file", f"There is no file {name} beside media.toml")
    if faults.found:
        return None, faults.found
    _file_faults(faults, read, asked)
    text, unread = read_text(read.transcript, asked.files[read.transcript])
    page = read_page(text)
    told = [FileError(read.transcript, fault.line, fault.code, fault.message) for fault in page.faults]
    if read.captions:
        told += vtt_faults(read.captions, asked.files[read.captions], read.seconds or 0)
    poster = read.poster if read.poster and read.poster.endswith(".svg") else None
    part = Part(
        characters=page.characters,
        needed_seconds=read.seconds or reading_seconds(page.characters),
        build=lambda pictures: (render(page.tokens, pictures), _media(read, asked, pictures)),
        uses=(*page.figures, *([FigureUse(poster, "poster", lines.of("poster"))] if poster else [])),
        paragraphs=page.paragraphs,
        cases=page.cases,
        others=frozenset(name for name in named.values() if name),
    )
    return part, [*faults.found, *unread, *told]


def _file_faults(faults: Faults, read: MediaFile, asked: Asked) -> None:
    film = asked.kind == "video"
    _content_faults(faults, "file", read.file, ALLOWED[asked.kind], asked)
    if read.poster:
        _content_faults(faults, "poster", read.poster, POSTERS, asked)
    if (asked.kind == "download") == (read.seconds is not None):
        faults.add(("seconds",), "seconds", "A film or a recording states its seconds, a file has none")
    if film and not read.captions:
        faults.add((), "captions", "A film needs captions: a .vtt file")
    if read.captions and not read.captions.endswith(".vtt"):
        faults.add(("captions",), "captions", "Captions are a .vtt file")
    if not read.transcript.endswith(".md"):
        faults.add(("transcript",), "transcript", "The transcript is a .md file")


def _content_faults(faults: Faults, key: str, name: str, allowed: set[str], asked: Asked) -> None:
    ending, data = name.rpartition(".")[2], asked.files[name]
    if ending not in allowed:
        faults.add((key,), "file_type", f"{name}: wanted is one of {', '.join(sorted(allowed))}")
    elif ending in MAGIC and not re.match(MAGIC[ending], data, re.DOTALL):
        faults.add((key,), "file_type", f"{name} is not what its name says")
    if len(data) > MOST_BYTES:
        faults.add((key,), "file_size", f"{name} is larger than {MOST_BYTES // 1_000_000} MB")


def _media(read: MediaFile, asked: Asked, pictures: Pictures) -> Media:
    drawn = pictures.get(read.poster) if read.poster else None
    still = _stored(read.poster, asked) if read.poster and drawn is None else None
    poster = drawn.src if drawn else still.src if still else ""
    captions = _stored(read.captions, asked) if read.captions else None
    return Media(_stored(read.file, asked), read.seconds or 0, captions, poster, still)


def _stored(name: str, asked: Asked) -> Stored:
    data = asked.files[name]
    return Stored(stored_digest(data), name, TYPES[name.rpartition(".")[2]], len(data))


def stored_digest(data: bytes) -> str:
    """Give the name of a content: the first 32 hex digits of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:32]

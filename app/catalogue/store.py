"""Keeps films, recordings and documents of courses in the database, by their content's hash.

They stand in tables of their own, in pieces, not in a version's JSON: a version names them by hash, so it stays
immutable; a backup of the database holds them without being told; several processes see them without shared disks; and
a range is read piece by piece. The price is a database as large as its films.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.catalogue.bodies import Media, Stored
from app.catalogue.kinds.media import TYPES, stored_digest
from app.catalogue.models import ContentChunk, ContentFile
from app.catalogue.shapes import Course
from app.kit.errors import not_found

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Kept:
    """A file in the store: its digest, media type and size in bytes."""

    digest: str
    type: str
    size: int


def stored_of(courses: Iterable[Course]) -> dict[str, Stored]:
    """Give the files that courses name, by digest."""
    bodies = (module.body for course in courses for module in course.modules)
    return {file.digest: file for body in bodies if isinstance(body, Media) for file in body.files}


def contents(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give what may be kept out of a course's files, by digest."""
    return {stored_digest(data): data for name, data in files.items() if name.rpartition(".")[2] in TYPES}


def keep(session: Session, files: Mapping[str, Stored], contents: Mapping[str, bytes]) -> tuple[str, ...]:
    """Keep files whose content is not kept yet; gives the digests of those that were new.

    `contents` are by digest; ValueError when one is missing or is not what its digest says.
    """
    known = set(session.scalars(select(ContentFile.digest).where(ContentFile.digest.in_(tuple(files)))))
    fresh = sorted(set(files) - known)
    for digest in fresh:
        data = contents.get(digest)
        if data is None or stored_digest(data) != digest:
            message = f"the content of {files[digest].name} is missing or damaged"
            raise ValueError(message)
        file = files[digest]
        row = {"digest": digest, "name": file.name, "type": file.type, "size": len(data)}
        session.execute(insert(ContentFile), [row])
        for number in range(-(-len(data) // CHUNK)):
            piece = {"digest": digest, "number": number, "data": data[number * CHUNK : (number + 1) * CHUNK]}
            session.execute(insert(ContentChunk), [piece])
    return tuple(fresh)


def kept(session: Session, digest: str, name: str) -> Kept:
    """Find a file by digest and name; Problem 404."""
    row = session.get(ContentFile, digest)
    if row is None or row.name != name:
        raise not_found()
    return Kept(row.digest, row.type, row.size)


def piece(session: Session, digest: str, start: int, end: int) -> Iterator[bytes]:
    """Give the bytes [start, end) of a file, piece by piece."""
    for number in range(start // CHUNK, -(-end // CHUNK)):
        data = session.scalar(select(ContentChunk.data).filter_by(digest=digest, number=number)) or b""
        base = number * CHUNK
        yield data[max(0, start - base) : max(0, end - base)]

"""A course's folder packed as .zip, handed in through the web: checked like files on the command line, kept for review.

The archive is read in memory between transactions: its folder (or its root) is the course's, and its name the code.
`facts/*.toml` beside it may bring facts of its own; they and those of the installation are what items may rest on.
"""

import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import PurePosixPath

from app.catalogue import store
from app.catalogue.parse import parse_course, parse_facts
from app.catalogue.shapes import Fact, FileError
from app.identity.service import Actor
from app.kit.errors import Problem
from app.ops.db import Database
from app.ops.i18n import N_
from app.ops.settings import settings
from app.workflows.read_content import read_facts
from app.workflows.review_course import submit_courses

MOST_BYTES = 20_000_000
MOST_FILES = 500
MOST_UNPACKED = 60_000_000


@dataclass(frozen=True)
class Handed:
    """What came of it: a proposal, or what is wrong with the course."""

    proposal_id: int | None
    errors: tuple[str, ...] = ()


def submit(database: Database, data: bytes, by: Actor, now: datetime) -> Handed:
    """Hand a packed course in; Problem 422 when it cannot be read, is too large, or is what is taught already."""
    code, files, own = _unpacked(data)
    facts, errors = _facts(own)
    if not errors:
        course, found = parse_course(code, files, facts)
        errors = list(found)
    if errors or course is None:
        return Handed(None, tuple(str(error) for error in errors))
    with database.session() as session:
        handed = submit_courses(session, [course], facts, by, now, store.contents(files))
    if not handed:
        raise Problem(422, "unchanged", N_("This course is taught, or waits for review, just as it is."))
    return Handed(handed[0][1])


def _facts(own: dict[str, bytes]) -> tuple[dict[str, Fact], list[FileError]]:
    known, errors = read_facts(settings().content_dir)
    facts = dict(known)
    for name, data in own.items():
        more, faults = parse_facts(name, data)
        errors += faults
        changed = [id for id, fact in more.items() if id in facts and facts[id] != fact]
        errors += [
            FileError(name, None, "fact_repeated", f"The fact {id} stands elsewhere, with other words")
            for id in changed
        ]
        facts |= more
    return facts, errors


def _unpacked(data: bytes) -> tuple[str, dict[str, bytes], dict[str, bytes]]:
    """Give the course's code, its files by their path in the course, and files of facts beside it."""
    if not data:
        raise Problem(422, "archive", N_("Choose a .zip file of the course's folder."))
    if len(data) > MOST_BYTES:
        raise Problem(422, "archive", N_("The file is too large: at most %(n)s MB."), {"n": MOST_BYTES // 1_000_000})
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _hidden(entry.filename)]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Problem(422, "archive", N_("The archive holds too much to be one course."))
            files = {PurePosixPath(entry.filename).as_posix(): archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise Problem(422, "archive", N_("This is not a .zip file that can be read.")) from broken
    roots = [PurePosixPath(name).parent for name in files if PurePosixPath(name).name == "course.toml"]
    if len(roots) != 1 or not roots[0].name:
        message = N_("The archive has to hold one folder with a course.toml; the folder's name is the course's code.")
        raise Problem(422, "archive", message)
    root = roots[0]
    inside = {
        PurePosixPath(n).relative_to(root).as_posix(): f for n, f in files.items() if root in PurePosixPath(n).parents
    }
    beside = {n: f for n, f in files.items() if PurePosixPath(n).parent.name == "facts" and n.endswith(".toml")}
    return root.name, inside, {PurePosixPath(n).name: f for n, f in beside.items()}


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)

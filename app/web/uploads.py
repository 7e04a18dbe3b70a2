"""Files that come with a form."""

from fastapi import UploadFile

from app.kit.errors import Problem
from app.ops.i18n import N_


def uploaded(file: UploadFile | None) -> tuple[str, bytes]:
    """Give an uploaded file's name and its bytes; Problem 422 when none was chosen."""
    if file is None or not file.filename:
        raise Problem(422, "no_file", N_("Choose a file first."))
    return file.filename, file.file.read()

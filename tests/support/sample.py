"""A small sample region for tests, made once per run however many processes take part, and copied for each use."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from app.ops.settings import ROOT
from app.workflows.sample import store
from app.workflows.sample.store import Source

SCALE = 0.03
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
"""A day on which the national plan is under way, so that a run next year sees the same region."""


def small_sample(folder: Path) -> Path:
    """Give the small sample's file in a folder, made by whoever comes first."""
    file = folder / "sample.db"
    if not store.is_current(file):
        store.make(Source(ROOT / "courses", file, SCALE), NOW, lambda _: None)
    return file


def copy_of(file: Path, data: Path) -> Path:
    """Copy a database file to where a Coverall with this data folder looks for it."""
    data.mkdir(parents=True, exist_ok=True)
    copied = data / "coverall.db"
    shutil.copyfile(file, copied)
    return copied

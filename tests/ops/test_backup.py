"""Backup and restore: all of it comes back, nothing else stays, and what is no backup is refused first."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.kit.errors import Problem
from app.ops import backup
from app.ops.db import Database
from app.organisations.models import Region
from tests.support.serving import coverall

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def write(database: Database, *codes: str) -> None:
    with database.session() as session:
        session.add_all(Region(code=code, name=f"region {code}", parent=None) for code in codes)


def codes(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Region.code)))


def test_a_restore_brings_back_what_was_backed_up_and_nothing_else(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    write(database, "100000", "450000")
    backup.backup(database_url, tmp_path / "copies" / "monday.backup")
    write(database, "440000")
    backup.restore(database_url, tmp_path / "copies" / "monday.backup")
    assert codes(database) == {"100000", "450000"}
    write(database, "440000")
    assert [file.name for file in (tmp_path / "copies").iterdir()] == ["monday.backup"]


def test_a_damaged_backup_changes_nothing(database: Database, database_url: str, tmp_path: Path) -> None:
    write(database, "100000")
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    backup.backup(database_url, whole)
    torn.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    write(database, "440000")
    with pytest.raises(Problem):
        backup.restore(database_url, torn)
    assert codes(database) == {"100000", "440000"}


def test_a_file_of_another_kind_is_refused(database: Database, database_url: str, tmp_path: Path) -> None:
    write(database, "100000")
    other = tmp_path / "roster.csv"
    other.write_text("uscc,name\n")
    with pytest.raises(Problem, match="no backup of this kind"):
        backup.restore(database_url, other)
    assert codes(database) == {"100000"}


def test_a_backup_never_overwrites_a_file(database: Database, database_url: str, tmp_path: Path) -> None:
    write(database, "100000")
    file = tmp_path / "kept"
    file.write_text("older")
    with pytest.raises(Problem, match="exists already"):
        backup.backup(database_url, file)
    assert file.read_text() == "older"


def test_an_empty_database_is_known_as_empty(database: Database) -> None:
    assert not backup.holds_data(database.engine)
    write(database, "100000")
    assert backup.holds_data(database.engine)


@SQLITE
def test_a_reader_sees_the_old_data_whole_until_it_looks_again(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    write(database, "100000")
    backup.backup(database_url, tmp_path / "copy")
    write(database, "440000", "450000")
    with database.reading() as session:
        before = set(session.scalars(select(Region.code)))
        backup.restore(database_url, tmp_path / "copy")
        assert set(session.scalars(select(Region.code))) == before == {"100000", "440000", "450000"}
    assert codes(database) == {"100000"}


@SQLITE
def test_a_backup_is_one_file_that_a_read_only_folder_can_hold(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    write(database, "100000")
    folder = tmp_path / "disc"
    backup.backup(database_url, folder / "copy")
    (folder / "copy").chmod(0o400)
    folder.chmod(0o500)
    backup.restore(database_url, folder / "copy")
    folder.chmod(0o700)
    assert [file.name for file in folder.iterdir()] == ["copy"]


def test_the_command_asks_before_it_replaces_data(tmp_path: Path) -> None:
    data, file = tmp_path / "data", str(tmp_path / "copy")
    assert coverall(data, "migrate").returncode == 0
    assert coverall(data, "backup", file).returncode == 0
    assert coverall(data, "restore", file).returncode == 0
    assert coverall(data, "user", "add", "--role", "administrator", "梁思源").returncode == 0
    refused = coverall(data, "restore", file)
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert coverall(data, "restore", file, "--yes").returncode == 0
    assert coverall(data, "backup", file).returncode == 2

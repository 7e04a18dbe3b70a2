"""Uploads on both databases: imported once however often they are confirmed, and nothing of one that fails."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access import queries as access
from app.access.queries import StaffFilter
from app.access.roles import PERMISSIONS
from app.access.scope import Viewer, grants_of
from app.identity import queries as identity
from app.identity.service import Actor
from app.kit.errors import Problem
from app.ops.db import Database
from app.organisations.models import ImportUpload, PostAssignment
from app.workflows import import_uploads as uploads
from app.workflows import staff_accounts
from app.workflows.import_results import Options
from app.workflows.staff_accounts import NewStaff, RoleWanted
from tests import world
from tests.world import LONGJIANG, ROSTER, STRANGER, WEI, World

NOW = world.BEGAN + timedelta(days=1)
FILE = world.as_csv((ROSTER[0], (LONGJIANG, "蓝天明", STRANGER, "", "班组长", "焊工", "2026-01-02", "")))


@pytest.fixture
def people(database: Database) -> World:
    with database.session() as session:
        return world.build(session)


@pytest.fixture
def chen(database: Database, people: World) -> Viewer:
    with database.reading() as session:
        roles = frozenset(grant.role for grant in grants_of(session, people.chen))
        scope = world.scope_of(session, people.chen)
    return Viewer(people.chen, "陈静", None, roles, PERMISSIONS["officer"], scope)


@pytest.fixture
def confirm(database: Database, chen: Viewer) -> Callable[..., None]:
    def confirmed(token: str, options: Options) -> None:
        uploads.confirm(database, chen, token, options, Actor(chen.account_id, chen.name), NOW)

    return confirmed


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(PostAssignment)) or 0


def test_two_confirmations_at_once_import_once(database: Database, chen: Viewer, confirm: Callable[..., None]) -> None:
    before = count(database)
    token = uploads.receive(database, chen, "roster", "a.csv", FILE, NOW)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: confirm(token, Options()), range(4)))
    assert count(database) == before + 1
    with database.reading() as session:
        assert len(identity.audit_trail(session, action="import.roster", account_id=chen.account_id)) == 1
    done = uploads.examine(database, chen, token, Options(), NOW)
    assert (done.used_at, done.result.added) == (NOW, 1)


def test_endings_without_a_confirmation_leave_the_upload_unused(
    database: Database, chen: Viewer, confirm: Callable[..., None]
) -> None:
    wei_alone = world.as_csv((ROSTER[0], next(row for row in ROSTER if row[2] == WEI)))
    token = uploads.receive(database, chen, "roster", "a.csv", wei_alone, NOW)
    whole = Options(full=True, as_of=NOW.date())
    with pytest.raises(Problem) as refused:
        confirm(token, whole)
    assert refused.value.code == "import_unconfirmed"
    assert uploads.examine(database, chen, token, whole, NOW).used_at is None
    confirm(token, Options(full=True, as_of=NOW.date(), confirmed=True))
    done = uploads.examine(database, chen, token, Options(), NOW)
    assert (done.options.full, done.options.as_of, done.result.ended) == (True, NOW.date(), 2)


def test_what_came_back_is_kept_sealed_with_its_reasons(
    database: Database, chen: Viewer, confirm: Callable[..., None]
) -> None:
    rows = world.as_csv((ROSTER[0], (LONGJIANG, "韦大勇", WEI, "", STRANGER, "", "2026-01-02", "")))
    token = uploads.receive(database, chen, "roster", "a.csv", rows, NOW)
    confirm(token, Options())
    with database.reading() as session:
        kept = session.scalars(select(ImportUpload)).one()
        assert STRANGER not in str(kept.result)
    (error,) = uploads.examine(database, chen, token, Options(), NOW).result.errors
    assert (error.row, error.field, error.code) == (2, "post", "post_unknown")
    assert STRANGER in error.message("en")


def test_staff_accounts_are_told_apart_by_their_state(database: Database, people: World) -> None:
    by = Actor(people.guan, "管平")
    with database.session() as session:
        new = staff_accounts.open_account(session, NewStaff("钱进", "", "qian", RoleWanted("administrator")), by, NOW)
        staff_accounts.close_account(session, people.li, by, NOW)

    def listed(state: str, days: int = 0) -> list[str]:
        with database.reading() as session:
            return [row.name for row in access.staff(session, StaffFilter(state=state), None, NOW + days * DAY).rows]

    assert (listed("issued"), listed("closed"), listed("active")) == (["钱进"], ["李安"], [])
    assert set(listed("lapsed")) == {"陈静", "罗明", "谢芳", "管平"}
    assert "钱进" in listed("lapsed", days=31)
    assert new.account.state == "issued"


DAY = timedelta(days=1)

"""One role lends no reach to another: what Luo may change in Liuzhou he may only look at in Guangdong."""

from datetime import UTC, datetime

import pytest

from app.access import roles
from app.access import service as access
from app.access.scope import Viewer
from app.identity import service as identity
from app.ops.db import Database, Session
from app.workflows import viewers
from tests import world

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def seen(session: Session, account: int, permission: str) -> Viewer:
    token = identity.start_session(session, account, "test", NOW)
    session.flush()
    found = viewers.by_session(session, token, NOW, permission)
    assert found
    return found[0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_managers_acts_end_where_he_is_only_a_viewer(database: Database) -> None:
    with database.session() as session:
        lived = world.build(session)
        access.grant(session, lived.luo, "bureau_viewer", "440600", None, "test", NOW)
        acting, looking = seen(session, lived.luo, roles.WAIVERS_WRITE), seen(session, lived.luo, roles.COVERAGE_READ)
        assert not acting.scope.reaches_enterprise(lived.foshan, "440600")
        assert acting.scope.reaches_enterprise(lived.longjiang, "450202")
        assert looking.scope.reaches_enterprise(lived.foshan, "440600")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_administrator_reaches_figures_everywhere_and_people_nowhere(database: Database) -> None:
    with database.session() as session:
        lived = world.build(session)
        access.grant(session, lived.guan, "officer", None, lived.longjiang, "test", NOW)
        assert seen(session, lived.guan, roles.FIGURES_READ).scope.everywhere
        for permission in roles.EVERY_PERMISSION - {roles.FIGURES_READ}:
            assert not seen(session, lived.guan, permission).scope.everywhere, permission
        assert seen(session, lived.guan, roles.PEOPLE_READ).scope.enterprises == {lived.longjiang}
        assert seen(session, lived.guan, roles.AUDIT_READ).scope.enterprises == frozenset()

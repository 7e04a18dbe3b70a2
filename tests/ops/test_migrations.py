"""Migrations make what the models say, and run up, down and up again with data in place."""

from datetime import UTC, datetime

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, inspect, select

from app.identity.service import Actor, audit, open_staff_account
from app.ops import migrations
from app.ops.db import Database
from app.organisations.models import Region
from app.tables import METADATA

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_migrated_schema_is_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_up_down_and_up_again_with_data_in_place(database: Database) -> None:
    with database.session() as session:
        session.add(Region(code="100000", name="全国", parent=None))
        session.flush()
        session.add(Region(code="450000", name="广西壮族自治区", parent="100000"))
        account = open_staff_account(session, "罗敏", "", NOW, "luo")
        audit(session, Actor(account, "罗敏"), "try", "account", account, NOW)
    migrations.downgrade(database.engine)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(database.engine)
    with database.session() as session:
        session.add(Region(code="100000", name="全国", parent=None))
        session.flush()
        assert session.scalar(select(func.count()).select_from(Region)) == 1


def test_a_database_that_is_up_to_date_stays_as_it_is(database: Database) -> None:
    with database.session() as session:
        session.add(Region(code="100000", name="全国", parent=None))
    migrations.upgrade(database.engine)
    with database.reading() as session:
        assert session.get(Region, "100000") is not None

"""The column types keep what they are given, and a write transaction is whole or nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.dialects import sqlite

from app.identity.models import AuditEvent
from app.identity.service import Actor, audit
from app.ops.db import Database, Day, Instant

DIALECT = sqlite.dialect()


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001 - made aware below
def test_an_instant_comes_back_to_the_microsecond_and_in_order(naive: datetime) -> None:
    aware = naive.replace(tzinfo=UTC)
    stored = Instant().process_bind_param(aware, DIALECT)
    later = Instant().process_bind_param(aware + timedelta(microseconds=1), DIALECT)
    assert Instant().process_result_value(stored, DIALECT) == aware
    assert stored is not None
    assert later == stored + 1


@given(st.dates())
def test_a_day_comes_back(day: date) -> None:
    assert Day().process_result_value(Day().process_bind_param(day, DIALECT), DIALECT) == day
    stored = Day().bind_processor(DIALECT)(day)
    assert stored == Day().process_bind_param(day, DIALECT)
    assert Day().result_processor(DIALECT, None)(stored) == day


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def break_half_way() -> None:
        with database.session() as session:
            audit(session, Actor(None, "Wei"), "try", "nothing", 1, now)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_half_way()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_what_is_read_in_one_transaction_is_one_snapshot(database: Database) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    count = select(func.count()).select_from(AuditEvent)
    with database.reading() as reader:
        before = reader.scalar(count)
        with database.session() as writer:
            audit(writer, Actor(None, "Wei"), "act", "nothing", 1, now)
        assert reader.scalar(count) == before
    with database.reading() as reader:
        assert reader.scalar(count) == 1

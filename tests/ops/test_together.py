"""Processes that start at once on one empty database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import inspect, text

from app.ops.db import make_engine
from app.ops.migrations import upgrade
from tests.support.databases import migrate, postgres_copy
from tests.support.postgres import Server


@pytest.mark.postgres
def test_one_makes_the_schema_and_the_others_find_it_made(postgres: Server) -> None:
    name = postgres.create()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, [postgres.url(name)] * 3))
    engine = make_engine(postgres.url(name))
    assert "posting" in inspect(engine).get_table_names()
    engine.dispose()
    postgres.drop(name)


@pytest.mark.postgres
def test_who_brought_the_schema_up_to_date_waits_for_locks_afterwards_like_everybody(postgres: Server) -> None:
    with postgres_copy(postgres) as url:
        engine = make_engine(url)
        upgrade(engine)
        with engine.connect() as connection:
            assert connection.scalar(text("SHOW lock_timeout")) == "0"
        engine.dispose()

"""The tests' own ground: the databases are fresh and migrated, the network ends here, the browser is real."""

import socket

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, inspect, text

from tests.support.sockets import LeavingTheMachineError


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_has_a_migrated_database_without_the_rows_of_another(engine: Engine, turn: str) -> None:
    with engine.begin() as connection:
        assert "person" in inspect(connection).get_table_names()
        connection.execute(text("CREATE TABLE left_behind (turn TEXT)"))
        connection.execute(text("INSERT INTO left_behind VALUES (:turn)"), {"turn": turn})
        assert connection.scalar(text("SELECT count(*) FROM left_behind")) == 1


def test_a_test_cannot_leave_this_machine() -> None:
    with socket.socket() as outward, pytest.raises(LeavingTheMachineError):
        outward.connect(("192.0.2.1", 80))
    with pytest.raises(LeavingTheMachineError):
        socket.create_connection(("example.org", 80))


@pytest.mark.browser
def test_the_browser_speaks_chinese_and_cannot_leave_this_machine(page: Page) -> None:
    assert page.evaluate("navigator.language") == "zh-CN"
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


@pytest.mark.browser
def test_the_running_server_is_reached_by_the_browser(page: Page, live_server: str) -> None:
    answer = page.goto(live_server)
    assert answer is not None
    assert answer.ok
    assert page.title()

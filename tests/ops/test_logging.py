"""What is logged of a fault: where it happened, never what was in hand."""

import pytest

from app.ops import logging
from app.ops.db import Database

SECRET = "11010519491231002X"


def test_a_fault_is_logged_without_the_values_in_hand(capsys: pytest.CaptureFixture[str], database: Database) -> None:
    logging.configure()

    def fail(resident_id: str) -> None:
        with database.reading() as session:
            session.connection().exec_driver_sql("SELECT no_such_column WHERE 1 = :id", {"id": resident_id})

    try:
        fail(SECRET)
    except Exception as error:  # noqa: BLE001 - as the handler of faults does
        logging.log().error("fault", exc_info=error)
    said = capsys.readouterr().err
    assert "no_such_column" in said
    assert SECRET not in said

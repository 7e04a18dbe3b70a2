"""What is read ahead disturbs nobody: neither when it works nor when it fails, nor when the posting fails meanwhile."""

from collections.abc import Iterator
from threading import active_count

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.coverage import reading_ahead
from app.ops.db import Database
from app.organisations.models import Enterprise
from tests.world import World

CODES = {f"9145020000000000{number:02d}" for number in range(reading_ahead.FEW + 1)}
WORKING, FAILING = (text("SELECT 1"),), (text("SELECT missing"),)


@pytest.fixture(autouse=True)
def no_thread_stays() -> Iterator[None]:
    before = active_count()
    yield
    assert active_count() == before


def test_every_question_can_be_asked(session: Session, world: World) -> None:
    if session.get_bind().dialect.name == "sqlite":
        return  # nothing is read ahead there
    asked = {"ids": [world.longjiang, world.liubei]}
    assert [session.execute(question, asked).scalar_one() >= 0 for question in reading_ahead.ASKED_OF_EACH]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("questions", [reading_ahead.ASKED_OF_EACH, WORKING, FAILING])
def test_the_body_goes_on_whether_reading_works_or_not(
    database: Database, monkeypatch: pytest.MonkeyPatch, questions: tuple[object, ...]
) -> None:
    monkeypatch.setattr(reading_ahead, "ASKED_OF_EACH", questions)
    with database.session() as session:
        with reading_ahead.reading_ahead(session, CODES):
            session.add(Enterprise(uscc="new", name="龙江机械", region="450202"))
        session.flush()
    with database.reading() as session:
        assert session.scalars(select(Enterprise).where(Enterprise.uscc == "new")).one().name == "龙江机械"


@pytest.mark.usefixtures("world")
def test_what_fails_in_the_body_fails(database: Database) -> None:
    with (
        database.session() as session,
        pytest.raises(ZeroDivisionError),
        reading_ahead.reading_ahead(session, CODES),
    ):
        raise ZeroDivisionError

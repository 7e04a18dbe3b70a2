"""What is read ahead disturbs nobody: neither when it works nor when it fails, nor when the posting fails meanwhile."""

from threading import active_count

import pytest
from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from app.coverage import reading_ahead
from app.ops.db import Database
from app.organisations.models import Enterprise
from tests.world import World

CODES = {f"9145020000000000{number:02d}" for number in range(reading_ahead.FEW + 1)}


def test_every_question_can_be_asked(session: Session, world: World) -> None:
    for question in reading_ahead._questions():
        asked = {"ids": [world.longjiang, world.liubei]}
        assert session.connection().execute(question, asked).scalar_one() >= 0


@pytest.mark.usefixtures("world")
def test_the_body_goes_on_whether_reading_works_or_not(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    before = active_count()
    for questions in (reading_ahead._questions(), (select(column("missing")).select_from(table("missing")),)):
        monkeypatch.setattr(reading_ahead, "_questions", lambda given=questions: given)
        with database.session() as session:
            with reading_ahead.reading_ahead(session, CODES):
                session.add(Enterprise(uscc=f"{len(questions)}", name="龙江机械", region="450202"))
            session.flush()
        assert active_count() == before
    with database.reading() as session:
        assert len(session.scalars(select(Enterprise).where(Enterprise.name == "龙江机械")).all()) == 2


@pytest.mark.usefixtures("world")
def test_what_fails_in_the_body_fails(database: Database) -> None:
    before = active_count()
    with (
        database.session() as session,
        pytest.raises(ZeroDivisionError),
        reading_ahead.reading_ahead(session, CODES),
    ):
        raise ZeroDivisionError
    assert active_count() == before

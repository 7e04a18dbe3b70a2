"""A region's coverage becomes public by an act with a reason, once at a time, and can be taken back and shown again."""

import pytest
from sqlalchemy.orm import Session

from app.coverage import publications
from app.kit.errors import Problem
from app.kit.scope import SYSTEM, Scope
from app.workflows.publish import Publish, publish, withdraw
from tests import world
from tests.world import BEGAN, OPERATOR

CITY = Publish("liuzhou-2021-2025", "450200", "按要求主动公开")
ELSEWHERE = Scope(regions=frozenset({"440600"}))


def test_published_once_taken_back_and_published_again(session: Session) -> None:
    world.settle(session)
    first = publish(SYSTEM, session, CITY, OPERATOR, BEGAN)
    with pytest.raises(Problem, match="public already"):
        publish(SYSTEM, session, CITY, OPERATOR, BEGAN)
    with pytest.raises(Problem, match="does not exist"):
        withdraw(ELSEWHERE, session, first, "越权", OPERATOR, BEGAN)
    withdraw(SYSTEM, session, first, "核数中", OPERATOR, BEGAN)
    with pytest.raises(Problem, match="not public any more"):
        withdraw(SYSTEM, session, first, "再来", OPERATOR, BEGAN)
    assert publications.in_force(session) == ()
    second = publish(SYSTEM, session, CITY, OPERATOR, BEGAN)
    assert [row.id for row in publications.in_force(session, CITY.plan_code)] == [second]
    ended = publications.listed(SYSTEM, session, ended=True, size=9)
    assert [(row.id, row.reason, row.ended_by, row.ended_reason) for row in ended] == [
        (first, "按要求主动公开", OPERATOR.name, "核数中")
    ]
    assert publications.listed(ELSEWHERE, session, ended=True, size=9) == ()

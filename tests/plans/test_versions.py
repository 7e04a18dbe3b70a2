"""Plan versions: loaded once, every change kept with the time it became known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.kit.errors import Problem
from app.plans import queries, service
from app.plans.models import KeyPost
from app.plans.service import PlansLoaded
from tests.plans.plan_files import key_posts, ladder_city

MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
INSTANT = timedelta(microseconds=1)


def test_loading_twice_changes_nothing(session: Session) -> None:
    assert service.would_change(session, [ladder_city()], key_posts())
    assert service.load(session, [ladder_city()], key_posts(), MONDAY) == PlansLoaded(("ladder-city",), (), (), True)
    assert not service.would_change(session, [ladder_city()], key_posts())
    assert service.load(session, [ladder_city()], key_posts(), TUESDAY) == PlansLoaded((), (), ("ladder-city",), False)
    stored = queries.plan(session, "ladder-city")
    assert replace(stored, id=0) == ladder_city()
    assert queries.posts(session) == key_posts()


def test_a_change_is_known_from_its_recording_on(session: Session) -> None:
    service.load(session, [ladder_city()], key_posts(), MONDAY)
    longer = replace(ladder_city(), deadline=date(2026, 12, 31))
    assert service.load(session, [longer], key_posts(), TUESDAY).changed == ("ladder-city",)
    known = [queries.plan(session, "ladder-city", at) for at in (MONDAY, TUESDAY - INSTANT, TUESDAY, None)]
    assert [p.deadline.year for p in known] == [2025, 2025, 2026, 2026]
    assert len({p.id for p in known}) == 1
    assert queries.plans(session, MONDAY - INSTANT) == ()
    with pytest.raises(Problem):
        queries.plan(session, "ladder-city", MONDAY - INSTANT)


def test_plans_come_by_first_day_and_a_plan_not_in_the_files_stays(session: Session) -> None:
    older = replace(ladder_city(), code="ramp-city", starts_on=date(2020, 1, 1))
    service.load(session, [ladder_city(), older], key_posts(), MONDAY)
    service.load(session, [older], key_posts(), TUESDAY)
    assert [p.code for p in queries.plans(session)] == ["ramp-city", "ladder-city"]


def test_a_post_of_the_bureaus_own_survives_loading(session: Session) -> None:
    service.load(session, [], key_posts(), MONDAY)
    session.add(KeyPost(code="forklift_driver", name="叉车司机", aliases=["铲车司机"], position=9))
    session.flush()
    renamed = (replace(key_posts()[0], aliases=("安全部长",)), key_posts()[1])
    assert not service.would_change(session, [], key_posts())
    assert service.load(session, [], renamed, TUESDAY).posts_changed
    assert [p.code for p in queries.posts(session)] == ["safety_head", "team_leader", "forklift_driver"]
    found = queries.find_post(queries.posts(session), "安全部长")
    assert found is not None
    assert found.code == "safety_head"
    assert queries.find_post(queries.posts(session), "安全科长") is None

"""What each caller may ask: a region, an enterprise, an industry, themselves; what is out of reach does not exist."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random

import pytest
from sqlalchemy.orm import Session

from app.coverage import queries
from app.coverage.queries import Ask, EnterpriseFilter
from app.coverage.queries.asking import resolve
from app.coverage.queries.judging import PostStanding
from app.coverage.queries.posts import PostFilter, posts_page
from app.kit.errors import Problem
from app.kit.paging import Page
from app.kit.scope import SYSTEM, Scope
from app.ops.db import Database
from tests import oracle
from tests.coverage import chronicle
from tests.coverage.histories import REGIONS, Row, tell

TODAY, NOW = date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)
ON = date(2024, 12, 30)
SEED = 31
GUANGZHOU = Scope(regions=frozenset({"440100", "440103"}), personal=True)
CHEN = Scope(enterprises=frozenset({1}), personal=True)
UNION = Scope(regions=None, personal=False)
MACHINERY = Scope(regions=None, industries=frozenset({"machinery"}))

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def asked(database: Database) -> Iterator[tuple[Session, list[Row]]]:
    story = tell(Random(SEED), 40)
    chronicle.write(database, story)
    with database.reading() as session:
        yield session, oracle.standings(story.history, "alpha", ON, NOW)


def required(session: Session, scope: Scope, region: str | None = None, enterprise: str | None = None) -> int:
    ask = Ask("alpha", ON, region=region, enterprise=enterprise)
    return queries.coverage(scope, session, ask, TODAY, NOW).figures.required


def missing(scope: Scope, session: Session) -> Page[PostStanding]:
    question = resolve(scope, session, Ask("alpha", ON), TODAY, NOW)
    return posts_page(scope, session, question, PostFilter("missing"))


def test_a_scope_sees_its_own_part(asked: tuple[Session, list[Row]]) -> None:
    session, rows = asked
    assert len({row["region"] for row in rows}) > 1
    assert len({row["enterprise"] for row in rows}) > 1
    assert required(session, SYSTEM) == len(rows)
    assert required(session, GUANGZHOU) == sum(row["region"] in {"440100", "440103"} for row in rows)
    assert required(session, CHEN) == sum(row["enterprise"] == 1 for row in rows)
    assert required(session, MACHINERY) == sum(row["industry"] == "machinery" for row in rows)
    assert required(session, Scope()) == 0


def test_rows_add_up_in_every_scope(asked: tuple[Session, list[Row]]) -> None:
    session, _ = asked
    for scope in (SYSTEM, GUANGZHOU, CHEN, MACHINERY, Scope()):
        for by in ("region", "industry", "post", "enterprise"):
            answer = queries.coverage(scope, session, Ask("alpha", ON, by=by), TODAY, NOW)
            assert (
                sum(row.figures.required for row in answer.rows) == answer.figures.required == required(session, scope)
            )


def test_what_is_out_of_reach_does_not_exist(asked: tuple[Session, list[Row]]) -> None:
    session, _ = asked
    for scope, parts, code in (
        (GUANGZHOU, {"region": "440200"}, "unknown_region"),
        (GUANGZHOU, {"region": "440000"}, "unknown_region"),
        (CHEN, {"region": "440100"}, "unknown_region"),
        (CHEN, {"enterprise": "USCC2"}, "unknown_enterprise"),
        (SYSTEM, {"enterprise": "USCC9"}, "unknown_enterprise"),
        (SYSTEM, {"region": "999999"}, "unknown_region"),
    ):
        with pytest.raises(Problem) as refused:
            required(session, scope, **parts)
        assert (refused.value.status, refused.value.code) == (404, code)
    with pytest.raises(Problem, match="no plan gamma"):
        queries.coverage(SYSTEM, session, Ask("gamma"), TODAY, NOW)


def test_the_union_sees_figures_but_no_person(asked: tuple[Session, list[Row]]) -> None:
    session, rows = asked
    assert required(session, UNION) == len(rows)
    for listing in (
        lambda: missing(UNION, session),
        lambda: queries.of_assignments(UNION, session, Ask("alpha", ON), [1], TODAY, NOW),
        lambda: queries.person_standing(UNION, session, 1, TODAY, NOW),
    ):
        with pytest.raises(Problem) as refused:
            listing()
        assert refused.value.status == 403


def test_an_officer_lists_their_own_people_only(asked: tuple[Session, list[Row]]) -> None:
    session, rows = asked
    listed = missing(CHEN, session).rows
    assert {row.assignment_id for row in listed} == {
        row["assignment"] for row in rows if row["enterprise"] == 1 and not row["covered"]
    }
    shown = queries.enterprises(CHEN, session, Ask("alpha", ON), EnterpriseFilter(), TODAY, NOW).rows
    assert {row.id for row in shown} <= {1}


def test_a_person_sees_all_their_posts_and_an_officer_those_at_their_own_works(
    asked: tuple[Session, list[Row]],
) -> None:
    session, rows = asked
    person = next(row["person"] for row in rows if row["enterprise"] != 1)
    own = queries.person_standing(Scope(person=person), session, person, TODAY, NOW).assignments
    assert {row["assignment"] for row in rows if row["person"] == person} <= {a.id for a in own}
    here = [a for a in own if a.enterprise_id == 1]
    if here:
        seen = queries.person_standing(CHEN, session, person, TODAY, NOW).assignments
        assert [a.id for a in seen] == [a.id for a in here]
    else:
        with pytest.raises(Problem, match="does not exist"):
            queries.person_standing(CHEN, session, person, TODAY, NOW)


def test_the_day_and_the_instant_asked_for(asked: tuple[Session, list[Row]]) -> None:
    session, _ = asked
    during = date(2024, 8, 1)
    deadline = queries.coverage(SYSTEM, session, Ask("alpha"), TODAY, NOW).on
    assert queries.coverage(SYSTEM, session, Ask("alpha"), during, NOW).on == during
    assert deadline < TODAY
    assert not queries.coverage(SYSTEM, session, Ask("alpha"), TODAY, NOW).forecast
    assert queries.coverage(SYSTEM, session, Ask("alpha", date(2027, 1, 1)), TODAY, NOW).forecast
    for future in (date(2026, 1, 2), datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)):
        with pytest.raises(Problem, match="future"):
            queries.coverage(SYSTEM, session, Ask("alpha", known_at=future), TODAY, NOW)
    early = queries.coverage(SYSTEM, session, Ask("alpha", ON, known_at=date(2023, 1, 1)), TODAY, NOW).to_json()
    assert (early["required"], early["ratio"], early["enterprises"]) == (0, None, {})
    assert early["known_at"] == "2023-01-01T23:59:59.999999+08:00"


def test_trend_and_matrix_say_what_coverage_says(asked: tuple[Session, list[Row]]) -> None:
    session, _ = asked
    for point in queries.trend(SYSTEM, session, Ask("alpha", ON), 14, TODAY, NOW):
        assert (
            point.figures.tally == queries.coverage(SYSTEM, session, Ask("alpha", point.on), TODAY, NOW).figures.tally
        )
    grid = queries.matrix(SYSTEM, session, Ask("alpha", ON), TODAY, NOW)
    by_post = queries.coverage(SYSTEM, session, Ask("alpha", ON, by="post"), TODAY, NOW)
    for row in by_post.rows:
        cells = [grid.cell(row.key, industry) for industry, _ in grid.industries]
        assert sum(cell.required for cell in cells) == row.figures.required
        assert sum(cell.covered for cell in cells) == row.figures.covered
    assert set(REGIONS) >= set(by_post.tops)

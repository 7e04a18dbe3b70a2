"""Awards: numbers and tokens, validity stamped once, revocation, what the public may verify."""

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.awards import queries, service
from app.awards.queries import Certificate
from app.awards.service import AwardRecord, Revoke
from app.kit.errors import Problem
from app.kit.scope import SYSTEM, Scope
from tests.courses import small_course
from tests.learners import a_person, at, load

DAY = date(2024, 2, 29)
TODAY = date(2026, 3, 2)


@pytest.fixture
def wei(session: Session) -> int:
    load(session, small_course(), small_course("yearly", valid_months=12))
    return a_person(session)


def earned(person: int, course: str = "ladders", day: date = DAY, until: date | None = None) -> AwardRecord:
    return AwardRecord(person, course, day, "韦大勇", until, provider="柳州市安培中心", hours=4)


def held(session: Session, person: int, on: date) -> Certificate | None:
    return queries.held(queries.of_person(SYSTEM, session, person, on), "yearly")


def test_an_award_has_a_number_that_tells_the_day_and_a_secret_token(session: Session, wei: int) -> None:
    award = queries.certificate(SYSTEM, session, service.record(session, earned(wei), at()), TODAY)
    assert re.fullmatch(r"CV20240229[2-9A-HJ-NP-Z]{8}", award.number)
    assert len(award.token) >= 43
    assert (award.holder_name, award.holder_id, award.version_number) == ("韦大勇", "0000**********123X", 1)
    assert (award.state, award.valid_until, award.origin, award.mode) == ("valid", None, "import", "offline")


def test_the_course_version_stamps_validity_unless_the_record_says_otherwise(session: Session, wei: int) -> None:
    ids = service.record_many(
        session, [earned(wei, "yearly"), earned(wei, "yearly", until=date(2024, 6, 1)), earned(wei)], at()
    )
    found = [queries.certificate(SYSTEM, session, award_id, TODAY) for award_id in ids]
    assert [award.valid_until for award in found] == [date(2025, 2, 28), date(2024, 6, 1), None]
    assert [award.state for award in found] == ["expired", "expired", "valid"]


def test_an_award_is_valid_until_the_day_before_it_ends(session: Session, wei: int) -> None:
    award_id = service.record(session, earned(wei, "yearly"), at())
    assert queries.certificate(SYSTEM, session, award_id, date(2025, 2, 27)).valid
    assert not queries.certificate(SYSTEM, session, award_id, date(2025, 2, 28)).valid
    assert held(session, wei, date(2025, 2, 27)) is not None
    assert held(session, wei, date(2025, 2, 28)) is None


def test_of_several_awards_the_one_that_lasts_longest_is_held(session: Session, wei: int) -> None:
    ids = service.record_many(session, [earned(wei, "yearly", day=date(2025, 6, n)) for n in (2, 9, 5)], at())
    longest = held(session, wei, TODAY)
    assert longest is not None
    assert longest.id == ids[1]


def test_a_retake_outdates_older_awards_from_its_day_on(session: Session, wei: int) -> None:
    award_id = service.record(session, earned(wei), at())
    retake = replace(small_course(title="新"), change="retake", retake_from=date(2026, 5, 1))
    load(session, retake, when=at(days=1))
    assert queries.certificate(SYSTEM, session, award_id, date(2026, 4, 30)).state == "valid"
    assert queries.certificate(SYSTEM, session, award_id, date(2026, 5, 1)).state == "outdated"


def test_a_revocation_voids_from_its_day_on_and_says_why(session: Session, wei: int) -> None:
    award_id = service.record(session, earned(wei), at())
    assert service.revoke(session, Revoke(award_id, date(2025, 1, 1), " 代考 ", "局"), at()) == wei
    award = queries.certificate(SYSTEM, session, award_id, TODAY)
    assert (award.state, award.revoked_from, award.revocation_reason) == ("revoked", date(2025, 1, 1), "代考")
    assert queries.certificate(SYSTEM, session, award_id, date(2024, 12, 31)).valid
    service.revoke(session, Revoke(award_id, None, "始终无效", "局"), at(1))
    assert queries.certificate(SYSTEM, session, award_id, DAY).state == "revoked"


def test_a_revocation_without_reason_or_before_completion_or_twice_is_refused(session: Session, wei: int) -> None:
    award_id = service.record(session, earned(wei), at())
    service.revoke(session, Revoke(award_id, date(2025, 1, 1), "代考", "局"), at())
    for asked, status in (
        (Revoke(award_id, None, "  ", "局"), 422),
        (Revoke(award_id, date(2024, 2, 28), "代考", "局"), 422),
        (Revoke(award_id, date(2025, 1, 1), "代考", "局"), 409),
        (Revoke(award_id + 1, None, "代考", "局"), 404),
    ):
        with pytest.raises(Problem) as refused:
            service.revoke(session, asked, at(1))
        assert refused.value.status == status


def test_the_secret_token_shows_everything_and_a_typed_number_needs_the_name(session: Session, wei: int) -> None:
    award = queries.certificate(SYSTEM, session, service.record(session, earned(wei), at()), TODAY)
    assert queries.by_token(session, award.token, TODAY) == award
    assert queries.by_number(session, f" {award.number.lower()} ", "韦 大勇", TODAY) == award
    assert queries.by_number(session, award.number, "韦大", TODAY) is None
    assert queries.by_number(session, "CV20240229AAAAAAAA", "韦大勇", TODAY) is None
    with pytest.raises(Problem) as refused:
        queries.by_token(session, award.number, TODAY)
    assert refused.value.status == 404


def test_certificates_are_the_holders_own(session: Session, wei: int) -> None:
    luo = a_person(session, "罗敏", 2)
    ids = service.record_many(session, [earned(wei), earned(wei, day=date(2025, 1, 1))], at())
    own = queries.of_person(Scope(person=wei), session, wei, TODAY)
    assert [award.id for award in own] == list(reversed(ids))
    for act in (
        lambda: queries.of_person(Scope(person=luo), session, wei, TODAY),
        lambda: queries.certificate(Scope(person=luo), session, ids[0], TODAY),
    ):
        with pytest.raises(Problem) as refused:
            act()
        assert refused.value.status == 404


def test_thousands_are_recorded_at_once(session: Session, wei: int) -> None:
    ids = service.record_many(session, [earned(wei)] * 3000, at())
    assert len(set(ids)) == 3000

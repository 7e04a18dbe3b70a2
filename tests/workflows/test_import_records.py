"""Training completed elsewhere: what becomes an award, what is one already, what is refused."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.awards import service as register
from app.awards.models import Award
from app.kit.scope import SYSTEM, Scope
from app.workflows.import_results import ImportResult
from tests import world as shared
from tests.world import LIANG, MO, STRANGER, WEI, World

LATER = shared.BEGAN + timedelta(days=30)
HEAD = ("证件号码", "姓名", "课程代码", "完成日期", "有效期至", "失效日期", "成绩", "学时", "培训方式", "证明编号")
LAW = "injury-insurance-law"


def fill(session: Session, *rows: Sequence[str], scope: Scope = SYSTEM) -> ImportResult:
    full = [(*row, *[""] * (len(HEAD) - len(row))) for row in rows]
    return shared.fill(session, "records", [HEAD, *full], LATER, scope=scope)


def counts(result: ImportResult) -> tuple[int, int, int]:
    assert (result.changed, result.ended) == (0, 0)
    assert result.rows == result.added + result.unchanged + result.refused
    return result.added, result.unchanged, result.refused


def reasons(result: ImportResult) -> list[tuple[int, str, str]]:
    return [(error.row, error.field, error.code) for error in result.errors]


def awards(session: Session, person: int) -> list[Award]:
    return list(session.scalars(select(Award).where(Award.person_id == person).order_by(Award.id)))


def test_a_record_becomes_an_award_once(session: Session, world: World) -> None:
    row = (WEI, "韦大勇", LAW, "2024-02-29", "2026-02-28", "", "92.5", "2", "线上", "人社培2024-001")
    assert counts(fill(session, row)) == (1, 0, 0)
    assert counts(fill(session, row)) == (0, 1, 0)
    (award,) = awards(session, world.wei)
    assert (award.completed_on, award.valid_until) == (date(2024, 2, 29), date(2026, 3, 1))
    assert (award.mode, award.origin, award.score, award.hours) == ("online", "import", 92.5, 2)
    assert (award.holder_name, award.reference) == ("韦大勇", "人社培2024-001")


def test_blank_details_repeat_nothing_and_contradict_nothing(session: Session, world: World) -> None:
    fill(session, (WEI, "", LAW, "2024-03-01", "", "", "90", "2", "", "A1"))
    assert counts(fill(session, (WEI, "", LAW, "2024-03-01"))) == (0, 1, 0)
    assert reasons(fill(session, (WEI, "", LAW, "2024-03-01", "", "", "95"))) == [(2, "completed_on", "record_differs")]
    assert len(awards(session, world.wei)) == 1


def test_a_revoked_record_can_be_recorded_right_and_is_never_brought_back(session: Session, world: World) -> None:
    wrong = (WEI, "", LAW, "2024-03-01", "", "", "90")
    right = (WEI, "", LAW, "2024-03-01", "", "", "95")
    fill(session, wrong)
    (award,) = awards(session, world.wei)
    register.revoke(session, register.Revoke(award.id, None, "成绩录错", "罗明"), LATER)
    assert counts(fill(session, wrong)) == (0, 1, 0)
    assert counts(fill(session, right)) == (1, 0, 0)
    assert counts(fill(session, right)) == (0, 1, 0)
    assert counts(fill(session, wrong)) == (0, 1, 0)
    assert reasons(fill(session, (*right[:6], "96"))) == [(2, "completed_on", "record_differs")]
    assert [one.score for one in awards(session, world.wei)] == [90, 95]


def test_another_mode_or_day_is_another_record(session: Session, world: World) -> None:
    rows = [
        (WEI, "", LAW, "2024-03-01", "", "", "", "", "线上"),
        (WEI, "", LAW, "2024-03-01", "", "", "", "", "offline"),
        (WEI, "", LAW, "2024-03-02"),
        (WEI, "", LAW.upper(), "2024-03-02"),
    ]
    result = fill(session, *rows)
    assert counts(result) == (3, 0, 1)
    assert reasons(result) == [(5, "completed_on", "row_repeated")]
    assert len(awards(session, world.wei)) == 3


def test_a_new_person_needs_a_name(session: Session, world: World) -> None:
    result = fill(
        session,
        (STRANGER, "", LAW, "2024-03-01"),
        (STRANGER, "农志刚", LAW, "2024-03-02"),
        (STRANGER, "", LAW, "2024-03-03"),
        (STRANGER, "农志强", LAW, "2024-03-04"),
    )
    assert reasons(result) == [(2, "name", "name_needed"), (5, "name", "name_differs")]
    assert [a.holder_name for a in awards(session, shared.person(session, STRANGER))] == ["农志刚", "农志刚"]
    assert world.wei


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((WEI, "韦大力", LAW, "2024-03-01"), ("name", "name_mismatch")),
        ((WEI, "", "astronautics", "2024-03-01"), ("course", "course_unknown")),
        ((WEI, "", LAW, "2026-12-31"), ("completed_on", "completed_later")),
        ((WEI, "", LAW, "2024-03-01", "2026-03-01", "2026-03-01"), ("valid_until", "valid_disagree")),
        ((WEI, "", LAW, "2024-03-01", "", "2024-03-01"), ("valid_until", "valid_before")),
        ((WEI, "", LAW, "2024-03-01", "", "", "79.5"), ("score", "score_fails")),
        ((WEI, "", LAW, "2024-03-01", "", "", "九十"), ("score", "number")),
        ((WEI, "", LAW, "2024-03-01", "", "", "", "", "函授"), ("mode", "choice")),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bad_record_comes_back_with_its_reason(
    session: Session, world: World, row: tuple[str, ...], expected: tuple[str, str]
) -> None:
    assert reasons(fill(session, row)) == [(2, *expected)]
    assert awards(session, world.wei) == []


def test_agreeing_days_of_validity_are_one(session: Session, world: World) -> None:
    assert counts(fill(session, (WEI, "", LAW, "2024-03-01", "2026-02-28", "2026-03-01"))) == (1, 0, 0)
    assert awards(session, world.wei)[0].valid_until == date(2026, 3, 1)


def test_chen_records_her_own_people_only(session: Session, world: World) -> None:
    chen = shared.scope_of(session, world.chen)
    result = fill(
        session,
        (MO, "莫小兰", LAW, "2024-03-01"),
        (LIANG, "梁秀英", LAW, "2024-03-01"),
        (STRANGER, "农志刚", LAW, "2024-03-01"),
        scope=chen,
    )
    assert reasons(result) == [(3, "resident_id", "person_unknown"), (4, "resident_id", "person_unknown")]
    assert len(awards(session, world.mo)) == 1

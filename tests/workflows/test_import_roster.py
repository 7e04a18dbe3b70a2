"""Rosters: good rows go in, bad rows come back with a reason, and nothing is lost or half written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.coverage import jobs, proof
from app.coverage.queries import Ask
from app.coverage.queries.dashboard import dashboard
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops.db import Database
from app.organisations import queries, roster
from app.organisations.models import Declaration, Person, PostAssignment, PostAssignmentVersion
from app.workflows import folding, imports
from app.workflows.import_results import ImportResult, Options
from tests import world as shared
from tests.ops.sheet_files import xlsx
from tests.world import HUANG, LIUBEI, LONGJIANG, MO, QIN, STRANGER, WEI, World

HEAD = ("统一社会信用代码", "姓名", "证件号码", "岗位", "上岗日期", "离岗日期")
LATER = shared.BEGAN + timedelta(days=30)
TODAY = day_of(LATER)
TEAM = "班组长"


def fill(session: Session, *rows: Sequence[str], head: Sequence[str] = HEAD, **asked: object) -> ImportResult:
    options = Options(**asked)  # type: ignore[arg-type]
    return shared.fill(session, "roster", [head, *rows], LATER, options)


def counts(result: ImportResult) -> tuple[int, int, int, int, int]:
    assert result.rows == result.added + result.changed + result.unchanged + result.refused
    return result.added, result.changed, result.ended, result.unchanged, result.refused


def reasons(result: ImportResult) -> list[tuple[int, str, str]]:
    return [(error.row, error.field, error.code) for error in result.errors]


def posts(session: Session, person: int) -> list[tuple[str, date, date | None]]:
    held = roster.posts_of(SYSTEM, session, person)
    return [(row.post, row.starts_on, row.ends_on) for row in reversed(held)]


def figures(session: Session) -> object:
    """Give what stands in the city as of now, with the enterprises' statuses."""
    return dashboard(SYSTEM, session, Ask("liuzhou-2021-2025"), TODAY, LATER).figures()


def everything(session: Session) -> list[object]:
    """Give all that a roster import may change."""
    people = session.execute(select(Person.id, Person.name, Person.phone_hash).order_by(Person.id)).all()
    held = session.execute(select(PostAssignmentVersion.__table__).order_by(PostAssignmentVersion.id)).all()
    said = session.execute(select(Declaration.__table__).order_by(Declaration.id)).all()
    return [people, held, said]


def test_the_same_file_twice_changes_nothing(session: Session, world: World) -> None:
    before = everything(session)
    again = shared.fill(session, "roster", shared.ROSTER)
    assert counts(again) == (0, 0, 0, 6, 0)
    assert everything(session) == before
    assert world.wei


def test_a_dry_run_counts_what_the_run_does_and_writes_nothing(session: Session, world: World) -> None:
    rows = [
        HEAD,
        (LONGJIANG, "韦大勇", WEI, TEAM, "2021-02-01", ""),
        (LONGJIANG, "农志刚", STRANGER, TEAM, "2026-01-01", ""),
        (LONGJIANG, "莫小兰", MO, "没有的岗位", "2022-05-01", ""),
        (LONGJIANG, "黄建国", HUANG, "分管负责人", "2021-01-01", ""),
    ]
    options = Options(full=True, as_of=TODAY, confirmed=True)
    before = everything(session)
    sheet = imports.read("roster", shared.as_csv(rows), options)
    would = imports.preview(session, SYSTEM, "roster", sheet, options, LATER)
    assert everything(session) == before
    assert counts(would) == (1, 1, 0, 1, 1)
    assert shared.fill(session, "roster", rows, LATER, options) == would
    assert world.wei


def test_a_row_that_overlaps_one_assignment_corrects_it(session: Session, world: World) -> None:
    result = fill(session, (LONGJIANG, "韦大勇", WEI, TEAM, "2021-04-01", "2026-01-15"))
    assert counts(result) == (0, 1, 0, 0, 0)
    assert posts(session, world.wei) == [("team_leader", date(2021, 4, 1), date(2026, 1, 15))]
    versions = session.scalars(
        select(PostAssignmentVersion).where(PostAssignmentVersion.person_id == world.wei).order_by("id")
    ).all()
    assert [v.starts_on for v in versions] == [date(2021, 3, 1), date(2021, 4, 1)]
    assert versions[0].superseded_at == versions[1].recorded_at
    assert versions[1].superseded_at is None


def test_a_blank_end_never_reopens_an_ended_assignment(session: Session, world: World) -> None:
    assert counts(fill(session, (LONGJIANG, "覃志强", QIN, "safety_head", "2021-06-01", ""))) == (0, 0, 0, 1, 0)
    assert posts(session, world.qin)[0][2] == date(2025, 6, 1)


def test_a_new_start_after_the_end_is_a_new_assignment(session: Session, world: World) -> None:
    assert counts(fill(session, (LONGJIANG, "覃志强", QIN, "safety_head", "2025-06-01", ""))) == (1, 0, 0, 0, 0)
    assert [post[1:] for post in posts(session, world.qin)] == [
        (date(2021, 6, 1), date(2025, 6, 1)),
        (date(2025, 6, 1), None),
    ]


def test_a_row_that_overlaps_two_assignments_is_refused(session: Session, world: World) -> None:
    fill(session, (LONGJIANG, "覃志强", QIN, "safety_head", "2025-08-01", ""))
    result = fill(session, (LONGJIANG, "覃志强", QIN, "safety_head", "2025-05-01", ""))
    assert reasons(result) == [(2, "starts_on", "overlaps_two")]
    assert len(posts(session, world.qin)) == 2


def test_a_file_may_tell_that_somebody_left_and_came_back(session: Session, world: World) -> None:
    rows = (
        (LONGJIANG, "韦大勇", WEI, TEAM, "2025-01-01", ""),
        (LONGJIANG, "韦大勇", WEI, TEAM, "2021-03-01", "2024-07-01"),
    )
    assert counts(fill(session, *rows)) == (1, 1, 0, 0, 0)
    assert [post[1:] for post in posts(session, world.wei)] == [
        (date(2021, 3, 1), date(2024, 7, 1)),
        (date(2025, 1, 1), None),
    ]
    assert counts(fill(session, *rows)) == (0, 0, 0, 2, 0)


def test_of_rows_that_overlap_in_the_file_the_later_comes_back(session: Session, world: World) -> None:
    result = fill(
        session,
        (LONGJIANG, "农志刚", STRANGER, TEAM, "2024-01-01", ""),
        (LONGJIANG, "农志刚", STRANGER, "班长", "2025-01-01", "2025-02-01"),
        (LONGJIANG, "农志刚", STRANGER, "分管负责人", "2025-01-01", ""),
    )
    assert counts(result) == (2, 0, 0, 0, 1)
    assert reasons(result) == [(3, "starts_on", "overlaps_row")]
    assert result.errors[0].details["other"] == 2
    assert world.wei


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((LONGJIANG, "韦大力", WEI, TEAM, "2021-03-01", ""), ("name", "name_mismatch")),
        ((LONGJIANG, "农志刚", STRANGER[:17], TEAM, "2021-03-01", ""), ("resident_id", "id_length")),
        ((LONGJIANG, "农志刚", "000000198013010011", TEAM, "2021-03-01", ""), ("resident_id", "id_birth_date")),
        ((LONGJIANG, "农志刚", "00000019800101001A", TEAM, "2021-03-01", ""), ("resident_id", "id_characters")),
        ((LONGJIANG, "农志刚", "000000198001010015", TEAM, "2021-03-01", ""), ("resident_id", "id_check_digit")),
        ((LONGJIANG, "农志刚", "4.50202E+17", TEAM, "2021-03-01", ""), ("resident_id", "id_as_number")),
        ((LONGJIANG, "", STRANGER, TEAM, "2021-03-01", ""), ("name", "required")),
        ((LONGJIANG, "=cmd|1", STRANGER, TEAM, "2021-03-01", ""), ("name", "name_characters")),
        ((LONGJIANG, "#N/A", STRANGER, TEAM, "2021-03-01", ""), ("name", "formula_error")),
        ((LONGJIANG, "农志刚", STRANGER, "宇航员", "2021-03-01", ""), ("post", "post_unknown")),
        ((LONGJIANG, "农志刚", STRANGER, TEAM, "", ""), ("starts_on", "required")),
        ((LONGJIANG, "农志刚", STRANGER, TEAM, "2021-02-30", ""), ("starts_on", "date_format")),
        ((LONGJIANG, "农志刚", STRANGER, TEAM, "3/1/2021", ""), ("starts_on", "date_format")),
        ((LONGJIANG, "农志刚", STRANGER, TEAM, "2021年3月", ""), ("starts_on", "date_format")),
        ((LONGJIANG, "农志刚", STRANGER, TEAM, "44256", ""), ("starts_on", "date_number")),
        ((LONGJIANG, "农志刚", STRANGER, TEAM, "1021-03-01", ""), ("starts_on", "date_range")),
        ((LONGJIANG, "农志刚", STRANGER, TEAM, "2021-03-01", "2021-03-01"), ("ends_on", "ends_before_start")),
        (("", "农志刚", STRANGER, TEAM, "2021-03-01", ""), ("uscc", "uscc_missing")),
        ((shared.uscc(99), "农志刚", STRANGER, TEAM, "2021-03-01", ""), ("uscc", "enterprise_unknown")),
        ((LONGJIANG[:17] + "0", "农志刚", STRANGER, TEAM, "2021-03-01", ""), ("uscc", "uscc_check_digit")),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bad_row_comes_back_with_its_reason(
    session: Session, world: World, row: tuple[str, ...], expected: tuple[str, str]
) -> None:
    good = (LONGJIANG, "韦大勇", WEI, TEAM, "2021-03-01", "")
    result = fill(session, row, good)
    assert reasons(result) == [(2, *expected)]
    assert counts(result) == (0, 0, 0, 1, 1)
    assert result.errors[0].message("zh") != result.errors[0].message("en")
    assert world.wei


@pytest.mark.parametrize("written", ["2024-01-05", "2024-1-5", "2024/1/5", "2024.1.5", "2024年1月5日", "20240105"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_dates_are_read_however_people_write_them(session: Session, world: World, written: str) -> None:
    row = (LONGJIANG, "农 志\u3000刚 ", f" {STRANGER.lower()} ", "班 长", f"{written} 00:00:00", "")
    assert counts(fill(session, row)) == (1, 0, 0, 0, 0)
    person = shared.person(session, STRANGER)
    assert posts(session, person) == [("team_leader", date(2024, 1, 5), None)]
    assert queries.person(SYSTEM, session, person).name == "农志刚"
    assert world.wei


def test_full_width_digits_are_folded(session: Session, world: World) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in STRANGER)
    assert counts(fill(session, (LONGJIANG, "农志刚", wide, TEAM, "２０２４－０１－０５", ""))) == (1, 0, 0, 0, 0)
    assert world.wei


def test_cells_that_lie_are_refused_and_the_others_go_in(session: Session, world: World) -> None:
    """IDs stored as numbers, merged cells, formulas without values, dates without format; in one workbook."""
    rows: list[tuple[object, ...]] = [
        HEAD,
        (LONGJIANG, "农志刚", float(STRANGER), TEAM, date(2024, 1, 5), None),
        (LONGJIANG, "卢一", shared.resident_id(21), TEAM, date(2024, 1, 5), None),
        (LONGJIANG, None, shared.resident_id(22), TEAM, date(2024, 1, 5), None),
        (LONGJIANG, "=B3", shared.resident_id(23), TEAM, date(2024, 1, 5), None),
        (LONGJIANG, "卢四", shared.resident_id(24), TEAM, 45296, None),
        (LONGJIANG, "卢五", shared.resident_id(25), TEAM, 20240105, None),
    ]
    data = xlsx(rows, lambda book: book.active.merge_cells("B3:B4"))
    result = imports.run(
        session, SYSTEM, "roster", imports.read("roster", data, Options()), Options(), shared.OPERATOR, LATER
    )
    assert reasons(result) == [
        (2, "resident_id", "id_as_number"),
        (4, "name", "merged_cell"),
        (5, "name", "formula_without_value"),
        (6, "starts_on", "date_number"),
    ]
    assert counts(result) == (2, 0, 0, 0, 4)
    assert world.wei


def test_one_person_with_two_names_or_numbers_in_a_file_is_pointed_out(session: Session, world: World) -> None:
    result = fill(
        session,
        (LONGJIANG, "农志刚", STRANGER, "13912340001", TEAM, "2024-01-05"),
        (LONGJIANG, "农志强", STRANGER, "", "分管负责人", "2024-01-05"),
        (LONGJIANG, "农志刚", STRANGER, "13912340002", "safety_head", "2024-01-05"),
        head=("uscc", "name", "resident_id", "phone", "post", "starts_on"),
    )
    assert reasons(result) == [(3, "name", "name_differs"), (4, "phone", "phone_differs")]
    assert world.wei


def test_a_new_phone_number_is_a_change_and_a_blank_one_is_none(session: Session, world: World) -> None:
    head = ("uscc", "name", "resident_id", "phone", "post", "starts_on")
    row = (LONGJIANG, "韦大勇", WEI, "13912340009", TEAM, "2021-03-01")
    assert counts(fill(session, row, head=head)) == (0, 1, 0, 0, 0)
    assert queries.people_by_id_or_phone(session, "13912340009") == (world.wei,)
    assert counts(fill(session, (*row[:3], "", *row[4:]), head=head)) == (0, 0, 0, 1, 0)
    assert queries.people_by_id_or_phone(session, "13912340009") == (world.wei,)


def test_chen_may_leave_out_the_code_and_not_touch_others(session: Session, world: World) -> None:
    chen = shared.scope_of(session, world.chen)
    rows = [
        HEAD,
        ("", "农志刚", STRANGER, TEAM, "2024-01-05", ""),
        (LIUBEI, "卢一", shared.resident_id(21), TEAM, "2024-01-05", ""),
    ]
    result = shared.fill(session, "roster", rows, LATER, scope=chen)
    assert reasons(result) == [(3, "uscc", "enterprise_unknown")]
    held = roster.posts_of(SYSTEM, session, shared.person(session, STRANGER))
    assert [row.enterprise_id for row in held] == [world.longjiang]


def test_a_good_row_declares_the_enterprise_from_its_earliest_start(session: Session, world: World) -> None:
    first = queries.declarations(SYSTEM, session, world.longjiang)[0]
    assert (first.declared_from, first.confirmed_on, first.head_count) == (date(2021, 1, 1), date(2026, 1, 5), 3)
    fill(session, (LONGJIANG, "莫小兰", MO, "high_risk_operator", "2022-05-01", ""))
    second = queries.declarations(SYSTEM, session, world.longjiang)[0]
    assert (second.declared_from, second.confirmed_on, second.head_count) == (date(2022, 5, 1), TODAY, 3)
    fill(session, (LONGJIANG, "莫小兰", MO, "没有的岗位", "2022-05-01", ""))
    assert len(queries.declarations(SYSTEM, session, world.longjiang)) == 2


def test_a_full_roster_ends_the_absent_there_and_nowhere_else(session: Session, world: World) -> None:
    rows = [(LONGJIANG, f"工人{n}", shared.resident_id(100 + n), TEAM, "2024-01-05", "") for n in range(20)]
    fill(session, *rows)
    present = (
        (LONGJIANG, "韦大勇", WEI, TEAM, "2021-03-01", ""),
        (LONGJIANG, "莫小兰", MO, "high_risk_operator", "2022-05-01", ""),
    )
    result = fill(session, *present, *rows, full=True, as_of=date(2026, 2, 1))
    assert counts(result) == (0, 0, 1, 22, 0)
    assert posts(session, world.huang)[0][2] == date(2026, 2, 1)
    assert posts(session, world.liang)[0][2] is None
    assert counts(fill(session, *present, *rows, full=True, as_of=date(2026, 2, 1))) == (0, 0, 0, 22, 0)


def test_ending_more_than_a_tenth_has_to_be_confirmed(session: Session, world: World) -> None:
    row = (LONGJIANG, "韦大勇", WEI, TEAM, "2021-03-01", "2026-01-20")
    before = everything(session)
    result = fill(session, row, full=True)
    assert (result.ended, result.refused, [e.code for e in result.unconfirmed]) == (0, 1, ["confirm_ending"])
    assert result.unconfirmed[0].details == {"ended": 2, "total": 3}
    assert everything(session) == before
    assert counts(fill(session, row, full=True, confirmed=True)) == (0, 1, 2, 0, 0)
    assert posts(session, world.mo)[0][2] == TODAY


def test_nobody_is_absent_because_of_a_typing_error(session: Session, world: World) -> None:
    result = fill(
        session,
        (LONGJIANG, "韦大勇", WEI, TEAM, "2021-03-01", ""),
        (LONGJIANG, "莫小兰", MO[:-1] + ("1" if MO[-1] != "1" else "2"), "high_risk_operator", "2022-05-01", ""),
        (LONGJIANG, "黄建国", HUANG, "没有的岗位", "2021-01-01", ""),
        full=True,
    )
    assert counts(result) == (0, 0, 0, 1, 2)
    assert posts(session, world.mo)[0][2] is None
    assert posts(session, world.huang)[0][2] is None


def test_only_a_roster_is_a_full_list() -> None:
    with pytest.raises(Problem) as refused:
        imports.read("regions", b"", Options(full=True))
    assert refused.value.code == "import_full"
    with pytest.raises(Problem) as refused:
        imports.read("people", b"", Options())
    assert refused.value.status == 404


def test_a_fault_in_the_middle_leaves_nothing_half_written(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    before = everything(session)
    monkeypatch.setattr("app.organisations.service.declare", fail)
    with pytest.raises(RuntimeError), session.begin_nested():
        fill(session, (LONGJIANG, "农志刚", STRANGER, TEAM, "2024-01-05", ""))
    assert everything(session) == before
    assert session.scalar(select(func.count()).select_from(PostAssignment)) == 6
    assert replace(world) == world


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_a_short_roster_changes_is_read_before_it_is_folded(database: Database, world: World) -> None:
    folding.fold(database)
    rows = [(LONGJIANG, "农志刚", STRANGER, TEAM, "2024-01-01", "")]
    with database.session() as writing:
        assert counts(fill(writing, *rows)) == (1, 0, 0, 0, 0)
    assert world.wei
    with database.reading() as reading:
        assert jobs.pending(reading)
        before = figures(reading)
        assert list(proof.check(reading)) == []
    folding.fold(database)
    with database.reading() as reading:
        assert not jobs.pending(reading)
        assert figures(reading) == before
        assert list(proof.check(reading)) == []

"""Writes what the story tells as the sheets that enterprises, schools and the bureau would hand in."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from app.ops.sheets import Row, Sheet
from app.organisations import dated
from app.workflows.sample.shapes import Change, Firm, Human, Tenure, Training

YES, NO = "是", "否"
FLAGS = {dated.KEY_ENTERPRISE, dated.HAZARDOUS_LICENCE}


def sheet(rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """Make a sheet of rows by field; the first is row 2, below the headers."""
    return Sheet((), tuple(Row(number, (), dict(cells)) for number, cells in enumerate(rows, 2)))


def firm_row(firm: Firm) -> dict[str, Any]:
    """Write the first entry of an enterprise."""
    return {
        "uscc": firm.uscc,
        "name": firm.name,
        "region": firm.place.code,
        "industry": firm.division,
        "hazardous_licence": YES if firm.licence else NO,
        "key_enterprise": YES if firm.key_enterprise else NO,
        "size": firm.size,
        "insured": firm.insured,
        "not_applicable": ";".join(firm.not_applicable),
    }


def change_row(firm: Firm, change: Change, now: Mapping[str, str]) -> dict[str, Any]:
    """Write a later entry; `now` are the region and division that a row must name anyway."""
    cells = {"uscc": firm.uscc, "name": firm.name, "effective_on": change.effective_on, **now}
    value: Any = change.value
    if change.attribute in FLAGS:
        value = YES if value == "1" else NO
    return cells | {change.attribute: value}


def closing_row(firm: Firm, now: Mapping[str, str]) -> dict[str, Any]:
    """Write an enterprise's closure."""
    return {"uscc": firm.uscc, "name": firm.name, "closed_on": firm.closed_on, **now}


def roster_rows(
    tenures: Iterable[Tenure], on: date, humans: Sequence[Human], firms: Sequence[Firm], ids: Mapping[int, str]
) -> list[dict[str, Any]]:
    """Write the rows that rosters bring on a day: who is new, who left, whose first day was put right."""
    return [
        {
            "uscc": firms[tenure.firm].uscc,
            "name": humans[tenure.human].name,
            "resident_id": ids.get(tenure.human, humans[tenure.human].resident_id),
            "phone": humans[tenure.human].phone,
            "post": tenure.post,
            "trade": tenure.trade,
            "starts_on": _start(tenure, on),
            "ends_on": tenure.ends_on if tenure.end_known_on and tenure.end_known_on <= on else None,
        }
        for tenure in tenures
    ]


def _start(tenure: Tenure, on: date) -> date:
    return tenure.reported_start if tenure.corrected_on is None or on < tenure.corrected_on else tenure.starts_on


def record_rows(trainings: Iterable[Training], humans: Sequence[Human], ids: Mapping[int, str]) -> list[dict[str, Any]]:
    """Write the rows of a school's list."""
    return [
        {
            "resident_id": ids.get(training.human, humans[training.human].resident_id),
            "name": humans[training.human].name,
            "course": training.course,
            "completed_on": training.completed_on,
            "score": training.score,
            "mode": "线下",
            "provider": training.provider,
            "reference": training.reference,
        }
        for training in trainings
    ]

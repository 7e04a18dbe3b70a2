"""Check digits of resident IDs and social credit codes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.checkdigits import resident_id_check, resident_id_error, uscc_check, uscc_error

TODAY = date(2026, 11, 22)


def test_the_standards_own_examples_are_right() -> None:
    assert resident_id_error("11010519491231002X", TODAY) is None
    assert uscc_error("91000000000000000K") is None


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("1101051949123100", "length"),
        ("11010519491231002Y", "characters"),
        ("110105194912310021", "check_digit"),
        ("110105194913310021", "birth_date"),
        ("１1010519491231002X", "characters"),
    ],
)
def test_a_wrong_id_says_what_is_wrong(value: str, error: str) -> None:
    assert resident_id_error(value, TODAY) == error


def test_nobody_is_born_tomorrow() -> None:
    first17 = "00000020261123001"
    assert resident_id_error(first17 + resident_id_check(first17), TODAY) == "birth_date"


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(born: date, sequence: int, place: int, by: int) -> None:
    first17 = f"000000{born:%Y%m%d}{sequence:03d}"
    right = first17 + resident_id_check(first17)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert resident_id_error(right, TODAY) is None
    assert resident_id_error(wrong, TODAY) is not None


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17), st.integers(0, 16))
def test_a_changed_credit_code_is_seen(first17: str, place: int) -> None:
    right = first17 + uscc_check(first17)
    other = "1" if right[place] != "1" else "2"
    assert uscc_error(right) is None
    assert uscc_error(right[:place] + other + right[place + 1 :]) == "check_digit"

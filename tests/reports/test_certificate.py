"""The certificate as PDF: one page whatever its words, the same bytes each time, saying what it is and is not."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.awards.queries import Certificate
from app.reports import certificate as report

BASE = "https://coverall.example"
WEI = Certificate(
    id=1,
    number="CV20261122K7M2QX4P",
    token="t" * 43,
    person_id=1,
    holder_name="韦大勇",
    holder_id="0000**********123X",
    course_code="ladders",
    course_title="梯子安全",
    version_number=2,
    completed_on=date(2026, 11, 22),
    valid_until=None,
    mode="online",
    origin="exam",
    score=95.0,
    hours=1.5,
    provider="",
    reference="",
    recorded_at=datetime(2026, 11, 22, 4, 0, tzinfo=UTC),
    state="valid",
    revoked_from=None,
    revocation_reason="",
)
LONGEST = replace(
    WEI,
    holder_name="买" * 60,
    course_title="安" * 120,
    provider="柳" * 120,
    reference="号" * 120,
    origin="import",
    state="revoked",
    revoked_from=date(2026, 12, 1),
)


def words(certificate: Certificate) -> str:
    data = report._data(certificate, BASE)
    return " ".join(str(data[key]) for key in data if key != "qr")


@pytest.mark.parametrize("certificate", [WEI, LONGEST], ids=["usual", "longest"])
def test_a_certificate_is_one_page(certificate: Certificate) -> None:
    pdf = report.certificate_pdf(certificate, BASE)
    assert pdf.startswith(b"%PDF-")
    assert re.findall(rb"/Count (\d+)", pdf) == [b"1"]
    assert report.certificate_pdf(certificate, BASE) == pdf


def test_it_names_holder_course_and_what_it_does_not_replace() -> None:
    text = words(WEI)
    for part in (
        "韦大勇",
        "0000**********123X",
        "《梯子安全》",
        "2026年11月22日",
        "CV20261122K7M2QX4P",
        "第 2 版",
        "1.5",
    ):
        assert part in text
    assert "长期有效" in text
    assert "本证书不代替安全合格证、特种作业操作证" in text


def test_it_prints_the_last_valid_day() -> None:
    assert "2027-11-21" in words(replace(WEI, valid_until=date(2027, 11, 22)))


@pytest.mark.parametrize(
    ("state", "says"), [("revoked", "已撤销"), ("expired", "已过有效期"), ("outdated", "不再有效")]
)
def test_one_that_is_not_valid_says_so(state: str, says: str) -> None:
    assert says in words(replace(WEI, state=state, revoked_from=date(2026, 12, 1)))
    assert says not in words(WEI)


def test_the_qr_code_differs_with_the_token() -> None:
    first, second = (report._data(replace(WEI, token=token), BASE)["qr"] for token in ("a" * 43, "b" * 43))
    assert first != second

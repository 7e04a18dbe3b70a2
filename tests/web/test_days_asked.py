"""A day in an address or a form is written YYYY-MM-DD; the other forms of ISO 8601 are refused like anything else."""

import pytest

from tests.web.browsers import Browser

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ADDRESSES = (
    "/coverage?on={}",
    "/coverage?known_at={}",
    "/coverage/enterprises?on={}",
    "/coverage/missing.csv?on={}",
    "/coverage/path?on={}",
    "/coverage/path/people?kind=gained&first={}",
    "/enterprises/1?on={}",
    "/enterprises/1/counted?known_at={}",
    "/trainings?from={}",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_one_way_of_writing_a_day_is_taken(luo: Browser, address: str) -> None:
    for written in ("20250101", "2025-W01-3", "20250101T000000"):
        refused = luo.get(address.format(written))
        assert refused.status_code == 422, written
        assert "日期" in refused.text or "时刻" in refused.text
    assert luo.get(address.format("2026-02-01")).status_code < 400


def test_in_the_audit_trail_too(guan: Browser) -> None:
    assert guan.get("/admin/audit?until=20260201").status_code == 422
    assert guan.get("/admin/audit?until=2026-02-01").status_code == 200

"""Certificates on screens: the holder's own, the office's within reach, and anybody's who has the code."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from app.awards import queries, service
from app.awards.queries import Certificate
from app.awards.service import AwardRecord
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.db import Database
from tests.web.browsers import Browser, read
from tests.web.conftest import SignIn
from tests.web.learning.conftest import LAW
from tests.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def award(database: Database, world: World) -> Certificate:
    """Record a training that Wei did in 2024, valid through 2099."""
    earned = AwardRecord(world.wei, LAW, date(2024, 5, 6), "韦大勇", date(2100, 1, 1), provider="柳州安培中心")
    with database.session() as session:
        return queries.certificate(SYSTEM, session, service.record(session, earned, clock.now()), clock.today())


def test_the_holder_sees_it_and_takes_it_as_pdf(wei: Browser, award: Certificate) -> None:
    assert "2099-12-31" in wei.get("/certificates").text
    page = wei.get(f"/certificates/{award.id}").text
    for part in ("韦大勇", "工伤保险政策法规", "柳州安培中心", award.number, "不代替安全合格证"):
        assert part in page
    pdf = wei.get(f"/certificates/{award.id}/certificate.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"] == f'inline; filename="{award.number}.pdf"'
    assert pdf.content.startswith(b"%PDF-")


def test_the_office_sees_it_within_reach_only(
    world: World, award: Certificate, sign_in: SignIn, browser_of: Callable[[int], Browser]
) -> None:
    path = f"/certificates/{award.id}"
    officer = sign_in(world.chen)
    shown = officer.get(path)
    assert shown.status_code == 200
    back = re.search(r'class="back" href="([^"]+)"', shown.text)
    assert back
    assert officer.get(back[1], follow_redirects=True).status_code == 200
    assert sign_in(world.luo).get(path + "/certificate.pdf").status_code == 200
    for stranger in (sign_in(world.li), sign_in(world.xie), sign_in(world.guan), browser_of(world.mo)):
        assert stranger.get(path).status_code == 404
        assert stranger.get(path + "/certificate.pdf").status_code == 404


def test_anybody_with_the_code_sees_the_content_in_full(anybody: Browser, award: Certificate) -> None:
    page = anybody.get(f"/verify/{award.token}").text
    for part in ("证书有效", "韦大勇", award.number, "2024-05-06", "2099-12-31"):
        assert part in page
    assert anybody.get("/verify/" + "x" * 43).status_code == 404
    assert anybody.get(f"/verify/{award.number}").status_code == 404


def test_a_revoked_certificate_says_from_when_and_why(anybody: Browser, database: Database, award: Certificate) -> None:
    with database.session() as session:
        service.revoke(session, service.Revoke(award.id, date(2025, 1, 1), "代考", "罗明"), clock.now())
    page = read(anybody.get(f"/verify/{award.token}").text)
    assert "证书无效" in page
    assert "自 2025-01-01 起撤销：代考" in page
    assert "罗明" not in page


def check(browser: Browser, number: str, name: str) -> tuple[int, str]:
    token = browser.get("/verification").text.split('name="csrf" value="')[1].split('"')[0]
    answer = browser.post("/verification", data={"csrf": token, "number": number, "name": name})
    return answer.status_code, answer.text


def test_a_typed_number_needs_the_holders_name(anybody: Browser, award: Certificate) -> None:
    status, page = check(anybody, award.number.lower(), " 韦大勇 ")
    assert status == 200
    assert "证书有效" in page
    for number, name in ((award.number, "韦小勇"), ("CV20240506AAAAAAAA", "韦大勇")):
        status, page = check(anybody, number, name)
        assert status == 404
        assert "没有编号和姓名都相符的证书" in page
        assert award.token not in page


def test_guessing_names_must_wait(anybody: Browser, award: Certificate) -> None:
    tries = [check(anybody, award.number, f"甲{n}")[0] for n in range(6)]
    assert tries == [404] * 5 + [429]
    assert check(anybody, award.number, "韦大勇")[0] == 429


def test_the_form_refuses_another_sites_request(anybody: Browser) -> None:
    assert anybody.post("/verification", data={"number": "x", "name": "y"}).status_code == 403

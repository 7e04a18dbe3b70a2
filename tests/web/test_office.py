"""The offices' pages about one enterprise and its people say the same on both databases."""

from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.web.pages import words
from tests.world import World

PLAN = "plan=liuzhou-2021-2025"


def test_figures_reasons_and_people_are_the_same_on_both_databases(sign_in: SignIn, lived_in: World) -> None:
    luo = sign_in(lived_in.luo)
    here = f"/enterprises/{lived_in.longjiang}"
    overview = words(luo.get(f"{here}?{PLAN}&known_at=2026-01-05").text)
    assert "0 个任职已达标，应培训 3 个" in overview
    assert "差 1 ： 未开始 1" in overview
    assert "韦大勇" in words(luo.get(f"{here}?{PLAN}&reason=never_started&post=team_leader").text)
    assert "0 / 6" in words(luo.get(f"{here}/roster?{PLAN}&account=none").text)
    assert "未开始" in words(luo.get(f"{here}/people/{lived_in.wei}").text)
    assert luo.submit(f"{here}/activation-codes", person=str(lived_in.wei)).status_code == 200
    assert in_sheets(luo, here)


def in_sheets(browser: Browser, here: str) -> bool:
    sheets = [browser.get(f"{here}/{name}.csv?{PLAN}").content.decode("utf-8-sig") for name in ("missing", "roster")]
    return all("韦大勇" in sheet for sheet in sheets)

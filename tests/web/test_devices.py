"""A signed-in browser is named in words; what nobody knows is shown as it calls itself."""

import pytest

from app.web.devices import device

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
AGENTS = {
    f"Mozilla/5.0 (Linux; Android 14; V2309A) {WEBKIT} Version/4.0 Chrome/130.0 Mobile Safari/537.36 "
    "MMWEBID/1 MicroMessenger/8.0.54": "微信，安卓手机",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/130.0 Safari/537.36 Edg/130.0": (
        "Edge 浏览器，Windows 电脑"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1": "Safari 浏览器，苹果手机",
    "curl/8.0": "curl/8.0",
    "": "",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    assert device("zh", agent) == words

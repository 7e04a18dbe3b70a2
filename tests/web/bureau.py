"""Luo, who manages Liuzhou's bureau, at a browser."""

from dataclasses import dataclass

from httpx import Response

from tests.web.browsers import Browser
from tests.web.liuzhou import PLAN
from tests.web.pages import plain
from tests.world import World


@dataclass(frozen=True)
class Bureau:
    """Luo's browser and the world it looks at."""

    browser: Browser
    lived: World

    def get(self, path: str, **asked: str) -> Response:
        """Ask for a page; the plan is Liuzhou's unless another is asked for."""
        answer: Response = self.browser.get(path, params={"plan": PLAN} | asked)
        return answer

    def text(self, path: str, **asked: str) -> str:
        """Give what stands on a page, without tags, in one line."""
        answer = self.get(path, **asked)
        assert answer.status_code == 200, answer.text
        return plain(answer.text)

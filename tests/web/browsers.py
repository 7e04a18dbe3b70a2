"""A browser for tests of screens, and a page as it is read."""

import re
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

MISPLACED = re.compile(r'="[^"]*<time|<(?:title|option|textarea|text|desc)\b[^>]*>[^<]*<time|&lt;time')
"""An element of a day in an attribute, a title, a choice or a drawing, or escaped."""


class Browser(TestClient):
    """A browser that asks for pages and follows no redirect; `csrf` is its session's token."""

    csrf: str = ""

    def submit(self, path: str, **fields: Any) -> Response:
        """Send a form with the session's token; a list sends a field several times."""
        answer: Response = self.post(path, data={"csrf": self.csrf, **fields})
        return answer

    def request(self, *args: Any, **kwargs: Any) -> Response:
        """Ask, and see on whatever page comes back that no day's element stands where only text may."""
        answer: Response = super().request(*args, **kwargs)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert not MISPLACED.search(answer.text), MISPLACED.search(answer.text)
        return answer


def read(html: str) -> str:
    """Give a page without what only guides its lines, so that a sentence can be looked for as it is read."""
    return re.sub("</?time>|<wbr>", "", html)

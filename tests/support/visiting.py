"""Somebody who visits a running server with a browser: signs in by the form, asks for pages."""

import re

import httpx


class Visitor(httpx.Client):
    """A browser that keeps cookies, follows no redirect and asks this machine only."""

    def __init__(self, url: str) -> None:
        """Open a browser on a server."""
        super().__init__(base_url=url, trust_env=False, timeout=60, headers={"accept": "text/html"})

    def sign_in(self, login: str, password: str) -> bool:
        """Fill in the form and send it; True when it was taken."""
        token = self.csrf("/sign-in")
        sent = self.post("/sign-in", data={"csrf": token, "identifier": login, "password": password})
        return sent.status_code == httpx.codes.SEE_OTHER

    def csrf(self, path: str) -> str:
        """Give the token of the first form on a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

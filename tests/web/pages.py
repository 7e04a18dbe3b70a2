"""A page as its reader finds it: what it says, what its figures open, and how many rows are listed there."""

import re

from tests.web.browsers import Browser, read


def plain(html: str) -> str:
    """Give what a page says in one line, without drawings, choices and what is folded away."""
    body = re.sub(r"<(title|desc|select|details)\b.*?</\1>", " ", html.partition("<main")[2], flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", read(body)))


def words(html: str) -> str:
    """Give what a page says, without its markup."""
    body = re.sub(r"<(script|style|svg).*?</\1>", " ", html[html.index("<main") :], flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", read(body)).split())


def opened(html: str) -> list[tuple[str, int]]:
    """Give the links of a part of a page whose text is a number, each with it."""
    found = re.findall(r'<a[^>]* href="([^"]+)"[^>]*>(?:<b[^>]*>)?([\d,]+)(?:</b>)?</a>', html)
    return [(href.replace("&amp;", "&"), int(n.replace(",", ""))) for href, n in found]


def rows(browser: Browser, address: str) -> int:
    """Count the rows of the list at an address."""
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.text)
    main: str = answer.text.partition("<main")[2]
    if "#missing" in address:
        main = main.partition('id="missing"')[2].partition("</section>")[0]
    return main.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")

"""Figures of a page that wait for a tap, for who saves data."""

import re

_FIGURE = re.compile(
    r'<img src="(?P<src>[^"]+)" alt="(?P<alt>[^"]*)" width="(?P<width>\d+)" height="(?P<height>\d+)"[^>]*>'
)


def figures_on_tap(html: str) -> str:
    """Put a link in the place of every figure of a page: nothing is fetched until it is tapped."""
    link = (
        r'<a class="figure-tap" href="\g<src>" data-figure data-width="\g<width>" data-height="\g<height>">\g<alt></a>'
    )
    return _FIGURE.sub(link, html)

"""Figures that wait for a tap: the words stand in their place, and the address is there to be opened."""

from app.web.figures import figures_on_tap

PAGE = (
    '<p>甲</p><figure><img src="/figures/x/0/a.svg" alt="梯脚 &amp; 地面" width="720" height="480" loading="lazy">'
    "<figcaption>图</figcaption></figure>"
)


def test_a_figure_becomes_a_link_with_its_words() -> None:
    page = figures_on_tap(PAGE)
    assert "<img" not in page
    assert '<a class="figure-tap" href="/figures/x/0/a.svg" data-figure data-width="720" data-height="480">' in page
    assert "梯脚 &amp; 地面</a>" in page
    assert "<figcaption>图</figcaption>" in page


def test_a_page_without_figures_stays_as_it_is() -> None:
    assert figures_on_tap("<p>甲</p>") == "<p>甲</p>"

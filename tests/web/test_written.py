"""Days on pages: one element each, which never breaks; bare where no element may stand."""

from datetime import UTC, date, datetime

from app.web.pages import environment
from app.web.written import last_day

DAY = date(2025, 12, 31)


def shown(template: str, **given: object) -> str:
    return environment("zh").from_string(template).render(**given)


def test_a_day_and_an_instant_are_elements_on_a_page() -> None:
    assert shown("{{ on | day }}", on=DAY) == "<time>2025-12-31</time>"
    assert shown("{{ at | moment }}", at=datetime(2025, 12, 31, 16, 5, tzinfo=UTC)) == "<time>2026-01-01 00:05</time>"
    assert shown("{{ on | last_day }}", on=DAY) == "<time>2025-12-30</time>"


def test_an_open_end_is_nothing() -> None:
    assert shown("{{ none | day }}{{ on | day }}", on=date.max) == ""
    assert shown("{{ (none | day) or '—' }}") == "—"


def test_a_message_keeps_the_element_of_its_day_and_escapes_the_rest() -> None:
    page = shown('{{ _("%(region)s, up to %(day)s", region=name, day=on) }}', name="<b>柳州市</b>", on=DAY)
    assert page == "&lt;b&gt;柳州市&lt;/b&gt;，截至 <time>2025-12-31</time>"


def test_a_plan_breaks_between_its_phrases() -> None:
    page = shown("{{ name | plan_name }}", name="柳州<市>五年行动计划（2021—2025年）")
    years = '<wbr><span class="unbroken">（2021—2025年）</span>'
    assert page == f'<span class="phrased">柳州&lt;市&gt;<wbr>五年行动计划{years}</span>'
    assert shown("{{ name | plan_name }}", name="柳州 2021—2025") == '<span class="phrased">柳州 2021—2025</span>'


def test_where_no_element_may_stand_a_day_is_bare() -> None:
    assert shown('<input value="{{ on | day | bare }}">', on=DAY) == '<input value="2025-12-31">'
    assert f"{last_day(DAY)}" == "2025-12-30"

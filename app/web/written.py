"""Days and instants as text; on a page each is a <time>, which the stylesheet never lets break after a hyphen."""

import re
from datetime import date, datetime

from markupsafe import Markup

from app.kit.dates import SHANGHAI, add_days

PLAN = re.compile("(?=[一二三四五六七八九十]年行动计划)|(?<!年)(?=行动计划)")


class Written(str):
    """A day or an instant as text; where HTML is written, an element. Where none may stand it goes through bare."""

    __slots__ = ()

    def __html__(self) -> str:
        """Give the element; nothing for an open end."""
        return f"<time>{self}</time>" if self else ""


def day(value: date | None) -> Written:
    """Show a day as 2025-12-31; open ends as nothing."""
    return Written("" if value is None or value in (date.min, date.max) else value.isoformat())


def last_day(first_invalid: date | None) -> Written:
    """Show the inclusive last day of a half-open span."""
    return day(None if first_invalid is None else add_days(first_invalid, -1))


def moment(value: datetime | None) -> Written:
    """Show an instant in Shanghai, to the minute."""
    return Written("" if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))


def bare(written: str) -> str:
    """Give a day or an instant for an attribute, a drawing or a title, where no element may stand."""
    return str(written)


def plan_name(name: str) -> Markup:
    """Show a plan's name so that it breaks before 五年行动计划 and before its years, which stay on one line."""
    head, bracket, years = name.partition("（")
    phrases = Markup("<wbr>").join(PLAN.split(head))
    ended = Markup('<wbr><span class="unbroken">%s</span>') % (bracket + years) if bracket else ""
    return Markup('<span class="phrased">%s%s</span>') % (phrases, ended)

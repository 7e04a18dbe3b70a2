"""Days and instants as text; on a page each is a <time>, which the stylesheet never lets break after a hyphen."""

from datetime import date, datetime

from markupsafe import Markup, escape

from app.kit.dates import SHANGHAI, add_days


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
    """Show a plan's name with the years in their bracket on one line: 行动计划（2021—2025年）."""
    head, bracket, years = name.partition("（")
    return escape(head) + Markup('<span class="unbroken">%s</span>') % (bracket + years) if bracket else escape(name)

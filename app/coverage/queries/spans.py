"""The periods whose sums make what stands at the end of a day: years, months and days, some of them taken away."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Integer, Subquery, column, text

from app.coverage.projection_models import DAY, MONTH, YEAR

MONTHS = 12
PERIODS = ("sign", "grain", "first", "last")
NO_GRAIN, MOST = -9, 3


def _spans() -> Subquery:
    """Make a table of rows of parameters: what is asked then always reads alike, and is made ready once."""
    lines = (", ".join(f"CAST(:span_{row}_{c} AS INTEGER) AS {c}" for c in PERIODS) for row in range(MOST))
    selected = text(" UNION ALL ".join(f"SELECT {line}" for line in lines))
    return selected.columns(*(column(c, Integer) for c in PERIODS)).subquery("span")


SPANS = _spans()


def span_values(day: date) -> dict[str, int]:
    """Give the values of SPANS: the periods that make what stands on a day; what is left over has no grain."""
    rows = [(one.sign, one.grain, one.first.toordinal(), one.last.toordinal()) for one in spans_before(day)]
    filled = [*rows, *[(NO_GRAIN,) * len(PERIODS)] * (MOST - len(rows))]
    return {
        f"span_{number}_{c}": value for number, row in enumerate(filled) for c, value in zip(PERIODS, row, strict=True)
    }


@dataclass(frozen=True)
class Span:
    """Periods of a grain, the first and the last of them included, which are added or (sign -1) taken away."""

    sign: int
    grain: int
    first: date
    last: date


def spans_before(day: date) -> list[Span]:
    """Give the periods that together make what stands at a day's end, the shorter way round.

    Late in a month the whole month counts, less its days to come; late in a year the whole year, less its months.
    """
    last_day = monthrange(day.year, day.month)[1]
    to_month = day.day * 2 > last_day
    months = day.month if to_month else day.month - 1
    to_year = months > MONTHS // 2
    years = day.year if to_year else day.year - 1
    spans = [Span(1, YEAR, date.min, date(years, 1, 1))] if years else []
    if to_year and months < MONTHS:
        spans.append(Span(-1, MONTH, date(day.year, months + 1, 1), date(day.year, MONTHS, 1)))
    elif months and not to_year:
        spans.append(Span(1, MONTH, date(day.year, 1, 1), date(day.year, months, 1)))
    if not to_month:
        spans.append(Span(1, DAY, day.replace(day=1), day))
    elif day.day < last_day:
        spans.append(Span(-1, DAY, day + timedelta(days=1), day.replace(day=last_day)))
    return spans

"""Writes a plan as the file that parse_plan reads: what is known can be taken away, edited and drafted. Pure."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from app.plans.shapes import Plan

HEAD = (
    *("name", "short_name", "source", "note", "provisional", "starts_on", "counts_from", "deadline", "report_on"),
    *("regions", "daily_cap_hours", "credit_hour_minutes", "retention_years"),
)
TABLES = {
    "posts": ("code", "name", "expected", "from_on", "to_on"),
    "industries": ("code", "name", "divisions", "licence", "from_on", "to_on"),
    "requirements": ("post", "industry", "from_on", "to_on", "courses", "offline"),
    "phases": ("name", "from_on", "to_on"),
}


def to_toml(plan: Plan) -> str:
    """Give the file's text; reading it under the plan's code gives the same plan."""
    parts = ["\n".join(_lines(plan, HEAD))]
    for table, keys in TABLES.items():
        parts += [f"[[{table}]]\n" + "\n".join(_lines(row, keys)) for row in getattr(plan, table)]
    for indicator in plan.indicators:
        lines = _lines(indicator, ("code", "name", "formula", "kind", "base_year"))
        targets = [f"  {{ {', '.join(_target(t))} }},\n" for t in indicator.targets]
        parts.append("[[indicators]]\n" + "\n".join(lines) + "\ntargets = [\n" + "".join(targets) + "]")
    return "\n\n".join(parts) + "\n"


def _lines(row: object, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = getattr(row, key)
        if value is not None and (key, value) != ("offline", ()):
            yield f"{key} = {_value(value)}"


def _target(target: object) -> Iterator[str]:
    for key in ("year", "low", "high"):
        value = getattr(target, key)
        if value is not None:
            yield f"{key} = {_value(value)}"


def _value(value: Any) -> str:  # noqa: ANN401 - any value of a plan
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)

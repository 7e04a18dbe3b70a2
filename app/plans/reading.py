"""Reads a plan file's text into its shape; what is no TOML, or no plan, is told with what to write instead. Pure.

The shape's own faults are English sentences about types and patterns, for programmers; here they become a bureau's.
"""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from app.catalogue.toml import Lines, read_text
from app.kit.words import N_
from app.plans.faults import PlanError, fault
from app.plans.schema import (
    IndicatorTable,
    IndustryTable,
    PhaseTable,
    PlanFile,
    PlanPostTable,
    RequirementTable,
    TargetTable,
)

TABLES: Final[Mapping[str, type[BaseModel]]] = {
    "posts": PlanPostTable,
    "industries": IndustryTable,
    "requirements": RequirementTable,
    "phases": PhaseTable,
    "indicators": IndicatorTable,
    "targets": TargetTable,
}
EXAMPLES: Final[Mapping[str, str]] = {
    "name": 'name = "柳州市工伤预防五年行动计划"',
    "short_name": 'short_name = "柳州 2026—2030"',
    "source": 'source = "柳人社发〔2026〕45号"',
    "note": 'note = "自2026年起施行。"',
    "provisional": "provisional = false",
    "starts_on": "starts_on = 2026-01-01",
    "counts_from": "counts_from = 2026-01-01",
    "deadline": "deadline = 2030-12-31",
    "report_on": 'report_on = "12-20"',
    "regions": 'regions = ["450200"]',
    "daily_cap_hours": "daily_cap_hours = 8.0",
    "credit_hour_minutes": "credit_hour_minutes = 45",
    "retention_years": "retention_years = 6",
    "code": 'code = "team_leader"',
    "expected": "expected = true",
    "divisions": 'divisions = ["25", "26"]',
    "licence": "licence = true",
    "post": 'post = "team_leader"',
    "industry": 'industry = "machinery"',
    "from_on": "from_on = 2026-04-01",
    "to_on": "to_on = 2027-01-01",
    "courses": 'courses = ["injury-insurance-law", "team-leader"]',
    "offline": 'offline = ["team-leader"]',
    "formula": 'formula = "认定人数/就业人数"',
    "kind": 'kind = "decrease"',
    "base_year": "base_year = 2025",
    "targets": "targets = [{ year = 2026, low = 2.0 }]",
    "year": "year = 2026",
    "low": "low = 2.0",
    "high": "high = 10.0",
}
"""How each field is written, in the file's own words."""
WRITTEN: Final[Mapping[str, str]] = {
    "missing": N_("%(field)s is missing here. Write for example: %(example)s"),
    "date_type": N_("%(field)s is to be a day, without quotation marks: %(example)s"),
    "bool_type": N_("%(field)s is to be true or false, without quotation marks: %(example)s"),
    "string_type": N_("%(field)s is to stand in quotation marks: %(example)s"),
    "int_type": N_("%(field)s is to be a whole number, without quotation marks: %(example)s"),
    "float_type": N_("%(field)s is to be a number, without quotation marks: %(example)s"),
    "list_type": N_("%(field)s is to be a list in square brackets: %(example)s"),
    "too_short": N_("%(field)s is empty; it needs at least one entry: %(example)s"),
    "too_long": N_("%(field)s has too many entries: at most %(bound)s."),
    "string_too_long": N_("%(field)s is too long: at most %(bound)s characters."),
    "greater_than": N_("%(field)s is to be more than %(bound)s: %(example)s"),
    "greater_than_equal": N_("%(field)s is to be %(bound)s or more: %(example)s"),
    "less_than_equal": N_("%(field)s is to be %(bound)s or less: %(example)s"),
    "literal_error": N_('%(field)s is to be "decrease" (a decrease against base_year) or "share".'),
}
PATTERNS: Final[Mapping[str, str]] = {
    "regions": N_("regions lists region codes of six digits, each in quotation marks: %(example)s"),
    "divisions": N_("divisions lists GB/T 4754 divisions of two digits, each in quotation marks: %(example)s"),
    "report_on": N_("report_on is the month and the day, in quotation marks: %(example)s"),
    "code": N_("%(field)s is written in small letters, digits and underscores: %(example)s"),
    "courses": N_("%(field)s lists course codes of small letters, digits and hyphens: %(example)s"),
}
PATTERNED: Final = {"post": "code", "industry": "code", "offline": "courses"}
"""Fields that are written as another is."""
ONE_LINE: Final = N_("%(field)s is to be text on one line, without spaces before or after it: %(example)s")
A_TABLE: Final = N_("%(field)s is a table of its own: each entry begins with the line [[%(field)s]].")
UNKNOWN: Final = N_("There is no field %(field)s here. The fields are: %(known)s")
MEANT: Final = N_("There is no field %(field)s here. Is %(near)s meant?")
OTHER: Final = N_("%(field)s cannot be read. Write for example: %(example)s")

WIDE: Final = "“”‘’＂＇，＝【】［］；：。、（）｛｝＃《》"
MARKS: Final = N_(
    "Near “%(text)s”: “%(mark)s” is a Chinese mark. Quotation marks, =, commas and brackets are half-width."
)
VALUE: Final = N_(
    "Near “%(text)s”: this value cannot be read. Texts stand in quotation marks; days that exist are written as "
    "2026-04-01, yes and no as true and false."
)
SYNTAX: Final[Mapping[str, str]] = {
    "Expected '='": N_("Near “%(text)s”: write a field, =, and its value, as in: deadline = 2030-12-31"),
    "Unclosed array": N_(
        "Near “%(text)s”: a list is not closed. Entries are parted by commas, and ] stands at the end."
    ),
    "Expected ']": N_("Near “%(text)s”: a heading is not closed. Write it as [[posts]]."),
    "Unterminated string": N_("Near “%(text)s”: a text is not closed; it ends with a quotation mark on the same line."),
    "Illegal character": N_("Near “%(text)s”: a text is not closed; it ends with a quotation mark on the same line."),
    "Invalid date": N_("Near “%(text)s”: there is no such day. Write it as 2026-04-01."),
    "Cannot": N_("Near “%(text)s”: this field or heading stands twice. Keep one of them."),
    "Duplicate": N_("Near “%(text)s”: this field or heading stands twice. Keep one of them."),
    "Unescaped": N_("Near “%(text)s”: a text cannot hold the mark \\. Take it out."),
    "Invalid value": VALUE,
    "Expected newline": VALUE,
}
BROKEN: Final = N_(
    "Near “%(text)s”: this line cannot be read. It is to be a heading, as [[posts]], or a field and a value."
)
NOT_UTF8: Final = N_("The file is not UTF-8 text. Save it in the editor under the encoding UTF-8.")
TOO_DEEP: Final = N_("This cannot be read: brackets nested too deeply, or a number too long.")
EXCERPT: Final = 30
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


def read_plan(file: str, data: bytes) -> tuple[PlanFile | None, Lines, list[PlanError]]:
    """Read UTF-8 TOML, with or without a byte order mark; the value is None when there are faults."""
    text, unread = read_text(file, data)
    if unread:
        return None, Lines(""), [fault(file, unread[0].line, "encoding", NOT_UTF8)]
    lines = Lines(text)
    try:
        return PlanFile.model_validate(tomllib.loads(text)), lines, []
    except tomllib.TOMLDecodeError as error:
        return None, lines, [_syntax(file, str(error), text)]
    except ValidationError as error:
        return None, lines, [_shape(file, lines, dict(one)) for one in error.errors()]
    except (RecursionError, ValueError):
        return None, lines, [fault(file, None, "toml", TOO_DEEP)]


def _syntax(file: str, message: str, text: str) -> PlanError:
    found, rows = _AT.search(message), text.split("\n")
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (len(text.rstrip().split("\n")), 1)
    row = rows[min(line, len(rows)) - 1]
    excerpt = row.strip()[:EXCERPT]
    mark = row[column - 1 : column]
    if mark and mark in WIDE:
        return fault(file, line, "toml", MARKS, text=excerpt, mark=mark)
    words = next((words for start, words in SYNTAX.items() if message.startswith(start)), BROKEN)
    return fault(file, line, "toml", words, text=excerpt)


def _shape(file: str, lines: Lines, error: Mapping[str, Any]) -> PlanError:
    path, kind = error["loc"], error["type"]
    names = [part for part in path if isinstance(part, str)]
    name = names[-1]
    line = lines.of(*path)
    if kind == "extra_forbidden":
        return _unknown(file, line, names)
    if name in TABLES and name != "targets" and kind in {"missing", "list_type", "model_type", "too_short"}:
        return fault(file, line, "missing_key" if kind == "missing" else "bad_value", A_TABLE, field=name)
    words = WRITTEN.get(kind, OTHER)
    if kind == "string_pattern_mismatch":
        words = PATTERNS.get(PATTERNED.get(name, name), ONE_LINE)
    bounds = [v for k, v in error.get("ctx", {}).items() if k in {"gt", "ge", "le", "max_length"}]
    code = "missing_key" if kind == "missing" else "bad_value"
    details = {"field": name, "example": _example(names), "bound": f"{bounds[0]:g}" if bounds else ""}
    return fault(file, line, code, words, **details)


def _example(names: list[str]) -> str:
    """Show how a field is written; an industry's code and name are not a post's or a plan's."""
    table, name = names[-2] if len(names) > 1 else "", names[-1]
    special = {
        ("industries", "code"): 'code = "machinery"',
        ("indicators", "code"): 'code = "injury_rate"',
        ("industries", "name"): 'name = "机械制造"',
        ("posts", "name"): 'name = "一线班组长"',
        ("phases", "name"): 'name = "第一阶段"',
        ("indicators", "name"): 'name = "工伤事故发生率"',
    }
    return special.get((table, name)) or EXAMPLES.get(name, name)


def _unknown(file: str, line: int, names: list[str]) -> PlanError:
    table = next((TABLES[name] for name in reversed(names[:-1]) if name in TABLES), PlanFile)
    name, known = names[-1], list(table.model_fields)
    near = get_close_matches(name, known, 1)
    if near:
        return fault(file, line, "unknown_key", MEANT, field=name, near=near[0])
    return fault(file, line, "unknown_key", UNKNOWN, field=name, known=" ".join(known))

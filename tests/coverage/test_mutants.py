"""Every planted mistake in the rules, the statuses and the ledger must make the comparison with the oracle fail."""

from importlib.util import find_spec
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

from tests.coverage.driver import Code, disagreement
from tests.coverage.histories import tell

HISTORIES = 120
MUTANTS = [
    ("rules", "if assignment.starts_on > plan.deadline:", "if assignment.starts_on >= plan.deadline:"),
    ("rules", "until = end[0] if end else NEVER", "until = award.valid_until or NEVER"),
    ("rules", "if award.completed_on < counts_from:", "if award.completed_on <= counts_from:"),
    ("rules", "award.version < r.version", "award.version <= r.version"),
    ("rules", "(max(day, award.completed_on), reason)", "(day, reason)"),
    ("rules", '"expired", "failed", "in_progress",', '"in_progress", "expired", "failed",'),
    ("rules", "min(dated, key=lambda end: end[0], default=None)", "min(dated, default=None)"),
    ("rules", "return event[0], -REASONS.index(event[1])", "return event[0], REASONS.index(event[1])"),
    ("rules", "if effort.day <= on:", "if effort.day < on:"),
    ("rules", "if end and end[0] <= on and award.completed_on >= plan.counts_from:", "if end and end[0] <= on:"),
    ("rules", "day >= date.fromisoformat(closed_on)", "day > date.fromisoformat(closed_on)"),
    ("rules", "if region not in plan.regions or", "if"),
    ("rules", "if any(industry.code == designated for industry in industries):", "if designated:"),
    ("rules", 'if enterprise.on("hazardous_licence", day) == "1":', "if False:"),
    ("rules", "rows.sort(key=lambda r: r.industry is not None)", "pass"),
    (
        "rules",
        "segments(plan.starts_on, NEVER, cuts):\n        place",
        "segments(date.min, NEVER, cuts):\n        place",
    ),
    ("rules", "waived or all_held(holds, day), waived)", "all_held(holds, day), waived)"),
    ("rules", "waiver.from_on <= day < waiver.until_on", "waiver.from_on <= day <= waiver.until_on"),
    ("rules", "end = min(assignment.ends_on, place.until_on,", "end = min(place.until_on,"),
    ("rules", "if award.offline else (award.course,):", "if award.id else (award.course,):"),
    ("rules", "if a.course == course and not a.offline)", "if a.course == course and a.offline)"),
    ("rules", "cuts |= plan.industry_days", "pass"),
    ("rules", "plan.industries_on(day)", "plan.industries"),
    ("rules", "begun, over = plan.term(post)", "begun, over = date.min, NEVER"),
    ("status", "plan.expected_on(day)", "plan.expected"),
    ("status", "cuts |= {day for term in plan.terms.values() for day in term}", "pass"),
    ("status", "STALE_DAYS = 90", "STALE_DAYS = 91"),
    ("status", "confirmed_on = max((", "confirmed_on = min(("),
    ("status", "return min((d.declared_from", "return max((d.declared_from"),
    (
        "status",
        "for post in plan.expected_on(day) if post not in not_applicable]",
        "for post in plan.expected_on(day)]",
    ),
    ("status", "if covered == 0:", "if covered < 0:"),
    ("status", "position = bisect_right(days, begun)", "position = bisect_right(days, begun) - 1"),
    ("ledger", "(*what, span.until_on)", "(*what, span.from_on)"),
    ("ledger", "-sign, span)", "-sign, span._replace(covered=False, waived=False))"),
    ("ledger", "(*what, span.from_on), sign,", "(*what, span.from_on), abs(sign),"),
    ("ledger", "_add_span(found, what, max(day, place.from_on),", "_add_span(found, what, day,"),
    ("status", "add_days(confirmed_on, STALE_DAYS + 1)", "add_days(confirmed_on, STALE_DAYS)"),
]


@pytest.mark.parametrize(("name", "old", "new"), MUTANTS)
def test_a_planted_mistake_is_noticed(name: str, old: str, new: str) -> None:
    code = Code().patched(name, mutant(name, old, new))
    assert any(disagreement(tell(Random(seed), 25), Random(seed), 8, code) for seed in range(HISTORIES))


def test_without_mistakes_nothing_is_noticed() -> None:
    assert [disagreement(tell(Random(seed), 25), Random(seed), 8) for seed in range(30)] == [None] * 30


def mutant(name: str, old: str, new: str) -> ModuleType:
    """Compile a module of app.coverage with one text replaced; the text must stand there exactly once."""
    spec = find_spec(f"app.coverage.{name}")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text(encoding="utf-8")
    assert source.count(old) == 1
    module = ModuleType(f"app.coverage.{name}")
    exec(compile(source.replace(old, new), f"{name} with a mistake", "exec"), module.__dict__)  # noqa: S102
    return module

"""A plan as other programs read it (DESIGN section 7)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.plans.shapes import Plan, PlanIndustry, PlanPost, Requirement


def published(plan: Plan, valid_months: Mapping[str, int | None]) -> dict[str, Any]:
    """Give a plan's JSON value; `valid_months` is each course's period of validity, None: no expiry."""
    return {
        "code": plan.code,
        "name": plan.name,
        "provisional": plan.provisional,
        "starts_on": plan.starts_on.isoformat(),
        "counts_from": plan.counts_from.isoformat(),
        "deadline": plan.deadline.isoformat(),
        "regions": list(plan.regions),
        "posts": [{"code": p.code, "name": p.name, "expected": p.expected} | _term(p) for p in plan.posts],
        "industries": [
            {"code": i.code, "name": i.name, "divisions": list(i.divisions), "licence": i.licence} | _term(i)
            for i in plan.industries
        ],
        "requirements": [_requirement(r, valid_months) for r in plan.requirements],
    }


def _term(counted: PlanPost | PlanIndustry) -> dict[str, Any]:
    """Give when a post or an industry counts, where that is not always."""
    days = {"from": _day(counted.from_on), "to": _day(counted.to_on)}
    return {key: day for key, day in days.items() if day}


def _requirement(requirement: Requirement, valid_months: Mapping[str, int | None]) -> dict[str, Any]:
    return {
        "post": requirement.post,
        "industry": requirement.industry,
        "from": _day(requirement.from_on),
        "to": _day(requirement.to_on),
        "courses": [
            {"code": code, "valid_months": valid_months.get(code)}
            | ({"offline": True} if code in requirement.offline else {})
            for code in requirement.courses
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

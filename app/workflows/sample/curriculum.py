"""Which courses the sample's people are trained in: those that the plans demand of their posts and industries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.plans.shapes import Plan
from app.workflows.sample.shapes import Firm

PLANS = {"45": "liuzhou-2021-2025", "44": "guangdong-2021-2025"}
"""By province: the plan of the five years up to DEADLINE."""
NATIONAL = "national-2026-2030"
DEADLINE = date(2025, 12, 31)
RIDERS = "instant_delivery"
BEFORE_RIDERS = "transport"
"""What their division made of delivery enterprises before they were designated."""
ONLINE_FROM = {"hazardous-chemicals": date(2026, 5, 1)}
"""A course that teaches a law of that day; before, its matter was taught in classes only."""


@dataclass(frozen=True)
class Curriculum:
    """The plans, by code."""

    plans: dict[str, Plan]

    def five_years(self, post: str, firm: Firm) -> tuple[str, ...]:
        """Give what the source plan of an enterprise's province demands of a post there, or else another one."""
        own = self.plans[PLANS[firm.place.code[:2]]]
        others = (plan for plan in self.plans.values() if any(named.code == post for named in plan.posts))
        plan = own if any(named.code == post for named in own.posts) else next(others)
        return plan.courses(post, _industry(plan, firm.sector), DEADLINE)

    def national(self, post: str, firm: Firm, on: date) -> tuple[str, ...]:
        """Give what the national plan demands of a post at an enterprise on a day."""
        return self.plans[NATIONAL].courses(post, firm.sector, on)


def curriculum(plans: Iterable[Plan]) -> Curriculum:
    """Make the curriculum of plans."""
    return Curriculum({plan.code: plan for plan in plans})


def is_online(course: str, on: date) -> bool:
    """Say whether a course could be learned here on a day."""
    return on >= ONLINE_FROM.get(course, date.min)


def _industry(plan: Plan, sector: str) -> str:
    known = {industry.code for industry in plan.industries}
    return BEFORE_RIDERS if sector == RIDERS and sector not in known else sector

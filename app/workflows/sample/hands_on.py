"""The sample's own small plan: some team leaders of Liuzhou must take their industry's course in person, most do."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.plans.shapes import Plan, PlanIndustry, PlanPost, Requirement
from app.workflows.sample.cast import HENGYUE
from app.workflows.sample.curriculum import NATIONAL
from app.workflows.sample.posts import TEAM_LEADER
from app.workflows.sample.progress import Progress
from app.workflows.sample.shapes import Firm, Tenure

CODE = "liuzhou-hands-on-2026"
COURSES = {"machinery": "machinery", "hazardous_chemicals": "hazardous-chemicals"}
"""By industry: the course that is held in person."""
BEGINS, CLASSES_FROM = date(2026, 4, 1), date(2026, 4, 13)
WHOLE = 480
"""Days from the first class until everybody would have been there."""


def plan(plans: Sequence[Plan]) -> Plan:
    """Write the plan, with the industries as the national plan knows them."""
    known = {one.code: one for one in next(p for p in plans if p.code == NATIONAL).industries}
    return Plan(
        id=0,
        code=CODE,
        name="柳州市班组长线下实训安排（2026—2027年，示例）",
        short_name="柳州线下实训 2026",
        source="示例数据，用来演示“须线下”的要求，不是真实文件",
        note="示例：机械制造、危险化学品企业的一线班组长在期限内参加一次本行业课程的线下培训；只在线上学完的，不算完成。",
        provisional=False,
        starts_on=BEGINS,
        counts_from=date(BEGINS.year, 1, 1),
        deadline=date(2027, 6, 30),
        regions=("450200",),
        posts=(PlanPost(TEAM_LEADER, "一线班组长", expected=True),),
        industries=tuple(_industry(known[code]) for code in COURSES),
        requirements=tuple(
            Requirement(TEAM_LEADER, code, None, None, (course,), (course,)) for code, course in COURSES.items()
        ),
    )


def _industry(one: PlanIndustry) -> PlanIndustry:
    return replace(one)


def leaders(firms: Sequence[Firm], tenures: Sequence[Tenure], known_by: date) -> list[Tenure]:
    """Give those whom the plan names and whom a roster named by a day, the officer's enterprise last."""
    found = [
        t
        for t in tenures
        if t.post == TEAM_LEADER and t.ends_on is None and t.known_on <= known_by and is_inside(firms[t.firm])
    ]
    return sorted(found, key=lambda t: firms[t.firm].name == HENGYUE)


def is_inside(firm: Firm) -> bool:
    """Say whether the plan takes an enterprise in."""
    return firm.place.code.startswith("45") and firm.sector in COURSES and firm.closed_on is None


def attend(progress: Progress, tenures: Sequence[Tenure]) -> None:
    """Let enterprises send their team leaders to a school's class, one enterprise after the other; hers holds its own.

    Some enterprises come early, some last.
    """
    rng = progress.rng
    on = {firm.number: CLASSES_FROM + timedelta(rng.randrange(WHOLE)) for firm in progress.firms if is_inside(firm)}
    for tenure in leaders(progress.firms, tenures, progress.today):
        firm = progress.firms[tenure.firm]
        day = max(on[firm.number], tenure.starts_on + timedelta(20))
        ill = rng.random() < 0.08  # noqa: PLR2004 - a few cannot come
        if firm.name != HENGYUE and day < progress.today and not ill:
            progress.attend(tenure, day, COURSES[firm.sector])

"""The world that Luo's bureau looks at.

Longjiang (Chengzhong district) has Wei, Mo and Huang in post on the deadline and Qin, who left before it; Liubei has
Liang; Sanmei, in the city itself, never declared. Wei has all three courses, Mo one of three, and Liang's missing
courses are waived.
"""

from datetime import date

from sqlalchemy.orm import Session

from app.kit.scope import SYSTEM
from app.organisations import roster
from app.workflows.waive_assignment import WaiveAssignment, waive_assignment
from tests import world
from tests.world import World

PLAN = "liuzhou-2021-2025"
SANMEI = world.uscc(9)
COURSES = world.MACHINERY_LEADER


def settle(session: Session) -> World:
    """Settle it."""
    lived = world.build(session)
    headers = ("uscc", "name", "region", "industry", "insured")
    world.fill(session, "enterprises", (headers, (SANMEI, "三门江建材有限公司", "450200", "08", "40")))
    records = [("证件号码", "课程代码", "完成日期", "培训方式")]
    records += [(world.WEI, course, "2024-05-20", "线下") for course in COURSES]
    records += [(world.MO, COURSES[0], "2024-05-20", "线下")]
    assert not world.fill(session, "records", records).errors
    held = roster.posts_of(SYSTEM, session, lived.liang)[0]
    waiver = WaiveAssignment(held.assignment_id, PLAN, date(2025, 1, 1), date(2026, 1, 1), "长期病休")
    waive_assignment(SYSTEM, session, waiver, world.OPERATOR, world.BEGAN)
    return lived


def settle_own(session: Session) -> World:
    """Settle it, and one more: Sanmei declared a team leader of its own."""
    lived = settle(session)
    rows = world.ROSTER[0], (SANMEI, "石有为", world.STRANGER, "", "班组长", "", "2023-02-01", "")
    assert not world.fill(session, "roster", rows).errors
    return lived

"""Settles the source plans of the sample at their deadline, and Liuzhou's anew when rosters had come late."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from app.coverage.queries import settlements
from app.identity.service import Actor
from app.kit.scope import SYSTEM
from app.ops.db import Session
from app.workflows.settle import SettleFigures, settle_figures, supersede_settlement

DEADLINE = date(2025, 12, 31)
FIRST_ON, ANEW_ON = date(2026, 1, 8), date(2026, 2, 10)
QIN, LIN = Actor(None, "覃明远"), Actor(None, "林佩仪")
PLACES = (("liuzhou-2021-2025", "450200", QIN), ("guangdong-2021-2025", "440000", LIN))


@dataclass
class Settling:
    """What of this has been done."""

    first: bool = False
    anew: bool = False

    def catch_up(self, session: Session, today: date, at: Callable[[date, int], datetime]) -> None:
        """Settle what was settled by a day; `at` gives the instant of an hour of a day."""
        if not self.first and today >= FIRST_ON:
            self.first = True
            for plan, region, actor in PLACES:
                asked = SettleFigures(plan, region, DEADLINE, "五年行动计划终期数据")
                settle_figures(SYSTEM, session, asked, actor, at(FIRST_ON, 10))
        if not self.anew and today >= ANEW_ON:
            self.anew = True
            plan, region, actor = PLACES[0]
            number = settlements.in_force(session, plan, region, DEADLINE)
            if number is not None:
                reason = "终期数据上报后，部分县区补录了期限内的培训记录，按补录后的数据重新封账。"
                supersede_settlement(SYSTEM, session, number, reason, actor, at(ANEW_ON, 10))

"""What two plans say of assignments on one day, asked of the rules once for every case. Pure."""

from collections.abc import Sequence
from datetime import date

from app.coverage import rules
from app.coverage.draft_sums import NOT_REQUIRED, Outcome
from app.coverage.facts import Assignment, Award, Plan, Retake, Waiver
from app.coverage.ledger import Tally
from app.coverage.rules import Place
from app.kit.offline import plain

Plans = tuple[Plan | None, Plan]
"""The plan known now, if there is one, and the draft."""


class Judge:
    """Asks the rules once for every case: on one day few things tell assignments apart."""

    def __init__(self, plans: Plans, on: date) -> None:
        self.plans, self.on = plans, on
        self.counted_from = {plan.counts_from for plan in plans if plan}
        demanded = (key for plan in plans if plan for r in plan.requirements for key in r.courses)
        self._courses = {plain(key) for key in demanded}
        self._known: dict[tuple[Plan, str, str, bool, frozenset[str], bool], Outcome] = {}

    def held(self, awards: Sequence[Award], retakes: Sequence[Retake], counts_from: date) -> frozenset[str]:
        """Give the courses of the plans that somebody holds on the day, and the keys of those held in person."""
        asked = [award for award in awards if award.course in self._courses]
        spans = rules.held(asked, retakes, counts_from)
        return frozenset(c for c, held in spans.items() if any(start <= self.on < end for start, end in held))

    def outcome(
        self, plan: Plan, a: Assignment, place: Place, held: frozenset[str], waivers: Sequence[Waiver]
    ) -> Outcome:
        """Give what a plan says of an assignment of somebody in post on the day."""
        waived = any(w.from_on <= self.on < w.until_on for w in waivers)
        case = plan, a.post, place.industry, a.starts_on > plan.deadline, held, waived
        if case not in self._known:
            self._known[case] = self._judged(plan, a, place, held, waivers)
        return self._known[case]

    def _judged(
        self, plan: Plan, a: Assignment, place: Place, held: frozenset[str], waivers: Sequence[Waiver]
    ) -> Outcome:
        holdings = dict.fromkeys(held, ((place.from_on, place.until_on),))
        span = next(iter(rules.spans(plan, a, (place,), holdings, waivers)), None)
        if span is None:
            return NOT_REQUIRED
        keys = rules.keys_on(plan, a.post, place.industry, self.on)
        missing = () if span.covered else tuple(plain(key) for key in keys if key not in held)
        return Outcome(Tally(1, int(span.covered), int(span.waived)), tuple(map(plain, keys)), missing)

"""Who was trained when: measured so that the plans end, and go on, where the sample wants them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from app.workflows.sample.cast import HENGYUE
from app.workflows.sample.classes import Occasion, choose_day, class_days, occasion, trainings
from app.workflows.sample.curriculum import DEADLINE, PLANS, Curriculum, is_online
from app.workflows.sample.posts import OPERATOR, PRINCIPAL
from app.workflows.sample.shapes import Firm, Revoked, Struggle, Tenure, Training

TARGET = {"45": 0.874, "44": 0.916}
"""Covered at the deadline, waivers not counted."""
CAUGHT_UP = {"45": 0.64, "44": 0.52}
"""The share of those missing at the deadline who are trained within the next months."""
NATIONAL = (
    (date(2026, 1, 10), 0.0),
    (date(2026, 6, 30), 0.19),
    (date(2026, 11, 22), 0.405),
    (date(2027, 12, 31), 0.63),
    (date(2030, 12, 31), 0.97),
)
"""The share of the national plan's people who are trained by a day."""
SECTORS = {
    "45": {"hazardous_chemicals", "non_coal_mine", "construction", "transport", "machinery", "instant_delivery"},
    "44": {
        "hazardous_chemicals",
        "non_coal_mine",
        "construction",
        "transport",
        "machinery",
        "metallurgy",
        "instant_delivery",
    },
}
LAG_OF_CAST, PACE_OF_CAST = 1.3, 0.32
"""How far the officer's enterprise is behind at the deadline and in the national plan: somewhat."""
AHEAD_FROM, MORE_FROM = date(2026, 8, 1), date(2027, 7, 1)
"""The national plan demands more courses from MORE_FROM on; some take them along from AHEAD_FROM on."""
FAKED = "培训机构未实际授课，经核查撤销"


@dataclass
class Progress:
    """What training left behind, as it is worked out."""

    rng: Random
    firms: Sequence[Firm]
    days: Sequence[date]
    curriculum: Curriculum
    worker: int
    """The worker of the sign-ins, whose training the cast tells."""
    trainings: list[Training] = field(default_factory=list)
    struggles: list[Struggle] = field(default_factory=list)
    revocations: list[Revoked] = field(default_factory=list)
    missing: dict[int, Tenure] = field(default_factory=dict)
    """Who was not covered at the deadline, with the post that counted."""
    taken: dict[tuple[int, str], date] = field(default_factory=dict)
    held: set[tuple[int, str, date]] = field(default_factory=set)
    online: set[int] = field(default_factory=set)
    """Who has learned online: once is enough, their later trainings are classes."""

    @property
    def today(self) -> date:
        """Give the last day of entry."""
        return self.days[-1]

    def courses(self, tenure: Tenure) -> tuple[str, ...]:
        """Give what the source plan demands of a tenure."""
        return self.curriculum.five_years(tenure.post, self.firms[tenure.firm])

    def national(self, tenure: Tenure, on: date) -> tuple[str, ...]:
        """Give what the national plan demands of a tenure; from AHEAD_FROM on some take along what it will demand."""
        firm = self.firms[tenure.firm]
        ahead = on >= AHEAD_FROM and firm.number % 5 < 3  # noqa: PLR2004 - three enterprises in five
        return self.curriculum.national(tenure.post, firm, max(self.today, MORE_FROM) if ahead else self.today)

    def train(self, tenure: Tenure, on: date, courses: Iterable[str], *, again: bool = False) -> None:
        """Train somebody for a post on a day, in what they do not hold yet, or in everything `again`."""
        wanted = [c for c in courses if again or (tenure.human, c) not in self.taken]
        what = occasion(self.rng, tenure.human, on, self.firms[tenure.firm])
        early = on < tenure.known_on or not all(is_online(course, on) for course in wanted)
        if what.online and (early or tenure.human in self.online):
            what = replace(what, online=False)
        elif what.online:
            self.online.add(tenure.human)
        self._keep(what, wanted)

    def attend(self, tenure: Tenure, on: date, course: str) -> None:
        """Let somebody attend a class of one course, whatever they hold."""
        what = occasion(self.rng, tenure.human, on, self.firms[tenure.firm])
        self._keep(replace(what, online=False), [course])

    def _keep(self, what: Occasion, courses: Sequence[str]) -> None:
        for training in trainings(self.rng, what, courses, self.days):
            if (training.human, training.course, training.completed_on) not in self.held:
                self.held.add((training.human, training.course, training.completed_on))
                self.taken.setdefault((training.human, training.course), training.completed_on)
                self.trainings.append(training)

    def struggle(self, tenure: Tenure, course: str, on: date, *, failed: bool) -> None:
        """Let somebody who is on a roster begin to learn online, and get no further."""
        if tenure.human not in self.online and on > tenure.known_on and is_online(course, on):
            self.online.add(tenure.human)
            share = 1.0 if failed else self.rng.randint(1, 9) / 10
            self.struggles.append(Struggle(tenure.human, course, on, share, failed))


def five_years(progress: Progress, tenures: Sequence[Tenure]) -> None:
    """Train everybody for the source plans, but for those who shall be missing at the deadline."""
    rng = progress.rng
    classes = {firm.number: class_days(rng) for firm in progress.firms}
    for province in PLANS:
        held = [t for t in tenures if t.human != progress.worker and _counts(progress.firms[t.firm], t, province)]
        progress.missing |= _choose_missing(rng, progress.firms, held, TARGET[province])
    for tenure in tenures:
        if (
            tenure.post == PRINCIPAL
            or tenure.starts_on > DEADLINE
            or tenure.human in {*progress.missing, progress.worker}
        ):
            continue
        day = choose_day(rng, classes[tenure.firm], tenure)
        inside = bool(progress.firms[tenure.firm].sector) or rng.random() < 0.3  # noqa: PLR2004 - some outside train too
        if inside and day <= DEADLINE and (tenure.ends_on is None or day < tenure.ends_on):
            progress.train(tenure, day, progress.courses(tenure))
    for tenure in progress.missing.values():
        _fall_short(progress, tenure)


def _counts(firm: Firm, tenure: Tenure, province: str) -> bool:
    """Say whether a tenure counts at the deadline of its province's plan."""
    named = tenure.post != PRINCIPAL and (province == "45" or tenure.post != OPERATOR)
    inside = firm.place.code.startswith(province) and firm.sector in SECTORS[province]
    there = tenure.starts_on <= DEADLINE and (tenure.ends_on is None or tenure.ends_on > DEADLINE)
    return named and inside and there and (firm.closed_on is None or firm.closed_on > DEADLINE)


def _choose_missing(rng: Random, firms: Sequence[Firm], held: Sequence[Tenure], target: float) -> dict[int, Tenure]:
    """Choose exactly as many as the target leaves out: mostly in enterprises that lag, in places that lag."""
    lag = {n: 0.0 if rng.random() < 0.42 else rng.expovariate(1) for n in sorted({t.firm for t in held})}  # noqa: PLR2004
    lag |= {n: LAG_OF_CAST for n in lag if firms[n].name == HENGYUE}
    of_human: dict[int, list[Tenure]] = defaultdict(list)
    for tenure in held:
        of_human[tenure.human].append(tenure)
    keyed = []
    for human, posts in of_human.items():
        weight = max(lag[t.firm] * firms[t.firm].place.slack for t in posts)
        if weight > 0:
            keyed.append((rng.random() ** (1 / weight), human))
    left = round((1 - target) * len(held))
    chosen: dict[int, Tenure] = {}
    for _, human in sorted(keyed, reverse=True):
        if left <= 0:
            break
        chosen[human] = of_human[human][0]
        left -= len(of_human[human])
    return chosen


def _fall_short(progress: Progress, tenure: Tenure) -> None:
    """Tell how somebody came to be missing at the deadline: never began, under way, failed, or revoked."""
    rng, courses = progress.rng, progress.courses(tenure)
    kind, when = rng.random(), date(2025, 3, 1) + timedelta(rng.randrange(300))
    ready = tenure.starts_on + timedelta(5)
    if kind < 0.42 or ready >= when:  # noqa: PLR2004
        return
    if kind < 0.46 and ready < date(2024, 3, 1):  # noqa: PLR2004
        progress.train(tenure, date(2024, 3, 1) + timedelta(rng.randrange(100)), courses)
        told = [t for t in progress.trainings[-len(courses) :] if t.human == tenure.human and not t.online]
        progress.revocations += [Revoked(t, None, date(2025, 9, 28), FAKED) for t in told]
        return
    done = rng.randint(0, len(courses) - 1)
    if done:
        progress.train(tenure, max(ready, date(2023, 4, 1) + timedelta(rng.randrange(600))), courses[:done])
    if kind < 0.92:  # noqa: PLR2004
        progress.struggle(tenure, courses[done], when, failed=kind > 0.78)  # noqa: PLR2004


def catch_up(progress: Progress, tenures: Sequence[Tenure]) -> set[int]:
    """Train most of those who were missing, soon after the deadline; give those who still are."""
    rng, still = progress.rng, set()
    present = {t.human for t in tenures if t.ends_on is None or t.ends_on > date(2026, 6, 30)}
    for human, tenure in progress.missing.items():
        if rng.random() < CAUGHT_UP[progress.firms[tenure.firm].place.code[:2]] and human in present:
            day = date(2026, 1, 8) + timedelta(int(270 * rng.random() ** 1.7))
            progress.train(tenure, day, progress.courses(tenure), again=True)
        else:
            still.add(human)
    return still


def national(progress: Progress, tenures: Sequence[Tenure], still: set[int]) -> None:
    """Train people for the national plan in the order of their enterprises, some far ahead, and let some struggle."""
    rng = progress.rng
    held = [t for t in tenures if t.human != progress.worker and _national(progress.firms[t.firm], t)]
    pace = {firm.number: PACE_OF_CAST if firm.name == HENGYUE else rng.random() for firm in progress.firms}
    order = {t.human: 0.7 * pace[t.firm] + 0.3 * rng.random() for t in held}
    done = {training.human for training in progress.trainings if training.completed_on > DEADLINE}
    waiting = [t for t in held if t.human not in still and t.human not in done]
    ahead = sum(t.human in done for t in held)
    for place, tenure in enumerate(sorted(waiting, key=lambda t: order[t.human])):
        day = _day_of_share((place + ahead * 0.6) / max(1, len(held)))
        courses = progress.national(tenure, day)
        if day <= progress.today:
            progress.train(tenure, max(day, tenure.starts_on + timedelta(5)), courses, again=True)
        elif rng.random() < 0.15:  # noqa: PLR2004
            begun = progress.today - timedelta(rng.randint(2, 75))
            if begun > max(tenure.starts_on, DEADLINE):
                progress.struggle(tenure, courses[0], begun, failed=rng.random() < 0.4)  # noqa: PLR2004


def _national(firm: Firm, tenure: Tenure) -> bool:
    return bool(firm.sector) and firm.closed_on is None and tenure.post != OPERATOR and tenure.ends_on is None


def _day_of_share(share: float) -> date:
    """Give the day by which the national plan's curve reaches a share."""
    for (begin, low), (end, high) in pairwise(NATIONAL):
        if share <= high:
            return begin + timedelta(int((end - begin).days * (share - low) / (high - low)))
    return date.max

"""Tells the sample's whole story: pure, out of a seed and the day up to which it goes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from app.plans.shapes import Plan
from app.workflows.sample import hands_on
from app.workflows.sample.calendar import entry_days
from app.workflows.sample.cast import HENGYUE, with_cast
from app.workflows.sample.curriculum import DEADLINE, PLANS, curriculum
from app.workflows.sample.firms import make_firms
from app.workflows.sample.gatherings import gatherings
from app.workflows.sample.people import People
from app.workflows.sample.posts import TEAM_LEADER, fill
from app.workflows.sample.practising import practising
from app.workflows.sample.progress import Progress, catch_up, five_years, national
from app.workflows.sample.shapes import Corrected, Human, Merged, Story, Tenure, Training, Waived
from app.workflows.sample.worker import seat_worker, worker_story

REASONS = ("长期病假，医院诊断证明存档", "外派境外项目，返岗后补训", "产假，返岗后补训")
WAIVERS = {"45": 11, "44": 6}
"""By province, in the whole sample."""
MERGED_ON = date(2024, 3, 28)


def tell(seed: str, today: date, plans: Iterable[Plan], scale: float = 1.0) -> Story:
    """Tell the story up to a day, under the plans that ship; `scale` 1 is about 600 enterprises and 12,000 people."""
    rng = Random(seed)  # noqa: S311 - a story that can be told again
    days = entry_days(today)
    firms = with_cast(make_firms(rng, days, scale), today)
    people = People(rng)
    tenures = fill(rng, firms, people, today)
    worker = seat_worker(people, tenures, firms)
    progress = Progress(rng, firms, days, curriculum(plans), worker)
    five_years(progress, tenures)
    still = catch_up(progress, tenures)
    waivers = _waive(progress, tenures, scale)
    national(progress, tenures, still)
    hands_on.attend(progress, tenures)
    merges, trainings = _merge(rng, people, progress.trainings, tenures, scale)
    hers = next(firm for firm in firms if firm.name == HENGYUE)
    learned, begun = worker_story(worker, progress.curriculum.five_years(TEAM_LEADER, hers), today, days)
    merged = {one for merge in merges for one in (merge.source, merge.target)}
    return Story(
        today=today,
        firms=firms,
        humans=tuple(people.humans),
        tenures=tenures,
        trainings=tuple(sorted([*trainings, *learned], key=lambda t: (t.known_on, t.human, t.completed_on, t.course))),
        struggles=tuple(one for one in (*progress.struggles, *begun) if one.on < today),
        revocations=tuple(one for one in progress.revocations if one.known_on <= today),
        waivers=tuple(one for one in waivers if one.known_on <= today),
        merges=tuple(one for one in merges if one.known_on <= today),
        corrections=_correct(rng, people, [t for t in tenures if t.human not in {*merged, worker}], today),
        gatherings=gatherings(progress, [t for t in tenures if t.human not in merged]),
        practising=practising(progress, [t for t in tenures if t.human not in merged], scale),
    )


def _waive(progress: Progress, tenures: Sequence[Tenure], scale: float) -> list[Waived]:
    """Waive a few of those who stayed away for good reasons."""
    found = []
    open_ones = {(t.human, t.firm, t.post) for t in tenures if t.ends_on is None}
    for province, count in WAIVERS.items():
        ready = [
            t
            for human, t in progress.missing.items()
            if progress.firms[t.firm].place.code.startswith(province) and (human, t.firm, t.post) in open_ones
        ]
        for place, tenure in enumerate(progress.rng.sample(ready, min(len(ready), max(1, round(count * scale))))):
            from_on = max(tenure.starts_on, date(2025, 6, 1) + timedelta(17 * place))
            until_on = None if place % 3 else date(2026, 12, 31)
            known_on = max(tenure.known_on, date(2025, 12, 10))
            found.append(Waived(tenure, PLANS[province], from_on, until_on, known_on, REASONS[place % len(REASONS)]))
    return found


def _merge(
    rng: Random, people: People, trainings: Sequence[Training], tenures: Sequence[Tenure], scale: float
) -> tuple[list[Merged], list[Training]]:
    """Let a school enter two people's classes under a mistyped ID, so that they stand twice until they are merged."""
    trained = {t.human for t in trainings if not t.online and date(2022, 3, 1) < t.known_on < MERGED_ON}
    ready = sorted(trained & {t.human for t in tenures if t.known_on < MERGED_ON})
    twins: dict[int, int] = {}
    merges = []
    for human in rng.sample(ready, min(len(ready), max(2, round(3 * scale)))):
        real = people.humans[human]
        twins[human] = people.add(real.name, people.resident_id(male=int(real.resident_id[16]) % 2 == 1), "")
        merges.append(Merged(twins[human], human, MERGED_ON, "培训机构录错证件号码，经核对原件为同一人"))
    moved = [
        replace(t, human=twins[t.human]) if t.human in twins and not t.online and t.known_on < MERGED_ON else t
        for t in trainings
    ]
    return merges, moved


def _correct(rng: Random, people: People, tenures: Sequence[Tenure], today: date) -> tuple[Corrected, ...]:
    """Let three people be entered with a mistyped ID that is put right a year later."""
    first: dict[int, date] = {}
    for tenure in tenures:
        first.setdefault(tenure.human, tenure.known_on)
    ready = [human for human, day in first.items() if day < DEADLINE - timedelta(500)]
    found = []
    for human in rng.sample(ready, min(len(ready), 3)):
        real: Human = people.humans[human]
        wrong = people.resident_id(male=int(real.resident_id[16]) % 2 == 1)
        known_on = first[human] + timedelta(380)
        if known_on <= today:
            found.append(Corrected(human, wrong, known_on, "名册录入时证件号码有误，按身份证原件更正"))
    return tuple(found)

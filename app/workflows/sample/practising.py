"""Who practises daily, on which days, and how well: some of those who learned here online."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from app.assessment.practice_history import Practised
from app.workflows.sample.curriculum import PLANS
from app.workflows.sample.progress import Progress
from app.workflows.sample.shapes import Tenure

HOW_MANY = {"45": 45, "44": 90}
"""By province, in the whole sample."""
FEWEST = 20
AGO = (52, 49, 47, 43, 42, 38, 35, 33, 29, 26, 22, 19, 15, 12, 9, 6, 3, 2, 1)
"""So many days ago somebody may have practised; the last three are the worker's row of days."""
RARELY, OFTEN = 0.35, 0.85
CLUMSY, GIFTED = 0.5, 0.9


def practising(progress: Progress, tenures: Sequence[Tenure], scale: float) -> tuple[int, ...]:
    """Choose who practises: the worker first, then people of both provinces who are in a post."""
    learned = {training.human for training in progress.trainings if training.online}
    found = [progress.worker]
    for province in PLANS:
        home = (t for t in tenures if t.ends_on is None and progress.firms[t.firm].place.code.startswith(province))
        ready = sorted({t.human for t in home} & learned - {progress.worker})
        found += progress.rng.sample(ready, min(len(ready), max(FEWEST, round(HOW_MANY[province] * scale))))
    return tuple(found)


def practised(humans: Sequence[int], persons: Sequence[tuple[int, frozenset[str]]], today: date) -> Iterator[Practised]:
    """Tell on which days each practised; `persons` are their ids with the courses that they learned by now."""
    for place, (human, (person_id, courses)) in enumerate(zip(humans, persons, strict=True)):
        rng = Random(human)  # noqa: S311 - a story that can be told again
        often, gift = rng.uniform(RARELY, OFTEN), rng.uniform(CLUMSY, GIFTED)
        days = [today - timedelta(ago) for ago in AGO if rng.random() < often or (place == 0 and ago < AGO[-4])]
        yield Practised(person_id, courses, tuple(days), gift)

"""Training held in person here: who is asked to come, who came, and what is still to come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.workflows.sample.cast import HENGYUE, OFFICER
from app.workflows.sample.hands_on import COURSES, leaders
from app.workflows.sample.posts import TEAM_LEADER
from app.workflows.sample.progress import Progress
from app.workflows.sample.shapes import Firm, Gathering, Tenure

MINUTES = 120
SEATS = 18
AHEAD = 12
"""In so many days hers is held."""
Chosen = Callable[[Tenure, Firm], bool]


@dataclass(frozen=True)
class _Words:
    course: str
    place: str
    trainer: str
    provider: str
    by: str
    note: str = ""


HERS = _Words("machinery", "恒岳机械二楼培训室", "黄定山", HENGYUE, OFFICER)
PLACE, CITY = "柳州市职工培训中心", "柳州市人社局"
CHEMICALS = _Words("hazardous-chemicals", PLACE, "蒙启文", CITY, "覃明远", "罐区和装卸岗位优先")
MACHINES = _Words("machinery", PLACE, "石有光", CITY, "覃明远")
SITES = _Words("construction", "广州市建筑工人实训基地", "区伟明", "广东省人社厅", "林佩仪", "“千企万人”集中培训")


def gatherings(progress: Progress, tenures: Sequence[Tenure]) -> tuple[Gathering, ...]:
    """Tell four that were held, the last one still to be marked, and one of the officer's that is to come."""
    today, firms = progress.today, progress.firms
    past = [day for day in progress.days if day <= today - timedelta(8)]
    known = [t for t in tenures if t.known_on <= past[-3]]
    seats = leaders(firms, known, today)
    hers = [t for t in seats if firms[t.firm].name == HENGYUE and t.human != progress.worker]
    others = [t for t in seats if firms[t.firm].name != HENGYUE]
    chemicals = [t for t in others if COURSES[firms[t.firm].sector] == CHEMICALS.course]
    machines = [t for t in others if t not in chemicals]
    sites = [t for t in known if _on_site(firms[t.firm], t)]
    number = next(firm.number for firm in firms if firm.name == HENGYUE)
    worker = next(t for t in seats if t.human == progress.worker)
    return (
        _held(progress, SITES, "440000", sites, past[-3]),
        _held(progress, CHEMICALS, "450200", chemicals, past[-2]),
        _held(progress, HERS, number, hers[:SEATS], past[-1]),
        _listed(MACHINES, "450200", machines[-SEATS:], today - timedelta(2)),
        _listed(HERS, number, [worker, *hers[SEATS : 2 * SEATS]], today + timedelta(AHEAD)),
    )


def _on_site(firm: Firm, tenure: Tenure) -> bool:
    here = firm.place.code.startswith("44") and firm.sector == "construction" and firm.closed_on is None
    return here and tenure.post == TEAM_LEADER and tenure.ends_on is None


def _held(progress: Progress, words: _Words, where: str | int, seats: Sequence[Tenure], closed_on: date) -> Gathering:
    """Let most come, some with a score, one below the pass mark; it is closed a few days later."""
    humans = _humans(seats)
    there = {human for human in humans if progress.rng.random() > 0.1}  # noqa: PLR2004 - a tenth stays away
    scores = {human: float(progress.rng.randint(80, 100)) for human in there}
    if there:
        scores[min(there)] = 64.0
    return _gathering(words, where, humans, closed_on - timedelta(6), scores, closed_on)


def _listed(words: _Words, where: str | int, seats: Sequence[Tenure], held_on: date) -> Gathering:
    return _gathering(words, where, _humans(seats), held_on, {}, None)


def _humans(seats: Sequence[Tenure]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(t.human for t in seats))[:SEATS]


def _gathering(
    words: _Words,
    where: str | int,
    humans: tuple[int, ...],
    held_on: date,
    scores: dict[int, float],
    closed_on: date | None,
) -> Gathering:
    firm, region = (where, None) if isinstance(where, int) else (None, where)
    told = (words.course, held_on, MINUTES, words.place, words.trainer, words.provider, words.note, words.by)
    return Gathering(*told, firm, region, humans, scores, closed_on)

"""Lives through the story, one day of entry after the other, with the services and workflows that everybody uses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from app.assessment.practice_history import practise_many
from app.awards import queries as awards
from app.coverage import service as coverage
from app.identity.service import Actor
from app.kit.dates import SHANGHAI
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops.db import Database, Session
from app.ops.sheets import Sheet
from app.organisations import persons
from app.organisations import queries as organisations
from app.organisations import service as registry
from app.organisations.service import Declared
from app.workflows import imports
from app.workflows.import_results import Options
from app.workflows.load_content import load_content
from app.workflows.read_content import Content
from app.workflows.sample import hands_on
from app.workflows.sample.accounts import open_accounts
from app.workflows.sample.agenda import Desk, agenda
from app.workflows.sample.calendar import BEGIN
from app.workflows.sample.entries import change_row, closing_row, firm_row, record_rows, roster_rows, sheet
from app.workflows.sample.firms import NATIONAL_KNOWN
from app.workflows.sample.in_person import InPerson
from app.workflows.sample.online import Learner, study
from app.workflows.sample.practising import practised
from app.workflows.sample.review import hand_in
from app.workflows.sample.settlements import Settling
from app.workflows.sample.shapes import Firm, Story
from app.workflows.sample.single import correct, decide

HOURS = {"45": 16, "44": 17}
"""When the desks of the two provinces enter what came in (Shanghai)."""
ACTORS = {"45": Actor(None, "柳州市人社局"), "44": Actor(None, "广东省人社厅")}
KEEPER = Actor(None, "coverall demo")
SOURCE_PLANS = date(2025, 12, 31)
"""Plans that end later were not known when the sample begins."""


@dataclass
class Loading:
    """A load under way: what the story needs to know of what is stored."""

    database: Database
    story: Story
    now: datetime
    places: dict[int, dict[str, str]] = field(default_factory=dict)
    """By enterprise: the region and division that its next row must name."""
    enterprises: dict[int, int] = field(default_factory=dict)
    """By number in the story: the stored id."""
    corrected: set[int] = field(default_factory=set)

    def at(self, day: date, hour: int) -> datetime:
        """Give the instant of an hour of a day in Shanghai, never later than now."""
        return min(datetime.combine(day, time(hour), SHANGHAI).astimezone(UTC), self.now)

    def ids(self) -> dict[int, str]:
        """Give the mistyped IDs under which people are still known."""
        return {c.human: c.wrong_id for c in self.story.corrections if c.human not in self.corrected}


def load(
    database: Database, story: Story, content: Content, regions: Path, now: datetime, say: Callable[[date], None]
) -> None:
    """Load the story into an empty, migrated database; `say` hears of every day of entry that is done."""
    loading = Loading(database, story, now)
    _begin(loading, content, regions)
    national, settling, in_person = False, Settling(), _in_person(loading)
    for desk in agenda(story):
        if not national and desk.on >= NATIONAL_KNOWN:
            national = True
            with database.session() as session:
                load_content(session, _with_hands_on(content), KEEPER, loading.at(NATIONAL_KNOWN, 10))
        with database.session() as session:
            settling.catch_up(session, desk.on, loading.at)
            in_person.catch_up(session, desk.on)
            _work(loading, session, desk)
        say(desk.on)
    open_accounts(database, now)
    with database.session() as session:
        in_person.catch_up(session)
        _practise(loading, session)
        hand_in(session, content, now)


def _with_hands_on(content: Content) -> Content:
    """Add the sample's own plan, which became known with the national one."""
    return replace(content, plans=(*content.plans, hands_on.plan(content.plans)))


def _in_person(loading: Loading) -> InPerson:
    def persons(session: Session, humans: Sequence[int]) -> list[int]:
        known = _learners(loading, session, list(humans))
        return [known[human].person_id for human in humans]

    return InPerson(list(loading.story.gatherings), loading.at, persons, lambda number: loading.enterprises[number])


def _practise(loading: Loading, session: Session) -> None:
    """Enter the practice of those who practise, in the courses of which they hold a certificate."""
    humans, today = loading.story.practising, loading.story.today
    known = _learners(loading, session, list(humans))
    persons = []
    for human in humans:
        held = awards.of_person(SYSTEM, session, known[human].person_id, today)
        persons.append((known[human].person_id, frozenset(award.course_code for award in held)))
    practise_many(session, list(practised(humans, persons, today)))


def _begin(loading: Loading, content: Content, regions: Path) -> None:
    """Enter the regions, the courses, and the plans that there were."""
    now = loading.at(BEGIN, 9)
    known = replace(content, plans=tuple(plan for plan in content.plans if plan.deadline <= SOURCE_PLANS))
    with loading.database.session() as session:
        _enter(session, "regions", imports.read("regions", regions.read_bytes(), Options()), KEEPER, now)
        load_content(session, known, KEEPER, now)


def _work(loading: Loading, session: Session, desk: Desk) -> None:
    now, actor = loading.at(desk.on, HOURS[desk.province]), ACTORS[desk.province]
    for one in desk.corrections:
        person_id = _learners(loading, session, [one.human])[one.human].person_id
        correct(session, one, loading.story.humans[one.human], person_id, actor, now)
        loading.corrected.add(one.human)
    _enter_firms(loading, session, desk, actor, now)
    rows = roster_rows(desk.tenures, desk.on, loading.story.humans, loading.story.firms, loading.ids())
    _enter(session, "roster", sheet(rows), actor, now)
    _confirm(loading, session, desk.confirming, actor, now)
    _enter(session, "records", sheet(record_rows(desk.records, loading.story.humans, loading.ids())), actor, now)
    _learn(loading, session, desk, now)
    decide(session, desk, lambda n: _learners(loading, session, [n])[n].person_id, loading.enterprises, actor, now)


def _enter_firms(loading: Loading, session: Session, desk: Desk, actor: Actor, now: datetime) -> None:
    rows = [firm_row(firm) for firm in desk.firms]
    for firm in desk.firms:
        loading.places[firm.number] = {"region": firm.place.code, "industry": firm.division}
    for firm, change in desk.changes:
        place = loading.places[firm.number]
        rows.append(change_row(firm, change, place))
        if change.attribute in place:
            place[change.attribute] = change.value
    rows += [closing_row(firm, loading.places[firm.number]) for firm in desk.closings]
    _enter(session, "enterprises", sheet(rows), actor, now)
    if desk.firms:
        by_code = {firm.uscc: firm.number for firm in desk.firms}
        for row in organisations.enterprises_by_uscc(SYSTEM, session, by_code):
            loading.enterprises[by_code[row.uscc]] = row.id


def _enter(session: Session, kind: str, what: Sheet, actor: Actor, now: datetime) -> None:
    """Import a sheet; the story is told so that nothing in it is refused."""
    if what.rows:
        result = imports.run(session, SYSTEM, kind, what, Options(), actor, now)
        if result.refused:
            raise Problem(500, "sample", "The sample contradicts itself: %(error)s", {"error": result.errors[0]})


def _confirm(loading: Loading, session: Session, firms: list[Firm], actor: Actor, now: datetime) -> None:
    """Enter that enterprises looked through their rosters and found nothing to change."""
    if not firms:
        return
    posting = coverage.open_posting(session, now, "confirmation")
    on = now.astimezone(SHANGHAI).date()
    ids = [loading.enterprises[firm.number] for firm in firms]
    counts = registry.head_counts(session, ids, on)
    words = [Declared(one, "confirmation", on, on, counts[one]) for one in ids]
    said = registry.declare(session, words, actor.name, posting.recorded_at)
    coverage.post(session, posting, declared=said)


def _learn(loading: Loading, session: Session, desk: Desk, now: datetime) -> None:
    humans = sorted({one.human for one in desk.online} | {one.human for one in desk.struggles})
    if not humans:
        return
    posting = coverage.open_posting(session, now, "learning")
    learners = _learners(loading, session, humans)
    persons = study(session, desk.online, desk.struggles, learners, posting.recorded_at)
    coverage.post(session, posting, persons=persons)


def _learners(loading: Loading, session: Session, humans: list[int]) -> dict[int, Learner]:
    ids = loading.ids()
    hashes = {persons.id_hash(ids.get(n, loading.story.humans[n].resident_id)): n for n in humans}
    known = persons.known_people(session, hashes)
    return {number: Learner(known[hashed].id, loading.story.humans[number]) for hashed, number in hashes.items()}

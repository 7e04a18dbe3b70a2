"""The sample's story, before anything is stored: the same every time, and made of people that nobody is."""

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise

import pytest

from app.kit.checkdigits import resident_id_error, uscc_error
from app.workflows.sample.calendar import BEGIN
from app.workflows.sample.cast import HENGYUE, WORKER
from app.workflows.sample.places import GUANGDONG, LIUZHOU
from app.workflows.sample.shapes import Story
from app.workflows.sample.story import tell
from tests.world import shipped

TODAY = date(2026, 11, 20)
PLANS = shipped().plans


@pytest.fixture(scope="module")
def story() -> Story:
    return tell("coverall", TODAY, PLANS)


def test_a_story_told_again_is_the_same_and_another_seed_tells_another(story: Story) -> None:
    assert tell("coverall", TODAY, PLANS) == story
    assert tell("another", TODAY, PLANS, 0.1).humans != tell("coverall", TODAY, PLANS, 0.1).humans


def test_it_has_the_promised_size(story: Story) -> None:
    assert 590 <= len(story.firms) <= 610
    assert 11_500 <= len(story.humans) <= 13_500
    places = {firm.place.code for firm in story.firms}
    assert places == {place.code for place in (*LIUZHOU, *GUANGDONG)}
    sizes = Counter(min(firm.posts // 100, 1) for firm in story.firms)
    assert sizes[1] >= 8
    assert sum(4 <= firm.posts <= 24 for firm in story.firms) > 450


def test_nobody_in_it_can_exist(story: Story) -> None:
    ids = [human.resident_id for human in story.humans] + [one.wrong_id for one in story.corrections]
    assert len(set(ids)) == len(ids)
    assert all(resident_id_error(one, TODAY) is None and one.startswith("000000") for one in ids)
    phones = [human.phone for human in story.humans if human.phone]
    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("199") and len(phone) == 11 for phone in phones)
    codes = [firm.uscc for firm in story.firms]
    assert len(set(codes)) == len(codes)
    assert all(uscc_error(code) is None and code[2:8] == "000000" for code in codes)


def test_the_named_people_are_there(story: Story) -> None:
    hers = next(firm for firm in story.firms if firm.name == HENGYUE)
    held = [t for t in story.tenures if t.firm == hers.number and t.ends_on is None]
    assert 220 <= len(held) <= 245
    worker = next(human for human in story.humans if human.name == WORKER and human.phone == "19900000001")
    assert [t.post for t in held if t.human == worker.number] == ["team_leader"]
    assert (TODAY - hers.reports[-1]).days > 90


def test_nobody_holds_a_post_twice_at_once(story: Story) -> None:
    spans: dict[tuple[int, int, str], list[tuple[date, date]]] = defaultdict(list)
    for tenure in story.tenures:
        end = tenure.ends_on or date.max
        assert tenure.starts_on < end
        spans[tenure.human, tenure.firm, tenure.post].append((tenure.starts_on, end))
    for held in spans.values():
        held.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(held))


def test_nothing_is_known_before_it_happens_or_after_today(story: Story) -> None:
    told = [(t.starts_on, t.known_on) for t in story.tenures]
    told += [(t.ends_on, t.end_known_on) for t in story.tenures if t.ends_on and t.end_known_on]
    told += [(t.completed_on, t.known_on) for t in story.trainings]
    assert all(BEGIN <= known <= TODAY and happened <= known for happened, known in told)
    assert any((t.known_on - t.completed_on).days > 100 for t in story.trainings)


def test_everything_that_happens_in_the_field_happens_here(story: Story) -> None:
    assert story.corrections
    assert story.merges
    assert story.revocations
    assert story.waivers
    assert story.struggles
    assert {change.attribute for firm in story.firms for change in firm.changes} >= {
        *("region", "industry", "key_enterprise", "key_industry")
    }
    assert any(firm.closed_on for firm in story.firms)
    assert any(not firm.reports for firm in story.firms)
    assert any(firm.not_applicable and not firm.posts for firm in story.firms)
    assert any(tenure.corrected_on for tenure in story.tenures)
    employers = defaultdict(set)
    for tenure in story.tenures:
        employers[tenure.human].add(tenure.firm)
    assert sum(len(firms) > 1 for firms in employers.values()) > 300

"""kill -9 during an import, an exam submission and an award: what was acknowledged stands, nothing stands half."""

from pathlib import Path

from tests.kill.acts import Killing, exam_killing, import_killing, rounds

MOMENTS = (0.3, 0.1)
ROWS = 600


def some_times(killing: Killing) -> None:
    """Kill twice, at least once between the first write and the acknowledgement; tests/bench kills 30 times."""
    met = []
    for strike, found in rounds(killing, MOMENTS):
        assert found.fits(strike), (strike, found)
        met.append(strike)
    assert sum(strike.between for strike in met) >= 1, met


def test_a_killed_import_leaves_all_of_its_roster_or_nothing(sample: Path, tmp_path: Path) -> None:
    some_times(import_killing(sample, tmp_path, ROWS))


def test_a_killed_submission_leaves_the_exam_open_or_closed_with_its_result(sample: Path, tmp_path: Path) -> None:
    some_times(exam_killing(sample, tmp_path, passing=False))


def test_a_killed_award_stands_with_its_exam_and_its_posting_or_not_at_all(sample: Path, tmp_path: Path) -> None:
    some_times(exam_killing(sample, tmp_path, passing=True))

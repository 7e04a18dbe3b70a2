"""What `dev.py` promises: it notices tests that did not run, sets up once only, and says what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

import dev

SAMPLE = """
import pytest
pytestmark = pytest.mark.filterwarnings("ignore")

def test_runs(record_property):
    record_property("part", "postgres")

@pytest.mark.skip
def test_left_out(record_property):
    record_property("part", "browser")

@pytest.mark.xfail
def test_given_up():
    assert False
"""


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder where dev.py looks for pytest's reports, with none in it."""
    folder = tmp_path / "reports"
    monkeypatch.setattr(dev, "REPORTS", folder)
    return folder


def test_skipped_tests_and_parts_that_did_not_run_are_named(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={reports / 'sample.xml'}"]
    done = subprocess.run([*command, "test_sample.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert dev.shortfalls(("postgres", "browser")) == [
        "skipped: test_sample::test_left_out",
        "skipped: test_sample::test_given_up",
        "no test of the part `browser` ran",
    ]


def test_no_report_is_no_success(reports: Path) -> None:
    assert not reports.exists()
    assert dev.shortfalls(dev.PARTS) == [f"no test of the part `{part}` ran" for part in dev.PARTS]


def test_setting_up_happens_once_and_again_when_the_lock_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    locked = tmp_path / "some.lock"
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev, "make_environment", lambda: [sys.executable, "-c", ""])
    spoke = []
    for content in ("one", "one", "another", "another"):
        locked.write_text(content)
        dev.set_up(locked)
        spoke.append(bool(capsys.readouterr().out))
    assert spoke == [True, False, True, False]


def test_an_installation_that_failed_is_not_taken_for_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "some.lock"
    locked.write_text("one")
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev, "make_environment", lambda: [sys.executable, "-c", "raise SystemExit(1)"])
    for _ in range(2):
        with pytest.raises(dev.Failure, match="package index"):
            dev.set_up(locked)


def test_a_missing_program_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "chromium", lambda: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(dev.Failure, match=r"Chromium \(Debian: chromium\)"):
        dev.install_packages()


def test_ci_does_nothing_of_its_own() -> None:
    lines = (dev.ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert [line for line in lines if "python" in line] == ["exec python3 dev.py test"]

#!/usr/bin/env python3
"""Sets up and runs Coverall with nothing but Python 3.11 and the network to a package index.

python3 dev.py demo [--port N]       set up, load the sample region, serve it
python3 dev.py run COMMAND ...       set up, then any command of `coverall`
python3 dev.py test [PYTEST ARGS]    every check and test; with arguments only pytest, with them
python3 dev.py lint                  the checks without the tests
python3 dev.py lock [--upgrade]      write the hashed lock files anew from pyproject.toml
"""

from __future__ import annotations  # an older Python must get as far as the message

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / "python")
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
REPORTS = ROOT / ".cache" / "reports"
OLDEST = (3, 11)

CHECKS = (
    "ruff check .",
    "ruff format --check .",
    "mypy",
    "lint-imports --cache-dir .cache/import-linter",
    "djlint --lint --quiet templates",
    "python -m app content check courses",
)
TESTS = (
    "pytest -n 2 -m 'not browser' --junitxml .cache/reports/all-but-browser.xml",
    "pytest -m browser --junitxml .cache/reports/browser.xml",
)
ROOM = 6 << 30
"""Bytes free in memory before the tests keep their databases there."""
PARTS = ("postgres", "browser")
"""Markers of which at least one test each must have run."""


class Failure(Exception):  # noqa: N818 - the person reads it as a sentence
    """Something the person at the keyboard can mend; the message says how."""


def main(arguments: Sequence[str]) -> int:
    """Carry out one command and give its exit code."""
    name, *rest = arguments or ["help"]
    commands = {"demo": demo, "run": run, "test": test, "lint": lint, "lock": lock}
    if name not in commands:
        print(__doc__)
        return 0 if name in {"help", "-h", "--help"} else 2
    if sys.version_info < OLDEST:
        print(f"dev.py: Python 3.11 or newer is needed; this is {sys.version.split()[0]} at {sys.executable}.")
        return 2
    os.chdir(ROOT)
    try:
        return commands[name](rest)
    except Failure as failure:
        print(f"dev.py: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def demo(arguments: list[str]) -> int:
    """Set up and serve the sample region."""
    return run(["demo", *arguments])


def run(arguments: list[str]) -> int:
    """Set up and become `coverall`."""
    set_up(RUN_LOCK)
    command = [PYTHON, "-m", "app", *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(PYTHON, command)  # noqa: S606 - becomes the server, so that signals reach it
    return subprocess.call(command)


def lint(_arguments: list[str]) -> int:
    """Run the checks."""
    set_up(DEV_LOCK)
    return verdict(failures(map(shlex.split, CHECKS)))


def test(arguments: list[str]) -> int:
    """Run the checks and all tests, or pytest alone with the arguments given."""
    install_packages()
    set_up(DEV_LOCK)
    shutil.rmtree(REPORTS, ignore_errors=True)
    chosen = [argument for argument in arguments if argument != "--"]
    with tempfile.TemporaryDirectory(prefix="coverall-", dir=memory(), ignore_cleanup_errors=True) as scratch:
        Path(scratch).chmod(0o755)  # the tests' servers run as other users
        os.environ["TMPDIR"] = scratch
        if chosen:
            broken = failures([["pytest", *chosen, "--junitxml", str(REPORTS / "chosen.xml")]])
            return verdict(broken + shortfalls(parts=()))
        return verdict(failures(map(shlex.split, CHECKS + TESTS)) + shortfalls(PARTS))


def memory() -> str | None:
    """Find a folder in memory that may hold the tests' databases and programs: they then wait for no disk."""
    shared = Path("/dev/shm")  # noqa: S108 - for a folder of our own in it
    if not shared.is_dir() or os.statvfs(shared).f_flag & os.ST_NOEXEC:
        return None
    return str(shared) if shutil.disk_usage(shared).free > ROOM else None


def failures(commands: Iterable[Sequence[str]]) -> list[str]:
    """Run commands of the virtual environment, all of them, and name those that failed."""
    found = []
    for name, *rest in commands:
        line = shlex.join([name, *rest])
        print(f"\n==> {line}", flush=True)
        begun = time.monotonic()
        code = subprocess.call([str(BIN / name), *rest], stdin=subprocess.DEVNULL)
        print(f"    {time.monotonic() - begun:.1f} s", flush=True)
        if code:
            found.append(f"exit {code}: {line}")
    return found


def shortfalls(parts: Iterable[str]) -> list[str]:
    """Read pytest's reports: name every test that was skipped, and every part of which nothing ran."""
    found: list[str] = []
    ran: set[str | None] = set()
    for report in sorted(REPORTS.glob("*.xml")):
        for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it just now
            if case.find("skipped") is not None:
                found.append(f"skipped: {case.get('classname')}::{case.get('name')}")
            else:
                ran.update(node.get("value") for node in case.iter("property") if node.get("name") == "part")
    return found + [f"no test of the part `{part}` ran" for part in parts if part not in ran]


def verdict(wrong: Sequence[str]) -> int:
    """Say what is wrong, or that nothing is."""
    print("\n" + "\n".join(f"FAILED  {line}" for line in wrong) if wrong else "\nEverything passed.")
    return 1 if wrong else 0


def set_up(locked: Path) -> None:
    """Bring the virtual environment to what the lock says; costs nothing when it is there already."""
    if not locked.exists():
        raise Failure(f"{locked.name} is missing; `python3 dev.py lock` writes it.")
    stamp = VENV / f"{locked.name}.stamp"
    parts = (sys.version.encode(), locked.read_bytes(), (ROOT / "pyproject.toml").read_bytes())
    wanted = hashlib.sha256(b"\0".join(parts)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Setting up .venv from {locked.name} (once; a minute or two) ...", flush=True)
    installer = make_environment()
    for what in (("--require-hashes", "-r", str(locked)), ("--no-deps", "--no-build-isolation", "-e", str(ROOT))):
        if subprocess.call([*installer, *what], stdin=subprocess.DEVNULL):
            raise Failure("The packages could not be installed. Is the package index reachable? The reason is above.")
    stamp.write_text(wanted)


def make_environment() -> list[str]:
    """Make .venv unless it serves already, and give the command that installs into it."""
    if uv := shutil.which("uv"):
        if not answers("import sys"):
            check(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
        return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    if not answers("import pip"):
        if importlib.util.find_spec("ensurepip") is None:
            raise Failure("This Python cannot make virtual environments (on Debian: apt-get install python3-venv).")
        check(sys.executable, "-m", "venv", "--clear", str(VENV))
    return [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]


def answers(code: str) -> bool:
    """Say whether the environment's interpreter is of this version and runs the code."""
    probe = f"{code}; import sys; sys.exit(sys.version_info[:3] != {sys.version_info[:3]})"
    return Path(PYTHON).exists() and subprocess.call([PYTHON, "-c", probe], stderr=subprocess.DEVNULL) == 0


def check(*command: str) -> None:
    """Run a command that must not fail."""
    if subprocess.call(command, stdin=subprocess.DEVNULL):
        raise Failure(f"This failed; the reason is above: {shlex.join(command)}")


def install_packages() -> None:
    """Have what the tests need from the system: installed on Debian as root, asked for elsewhere."""
    needs = (
        ("chromium", "Chromium", chromium()),
        ("postgresql", "the PostgreSQL server", postgres_bin()),
        ("fonts-noto-cjk", "a Chinese font", chinese_font()),
        ("python3-venv", "Python's venv and ensurepip", can_make_environments()),
    )
    missing = {package: name for package, name, present in needs if not present}
    if not missing:
        return
    if not (os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get")):
        names = ", ".join(f"{name} (Debian: {package})" for package, name in missing.items())
        raise Failure(f"The tests also need: {names}. Install it and start again.")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    check("apt-get", "update", "-qq")
    check("apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing)


def chromium() -> str | None:
    """Find a Chromium."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def postgres_bin() -> Path | None:
    """Find the directory of PostgreSQL's server programs; the newest, where Debian keeps several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found += map(Path, filter(None, [shutil.which("initdb")]))
    return found[-1].resolve().parent if found else None


def chinese_font() -> bool:
    """Say whether pages in Chinese can be drawn; only Linux comes without."""
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    wanted = ("CJK", "SourceHan", "wqy")
    return sys.platform != "linux" or any(
        mark in path.name for folder in folders for path in folder.rglob("*.?t?") for mark in wanted
    )


def can_make_environments() -> bool:
    """Say whether venv works; for root also outside its home: the image is tried as another user."""
    hidden = os.name == "posix" and os.geteuid() == 0 and Path(sys.base_prefix).is_relative_to(Path.home())
    outside = any(Path("/usr/lib").glob("python3*/ensurepip"))
    return importlib.util.find_spec("ensurepip") is not None and (outside or not hidden)


def lock(arguments: list[str]) -> int:
    """Resolve pyproject.toml for all platforms into both lock files: every file's hash, no host."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("UV_", "PIP_"))}
    options = "--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-config --quiet"
    with tempfile.TemporaryDirectory() as scratch:
        uv = shutil.which("uv") or fetch_uv(Path(scratch))
        resolve = [uv, "pip", "compile", *shlex.split(options), "--default-index", "https://pypi.org/simple"]
        resolve += [*arguments, "pyproject.toml", "--group", "build"]
        for output, more in ((RUN_LOCK, ()), (DEV_LOCK, ("--group", "dev", "--constraint", RUN_LOCK.name))):
            if subprocess.call([*resolve, *more, "--output-file", output.name], env=environment):
                raise Failure(f"{output.name} could not be resolved; the reason is above.")
    return 0


def fetch_uv(scratch: Path) -> str:
    """Install uv for this one use."""
    check(sys.executable, "-m", "venv", str(scratch))
    check(str(scratch / BIN.name / "python"), "-m", "pip", "install", "--quiet", "uv")
    return str(scratch / BIN.name / "uv")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

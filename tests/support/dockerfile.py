"""Carries out a Dockerfile without an engine: the same copies, installs and start, in a folder instead of an image.

What it cannot do is make users and mount volumes; it runs the start command as somebody who is not root instead.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OTHER_USER = "nobody"


@dataclass(frozen=True)
class Instruction:
    """One instruction: its stage (from 0), its name and what follows."""

    stage: int
    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """Give what follows as words, whether written as JSON or as a shell line."""
        return json.loads(self.text) if self.text.startswith("[") else shlex.split(self.text)


def parse(text: str) -> list[Instruction]:
    """Read a Dockerfile; a line that ends in a backslash goes on."""
    stage, found = -1, []
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, rest = line.partition(" ")
        stage += name == "FROM"
        found.append(Instruction(stage, name, rest.strip()))
    return found


class Replay:
    """A Dockerfile carried out under `root`, which stands for the image's `/`."""

    def __init__(self, context: Path, root: Path, python: str) -> None:
        """Copy from `context` (the build context); `python` is the base image's interpreter."""
        self.context, self.root, self.python = context, root, python
        self.built = root.with_name(f"{root.name}-builder")
        self.workdir = root
        self.environment: dict[str, str] = {}

    def build(self, instructions: list[Instruction]) -> None:
        """Carry out every stage; AssertionError with its output when a RUN fails."""
        self.root.mkdir(parents=True)
        steps = {"COPY": self._copy, "ENV": self._env, "RUN": self._run, "VOLUME": self._make, "WORKDIR": self._workdir}
        stage = 0
        for each in instructions:
            if each.stage != stage:
                self.root.rename(self.built)
                self.root.mkdir()
                stage = each.stage
            if each.name in steps:
                steps[each.name](each)

    def translated(self, words: list[str]) -> list[str]:
        """Give a command with the image's places replaced by those under `root`."""
        line = [re.sub(r"(?<![\w.])/(?=(opt|srv|data)\b)", f"{self.root}/", word) for word in words]
        return [self.python, *line[1:]] if line[0] == "python" else line

    def _run(self, each: Instruction) -> None:
        if each.words[0] == "useradd":
            return
        done = subprocess.run(
            self.translated(each.words), cwd=self.workdir, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, f"RUN {each.text}\n{done.stdout}{done.stderr}"

    def _copy(self, each: Instruction) -> None:
        *sources, target = [word for word in each.words if not word.startswith("--")]
        for name in sources:
            source = self.built / name.lstrip("/") if "--from=" in each.text else self.context / name
            place = self.root / target.lstrip("/") if target.startswith("/") else self.workdir / target
            if source.is_dir():
                shutil.copytree(source, place, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, place)

    def _env(self, each: Instruction) -> None:
        key, _, value = each.text.partition("=")
        path = os.environ["PATH"]
        self.environment[key] = self.translated([value])[0].replace("$PATH", path)

    def _make(self, each: Instruction) -> None:
        folder = self.root / each.text.lstrip("/")
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, OTHER_USER)

    def _workdir(self, each: Instruction) -> None:
        self.workdir = self.root / each.text.lstrip("/")
        self.workdir.mkdir(parents=True, exist_ok=True)


def unprivileged(command: list[str]) -> list[str]:
    """Give the command as somebody who is not root would run it."""
    return ["runuser", "-u", OTHER_USER, "--", *command] if os.geteuid() == 0 else command


def interpreter() -> str:
    """Find a Python that somebody who is not root may run; root's own often lies in root's home."""
    base = str(getattr(sys, "_base_executable", sys.executable))
    question = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
    for candidate in (base, "/usr/local/bin/python3", "/usr/bin/python3"):
        asked = unprivileged([candidate, "-c", question])
        if (
            Path(candidate).exists()
            and subprocess.run(asked, cwd="/", capture_output=True, check=False).returncode == 0
        ):
            return candidate
    raise AssertionError("No Python 3.11 that somebody other than root may run; on Debian: python3-venv.")

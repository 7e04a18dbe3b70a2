"""Reads a case: scenes with decisions; every scene can be reached, every path can end."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.catalogue.bodies import Case, Choice, Scene
from app.catalogue.kinds.part import (
    Asked,
    Faults,
    Part,
    Pictures,
    bare_length,
    figure_uses,
    reading_seconds,
    shown,
    squeezed,
)
from app.catalogue.kinds.paths import reachable, shortest
from app.catalogue.schema import Words
from app.catalogue.shapes import FileError
from app.catalogue.toml import Lines, Strict, read_toml

SCENES, CHOICES, TEXT, OUTCOME, WHOLE = (4, 8), (2, 4), (150, 400), (60, 200), (800, 3000)
"""How many scenes and choices; how long a scene, an outcome and all scenes' texts are, without white space."""
PUBLISHED = {"S", "P"}
"""Grades of facts on which a case that really happened may rest."""
SceneId = Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9-]*\z", max_length=40)]


class ChoiceTable(Strict):
    """One [[scene.choice]]."""

    text: Words
    outcome: Words
    right: bool = False
    to: SceneId


class SceneTable(Strict):
    """One [[scene]]."""

    id: SceneId
    text: Annotated[str, Field(max_length=3000)]
    figure: Words | None = None
    alt: Words | None = None
    choice: list[ChoiceTable] = Field(default_factory=list)


class CaseFile(Strict):
    """case.toml."""

    title: Annotated[Words, Field(max_length=60)]
    fictional: bool
    source: Words | None = None
    scene: Annotated[list[SceneTable], Field(min_length=1)]


def read_case(file: str, asked: Asked) -> tuple[Part | None, list[FileError]]:
    """Read case.toml."""
    read, lines, errors = read_toml(file, asked.files[file], CaseFile)
    if read is None:
        return None, errors
    faults, scenes = Faults(file, lines), read.scene
    _origin_faults(faults, read, asked)
    faults.count(("scene",), len(scenes), SCENES, "scenes")
    for index, scene in enumerate(scenes):
        _scene_faults(faults, index, scene)
    _path_faults(faults, scenes)
    characters, (low, high) = sum(bare_length(scene.text) for scene in scenes), WHOLE
    if not low <= characters <= high:
        faults.add((), "length", f"The scenes have {characters} characters; from {low} to {high} are wanted")
    uses = (figure_uses(s.figure, s.alt, lines.of("scene", n, "figure")) for n, s in enumerate(scenes))
    part = Part(
        characters=characters,
        needed_seconds=reading_seconds(shortest(_steps(scenes)) or characters),
        build=lambda pictures: ("", _case(read, pictures)),
        uses=tuple(use for one in uses for use in one),
        paragraphs=tuple(_paragraphs(lines, scenes)),
        cases=(lines.of("title"),),
    )
    return part, faults.found


def _origin_faults(faults: Faults, read: CaseFile, asked: Asked) -> None:
    if read.fictional and read.source:
        faults.add(("source",), "source", "An invented case has no source")
    if not read.fictional and not read.source:
        faults.add(("fictional",), "source", "A case that really happened names its source")
    if not read.fictional and not any(fact.grade in PUBLISHED for fact in asked.facts):
        faults.add(
            ("fictional",), "source", "A case that really happened rests on a fact of a published report (S or P)"
        )


def _scene_faults(faults: Faults, index: int, scene: SceneTable) -> None:
    faults.length(("scene", index, "text"), scene.text, TEXT)
    faults.figure(("scene", index), scene.figure, scene.alt)
    if not scene.choice:
        return
    faults.count(("scene", index, "choice"), len(scene.choice), CHOICES, "choices")
    if not any(choice.right for choice in scene.choice):
        faults.add(("scene", index, "id"), "no_right", f"No choice of {scene.id} is right")
    for place, choice in enumerate(scene.choice):
        path = ("scene", index, "choice", place)
        faults.length((*path, "outcome"), choice.outcome, OUTCOME)
        faults.length((*path, "text"), choice.text, (1, 60))


def _path_faults(faults: Faults, scenes: list[SceneTable]) -> None:
    """Refuse ids that stand twice, choices that lead nowhere, scenes out of reach, and paths that never end."""
    places: dict[str, int] = {}
    for index, scene in enumerate(scenes):
        if places.setdefault(scene.id, index) != index:
            faults.add(("scene", index, "id"), "scene_repeated", f"The scene {scene.id} stands twice")
    for index, scene in enumerate(scenes):
        for place, choice in enumerate(scene.choice):
            if choice.to not in places:
                faults.add(("scene", index, "choice", place, "to"), "unknown_scene", f"There is no scene {choice.to}")
    if all(scene.choice for scene in scenes):
        faults.add(("scene",), "no_ending", "No scene is an ending: one without choices is wanted")
        return
    leads = {scene.id: tuple(choice.to for choice in scene.choice) for scene in scenes}
    met = reachable(leads, scenes[0].id)
    endings = {id for id, to in leads.items() if not to}
    for id in sorted(set(leads) - met, key=places.__getitem__):
        faults.add(("scene", places[id], "id"), "unreachable", f"No choice leads to the scene {id}")
    for id in sorted(met & set(leads), key=places.__getitem__):
        if not reachable(leads, id) & endings:
            faults.add(("scene", places[id], "id"), "endless", f"From the scene {id} no ending can be reached")


def _steps(scenes: list[SceneTable]) -> dict[str, dict[str, int]]:
    """Give the characters read from each scene to each that follows; an ending leads to nothing ('')."""
    steps: dict[str, dict[str, int]] = {}
    for scene in scenes:
        read = bare_length(scene.text, *(choice.text for choice in scene.choice))
        ways = steps.setdefault(scene.id, {} if scene.choice else {"": read})
        for choice in scene.choice:
            ways[choice.to] = min(ways.get(choice.to, 1 << 30), read + bare_length(choice.outcome))
    return steps


def _paragraphs(lines: Lines, scenes: list[SceneTable]) -> list[tuple[int, str]]:
    said = [(lines.of("scene", n, "text"), text) for n, scene in enumerate(scenes) for text in _split(scene.text)]
    for n, scene in enumerate(scenes):
        said += [(lines.of("scene", n, "choice", m, "outcome"), c.outcome) for m, c in enumerate(scene.choice)]
    return [(line, squeezed(text)) for line, text in said]


def _split(text: str) -> tuple[str, ...]:
    parts = ("".join(line.strip() for line in part.splitlines()) for part in text.split("\n\n"))
    return tuple(part for part in parts if part)


def _case(read: CaseFile, pictures: Pictures) -> Case:
    scenes = tuple(
        Scene(
            table.id,
            _split(table.text),
            shown(table.figure, table.alt, pictures),
            tuple(Choice(choice.text, choice.outcome, choice.right, choice.to) for choice in table.choice),
        )
        for table in read.scene
    )
    return Case(read.title, read.fictional, read.source or "", scenes)

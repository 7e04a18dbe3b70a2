"""What a module holds besides a page's HTML: slides, a case, a checklist, a quiz, media; and its rules. Frozen, pure.

A version stored before there were kinds has none of these keys: its modules are pages with the default rules. What has
its default is left out of the JSON (`packed`), so that a course of pages keeps the content hash that it always had.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

ModuleKind = Literal["page", "slides", "case", "checklist", "quiz", "video", "audio", "download"]
KINDS: tuple[ModuleKind, ...] = get_args(ModuleKind)
PAGE: ModuleKind = "page"


@dataclass(frozen=True)
class Rules:
    """How a module may be gone through. `dwell_seconds` may lengthen the least time, never shorten it."""

    skip_forward: bool = False
    speed_max: float = 1.0
    dwell_seconds: int | None = None


DEFAULT_RULES = Rules()


@dataclass(frozen=True)
class Shown:
    """A figure as it stands in a module: its address, what it shows in words, its size in pixels."""

    src: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Slide:
    """One thought on one screen; `text` is its caption, which can be read out."""

    title: str
    text: str
    picture: Shown | None


@dataclass(frozen=True)
class Slides:
    """A series of slides."""

    slides: tuple[Slide, ...]


@dataclass(frozen=True)
class Choice:
    """A decision in a scene, what comes of it, and the scene that follows. `right`: what a trained person does."""

    text: str
    outcome: str
    right: bool
    to: str


@dataclass(frozen=True)
class Scene:
    """A step of a case, its text by paragraphs; without choices it is an ending."""

    id: str
    text: tuple[str, ...]
    picture: Shown | None
    choices: tuple[Choice, ...]

    @property
    def ending(self) -> bool:
        """Say whether the case ends here."""
        return not self.choices


@dataclass(frozen=True)
class Case:
    """A story in which the learner decides; the first scene is its start. `source` when it really happened."""

    title: str
    fictional: bool
    source: str
    scenes: tuple[Scene, ...]

    def scene(self, id: str) -> Scene | None:
        """Find a scene."""
        return next((scene for scene in self.scenes if scene.id == id), None)


@dataclass(frozen=True)
class Point:
    """Something to tick at work, and why."""

    text: str
    why: str


@dataclass(frozen=True)
class Checklist:
    """Points to tick."""

    intro: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Quiz:
    """A checkpoint: ids of items of the course's own bank, and how many must be right to pass."""

    items: tuple[str, ...]
    right_needed: int


@dataclass(frozen=True)
class Stored:
    """A file kept by its content: first 32 hex digits of its SHA-256, its name for people, media type, bytes."""

    digest: str
    name: str
    type: str
    size: int

    @property
    def src(self) -> str:
        """Give its address, under which it never changes."""
        return f"/media/{self.digest}/{self.name}"


@dataclass(frozen=True)
class Media:
    """A film, a recording (`seconds` long) or a file to take along. `poster` is the address of a still picture."""

    file: Stored
    seconds: int
    captions: Stored | None
    poster: str
    still: Stored | None = None
    """The poster, when it is a photograph and not a drawing."""

    @property
    def files(self) -> tuple[Stored, ...]:
        """Give the files that the store must hold."""
        return tuple(file for file in (self.file, self.captions, self.still) if file is not None)


Body = Slides | Case | Checklist | Quiz | Media


def packed(module: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a module's JSON what has its default."""
    defaults = {"kind": PAGE, "body": None, "rules": asdict(DEFAULT_RULES)}
    return {key: value for key, value in module.items() if key not in defaults or value != defaults[key]}


def unpacked(module: dict[str, Any]) -> dict[str, Any]:
    """Give a module's JSON its kind, body and rules as values; what is absent has its default."""
    kind, body = module.get("kind", PAGE), module.get("body")
    return {**module, "kind": kind, "body": body and _body(kind, body), "rules": Rules(**module.get("rules", {}))}


def _body(kind: ModuleKind, body: dict[str, Any]) -> Body:
    match kind:
        case "slides":
            return Slides(tuple(Slide(**_pictured(slide)) for slide in body["slides"]))
        case "case":
            return Case(**{**body, "scenes": tuple(_scene(scene) for scene in body["scenes"])})
        case "checklist":
            return Checklist(body["intro"], tuple(Point(**point) for point in body["points"]))
        case "quiz":
            return Quiz(tuple(body["items"]), body["right_needed"])
        case _:
            file, captions, still = (_stored(body[key]) for key in ("file", "captions", "still"))
            return Media(file, body["seconds"], captions, body["poster"], still)


def _scene(body: dict[str, Any]) -> Scene:
    choices = tuple(Choice(**choice) for choice in body["choices"])
    return Scene(**{**_pictured(body), "text": tuple(body["text"]), "choices": choices})


def _stored(body: Any) -> Any:  # noqa: ANN401 - a file where there is one
    return Stored(**body) if body else None


def _pictured(body: dict[str, Any]) -> dict[str, Any]:
    picture = body["picture"]
    return {**body, "picture": Shown(**picture) if picture else None}

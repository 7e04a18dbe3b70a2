"""What a course is made of: frozen values, with their JSON form as stored in a course version."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Literal

from app.catalogue.bodies import DEFAULT_RULES, PAGE, Body, ModuleKind, Rules, packed, unpacked
from app.catalogue.item import Item, ItemKind, item_from_json, item_to_json

Category = Literal["policy", "prevention", "warning"]

CATEGORIES: tuple[Category, ...] = ("policy", "prevention", "warning")
"""The three compulsory categories: 政策法规, 事故防范, 警示教育 (the plans' text on required content)."""


@dataclass(frozen=True)
class FileError:
    """What is wrong in a content file: `file` relative to what was parsed, `line` from 1 or None for the whole file."""

    file: str
    line: int | None
    code: str
    message: str

    def __str__(self) -> str:
        """Give it as `file:line: message [code]`, the form that editors jump to."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message} [{self.code}]"


@dataclass(frozen=True)
class Fact:
    """One fact of the fact bank: grade S (read in the law), P (a named public page) or G (general, unverified)."""

    id: str
    grade: Literal["S", "P", "G"]
    text: str
    source: str


@dataclass(frozen=True)
class Figure:
    """An SVG picture of a module, checked to be inert."""

    name: str
    svg: str

    @property
    def digest(self) -> str:
        """Give the content hash that stands in its address, so that it can be cached for ever."""
        return figure_digest(self.svg)


@dataclass(frozen=True)
class Module:
    """A module: a page's sanitised HTML, or the body of another kind, and the least seconds that it needs.

    A film's or file's HTML is its transcript. `characters`: its text, without markup and white space.
    """

    slug: str
    title: str
    category: Category
    html: str
    characters: int
    needed_seconds: int
    facts: tuple[str, ...]
    figures: tuple[Figure, ...]
    kind: ModuleKind = PAGE
    body: Body | None = None
    rules: Rules = DEFAULT_RULES


@dataclass(frozen=True)
class Draw:
    """So many items of one kind, of one topic or of any."""

    kind: ItemKind
    count: int
    topic: str | None


@dataclass(frozen=True)
class Paper:
    """An exam's blueprint; pass mark out of 100; `attempts` until a pause of `cool_down_hours`."""

    code: str
    title: str
    minutes: int
    pass_mark: int
    attempts: int
    cool_down_hours: int
    draws: tuple[Draw, ...]


@dataclass(frozen=True)
class Course:
    """A whole course as its files say it. `hours` are credit hours of 45 minutes."""

    code: str
    title: str
    title_en: str
    summary: str
    categories: tuple[Category, ...]
    hours: float
    valid_months: int | None
    current_from: date
    change: Literal["editorial", "retake"]
    retake_from: date | None
    note: str
    topics: dict[str, str]
    modules: tuple[Module, ...]
    items: tuple[Item, ...]
    papers: tuple[Paper, ...]


def figure_digest(svg: str) -> str:
    """Give the first 16 hex digits of a figure's SHA-256."""
    return hashlib.sha256(svg.encode()).hexdigest()[:16]


def to_json(course: Course) -> dict[str, Any]:
    """Give a course as a JSON value; `from_json` undoes it."""
    body = asdict(replace(course, items=()))
    body["modules"] = tuple(packed(module) for module in body["modules"])
    body["items"] = tuple(item_to_json(item) for item in course.items)
    body["current_from"] = course.current_from.isoformat()
    body["retake_from"] = course.retake_from and course.retake_from.isoformat()
    return body


def from_json(body: dict[str, Any]) -> Course:
    """Rebuild a course from `to_json`'s value, also after a round trip through text."""
    retake_from = body["retake_from"]
    return Course(
        **{
            **body,
            "categories": tuple(body["categories"]),
            "current_from": date.fromisoformat(body["current_from"]),
            "retake_from": retake_from and date.fromisoformat(retake_from),
            "modules": tuple(_module(m) for m in body["modules"]),
            "items": tuple(item_from_json(i) for i in body["items"]),
            "papers": tuple(_paper(p) for p in body["papers"]),
        }
    )


def _module(body: dict[str, Any]) -> Module:
    figures = tuple(Figure(**f) for f in body["figures"])
    return Module(**{**unpacked(body), "facts": tuple(body["facts"]), "figures": figures})


def _paper(body: dict[str, Any]) -> Paper:
    return Paper(**{**body, "draws": tuple(Draw(**d) for d in body["draws"])})


def content_hash(course: Course) -> str:
    """Give the SHA-256 (hex) of everything a course says; equal courses have equal hashes."""
    text = json.dumps(to_json(course), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()

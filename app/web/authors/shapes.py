"""What the authors' templates are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.comparing import Part
from app.catalogue.item import Item
from app.catalogue.queries import VersionRow
from app.catalogue.review_queries import ApprovalRow, CommentRow, ProposalRow
from app.catalogue.shapes import Course, Fact, Module


@dataclass(frozen=True)
class ShelfPage:
    """What waits, what is taught, what was decided on."""

    waiting: tuple[ProposalRow, ...]
    taught: tuple[VersionRow, ...]
    approvals: Mapping[int, ApprovalRow]
    decided: Sequence[ProposalRow]
    next: str | None
    first: bool
    error: str = ""
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProposalPage:
    """A proposal: what it changes, what was said of it, and its parts to read."""

    row: ProposalRow
    course: Course
    base: Course | None
    parts: tuple[Part, ...]
    comments: tuple[CommentRow, ...]
    holders: int
    error: str = ""

    @property
    def open(self) -> bool:
        """Say whether it waits for a decision."""
        return self.row.state == "open"

    def said(self, kind: str, place: str = "") -> list[CommentRow]:
        """Give the remarks on a part."""
        return [comment for comment in self.comments if (comment.kind, comment.place) == (kind, place)]

    def changed(self, kind: str, key: str) -> Part | None:
        """Give what changed in a part; None when nothing did."""
        return next((part for part in self.parts if (part.kind, part.key) == (kind, key)), None)


@dataclass(frozen=True)
class ReadPage:
    """A module of a proposal to read, the facts that it teaches, and its place among the others (from 1)."""

    whole: ProposalPage
    module: Module
    place: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class ItemsPage:
    """The items of a proposal, of one topic or of all, with their keys and facts."""

    whole: ProposalPage
    topic: str
    items: tuple[Item, ...]
    facts: Mapping[str, Fact]


@dataclass(frozen=True)
class VersionLine:
    """A version that is or was taught, who answers for it, and what it changed against the one before."""

    row: VersionRow
    approval: ApprovalRow | None
    note: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class VersionsPage:
    """A course's versions, the newest first."""

    code: str
    title: str
    lines: tuple[VersionLine, ...]

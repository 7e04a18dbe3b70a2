"""Who is counted in an enterprise's figures on a day, as known then: everybody required, covered, waived or missing.

The roster says who holds which post, as it stands now; this is the list behind the figures, and as long as they say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from app.access.scope import Viewer
from app.coverage.queries.answers import Figures, plus
from app.coverage.queries.judging import PostStanding
from app.coverage.queries.posts import PostFilter, every_post, posts_page
from app.ops.db import Session
from app.reports import enterprise as report
from app.reports.coverage import REASON_WORDS
from app.reports.exports import Cells, Table, Text
from app.reports.people import HELD_WORDS
from app.web.enterprise.asked import Ask, Subject, SubjectPage
from app.web.enterprise.exports import heading
from app.web.enterprise.understanding import understood
from app.web.held import wanted
from app.web.paged import Shown, place_of


@dataclass(frozen=True)
class CountedLine:
    """Somebody in a required post: covered, waived or a reason; `done` of `courses` are held, the last on `last_on`."""

    person_id: int
    name: str
    masked_id: str
    post: str
    standing: str
    since: date
    done: int
    courses: int
    last_on: date | None


@dataclass(frozen=True)
class Counts:
    """How many are required in the posts asked about, and into which parts they fall."""

    required: int
    covered: int
    waived: int

    @property
    def missing(self) -> int:
        """Give how many are not covered."""
        return self.required - self.covered

    def of(self, held: str) -> int:
        """Give how many are "missing", "covered" or "waived"; of '' all required."""
        return {"missing": self.missing, "covered": self.covered, "waived": self.waived}.get(held, self.required)


@dataclass(frozen=True)
class CountedPage(SubjectPage):
    """Who is counted: all required, or those `held` ("covered", "waived", "missing"), in one post or in all."""

    held: str
    counts: Counts
    rows: tuple[CountedLine, ...]
    shown: Shown


def counted_page(viewer: Viewer, session: Session, ask: Ask, held: str, now: datetime, today: date) -> CountedPage:
    """Fill the page; Problem 404 out of reach, 422 for what cannot be read."""
    subject, place = understood(viewer, session, ask, today, now), place_of(ask.after)
    only, counts = _only(ask, held), _counts(subject)
    found = posts_page(viewer.scope, session, subject.one.question, only, after=place.key or None)
    lines = tuple(_line(subject, row) for row in found.rows)
    return CountedPage(viewer, subject, held, counts, lines, place.shown(len(lines), found.after, counts.of(held)))


def counted_table(
    viewer: Viewer, session: Session, ask: Ask, held: str, now: datetime, today: date, _: Text
) -> tuple[Table]:
    """Give all rows as a table for export."""
    subject = understood(viewer, session, ask, today, now)
    rows = every_post(viewer.scope, session, subject.one.question, _only(ask, held))
    return (report.counted_table(_cells(subject, rows, _), heading(subject, now), _),)


def _only(ask: Ask, held: str) -> PostFilter:
    return PostFilter(wanted(held), ask.post or None)


def _counts(subject: Subject) -> Counts:
    post = subject.ask.post
    figures: Figures = plus(row.figures for row in subject.one.posts if post in ("", row.key))
    return Counts(figures.required, figures.covered, figures.waived)


def _line(subject: Subject, row: PostStanding) -> CountedLine:
    done = row.completed_on
    return CountedLine(
        person_id=row.person_id,
        name=row.name,
        masked_id=row.resident_id_masked,
        post=subject.posts.get(row.post, row.post),
        standing=row.standing,
        since=row.since,
        done=len(done),
        courses=len(row.courses),
        last_on=max(done, default=None),
    )


def _cells(subject: Subject, rows: Iterator[PostStanding], _: Text) -> Iterator[Cells]:
    words = {code: _(word) for code, word in (HELD_WORDS | REASON_WORDS).items()}
    for line in (_line(subject, row) for row in rows):
        standing = words[line.standing]
        yield (line.name, line.masked_id, line.post, standing, line.since, line.done, line.courses, line.last_on)

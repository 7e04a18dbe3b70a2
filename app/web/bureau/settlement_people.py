"""Fills the list of who is behind a settlement's difference at one enterprise, or behind what one posting changed."""

from collections.abc import Iterator
from datetime import datetime

from app.access.scope import Viewer
from app.coverage.ledger import total
from app.coverage.queries import settlements
from app.coverage.queries.differing import ChangedPost, changed_posts, sides
from app.coverage.queries.since import since
from app.kit.dates import day_of
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.plans import queries as plans
from app.reports.coverage import REASON_WORDS
from app.reports.exports import Cell, Text
from app.reports.people import COVERED, WAIVED
from app.web.bureau.settled_links import rows_of
from app.web.bureau.settlement_shapes import WhoLine, WhoPage

WORDS = REASON_WORDS | {"covered": COVERED, "waived": WAIVED, "": N_("Not required")}


def who_page(
    viewer: Viewer, session: Session, number: int, enterprise_id: int, posting: int | None, now: datetime
) -> WhoPage:
    """Fill the page; Problem 404 for a settlement or an enterprise out of reach, 403 without personal data."""
    settled, today = settlements.settlement(viewer.scope, session, number), day_of(now)
    enterprise = organisations.enterprise(viewer.scope, session, enterprise_id)
    asked = since(viewer.scope, session, settled, today, now)
    compared = sides(session, asked, posting)
    found = changed_posts(viewer.scope, session, asked, compared, enterprise.uscc, today, now)
    names = plans.post_names(session) | dict(asked.question.plan.post_names)
    return WhoPage(
        settled=settled,
        enterprise_id=enterprise_id,
        enterprise=enterprise.name,
        posting=posting,
        before=rows_of(viewer, settled, known_at=compared.before),
        after=rows_of(viewer, settled, known_at=compared.after),
        change=total(one.change for one in found),
        lines=tuple(_line(one, names) for one in found),
        now=now,
    )


def _line(one: ChangedPost, names: dict[str, str]) -> WhoLine:
    post = one.post
    before, after = (side.standing if side else "" for side in (one.before, one.after))
    return WhoLine(post.person_id, post.name, names.get(post.post, post.post), before, after, one.change)


def who_cells(page: WhoPage, _: Text) -> Iterator[tuple[Cell, ...]]:
    """Give the lines for export: name, post, before, after, change of required, covered and waived."""
    for line in page.lines:
        yield (line.name, line.post, _(WORDS[line.before]), _(WORDS[line.after]), *line.change)

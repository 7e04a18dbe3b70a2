"""The export of a draft plan's comparison: by region, post, industry and course, and every enterprise that changes."""

from collections.abc import Iterator
from datetime import datetime

from app.access.scope import Viewer
from app.coverage.queries import drafts as results
from app.coverage.queries.drafts import EnterpriseLine
from app.coverage.queries.runs import RunRow
from app.kit import paging
from app.kit.errors import not_found
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import regions
from app.reports import drafts as report
from app.reports.coverage import plan_title
from app.reports.exports import Table, Text
from app.web.bureau import draft_findings as findings
from app.web.bureau import draft_pages
from app.web.bureau.draft_shapes import DraftPage

AT_ONCE = 2000
"""Enterprises that are read at a time."""
TITLE = N_("Draft plan")


def export_name(
    viewer: Viewer, session: Session, draft_id: int, run_id: int | None, region: str, now: datetime, _: Text
) -> str:
    """Name the file of a comparison; Problem 404 while nothing was compared."""
    page = draft_pages.enterprises_page(viewer, session, draft_id, run_id, region, "", now)
    return f"{_(TITLE)} {page.draft.plan.short_name} {page.region_name} {page.run.on}"


def export_tables(
    viewer: Viewer, session: Session, draft_id: int, run_id: int | None, region: str, now: datetime, _: Text
) -> Iterator[Table]:
    """Give the tables of a comparison; Problem 404 while nothing was compared."""
    page = draft_pages.draft_page(viewer, session, draft_id, run_id, region, now)
    found, run = page.found, page.run
    if found is None or run is None:
        raise not_found()
    draft, base = page.draft.plan, page.base
    names = plan_title(draft.name, draft.provisional, _), plan_title(base.name, base.provisional, _) if base else ""
    heading = report.Heading(*names, page.region_name, run.on, run.as_of)
    own = _("Directly under %(region)s", region=page.region_name)
    splits = (
        (_("By region"), _("Region"), found.places),
        (_("By post"), _("Post"), found.posts),
        (_("By industry"), _("Key industry"), found.industries),
    )
    parts = [
        report.Part(name, title, tuple((own if p.own else p.name, p.pair) for p in lines))
        for name, title, lines in splits
    ]
    courses = found.courses if page.region == run.region else ()
    return report.tables(heading, found.whole, parts, courses, _every(session, page, run), _)


def _every(session: Session, page: DraftPage, run: RunRow) -> Iterator[EnterpriseLine]:
    tree, industries = regions.tree(session), draft_pages.industries_of(session, page.draft)
    here = tree.within(page.region)
    lines = paging.every(lambda after: results.enterprises(session, run.id, here, after, AT_ONCE))
    return (findings.with_names(line, industries, tree) for line in lines)

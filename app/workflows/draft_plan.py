"""What if: takes a draft plan in, lets it be compared with the plan known now for a region on a day, puts it away.

A draft counts nowhere. Who publishes one: publish_plan. Who does the counting: draft_work.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from app.access.scope import Viewer
from app.catalogue import queries as catalogue
from app.coverage import draft_runs
from app.coverage.draft_runs import QueueRun
from app.coverage.queries import runs as reads
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.errors import Problem, not_found
from app.kit.scope import Scope
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.organisations import regions
from app.plans import drafts, queries
from app.plans.drafts import DraftRow, KeepDraft
from app.plans.faults import PlanError
from app.plans.parse import parse_plan
from app.plans.queries import Plan

MOST_BYTES: Final = 64 * 1024
"""A plan is a page or two of text."""
COPY: Final = re.compile(r"(?:\s*[(（]\d+[)）]|\s*[-–]?\s*副本|\s+-\s+Copy)+$")
LAST_DAY: Final = date(2100, 12, 31)
KEPT_RUNS: Final = 5
"""Of how many comparisons of a draft the findings are kept."""


@dataclass(frozen=True)
class UploadDraft:
    """A plan file. `code` is the plan that it changes, '' for the one that the file is named after, which may be new.

    base: the plan that a new one is compared with, '' for none. region: whose figures; on: of which day, or the usual.
    """

    file_name: str
    data: bytes
    region: str
    code: str = ""
    base: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Uploaded:
    """The draft's id; or, where there is none, everything that is wrong with the file."""

    draft_id: int | None
    errors: tuple[PlanError, ...] = ()


def upload(database: Database, viewer: Viewer, command: UploadDraft, by: Actor, now: datetime, today: date) -> Uploaded:
    """Keep a plan file as a draft and queue its first comparison.

    Problem 422 when the file is too large or the day is out of bounds, 404 for a region out of reach.
    """
    with database.reading() as session:
        plan, errors = read(session, named(command.file_name, command.code), command.data)
        base = None if plan is None else base_of(session, plan, command.base)
        if not viewer.scope.reaches_region(command.region) or command.region not in regions.tree(session).rows:
            raise not_found()
    if plan is None:
        return Uploaded(None, errors)
    on = _checked_day(command.on or usual_day(plan, today))
    kept = KeepDraft(plan, base.id if base else None, command.file_name[-200:], command.region, by.account_id, by.name)
    with database.session() as session:
        draft_id = drafts.keep(session, kept, now)
        draft_runs.queue(session, QueueRun(draft_id, "compare", command.region, on, by.account_id, by.name), now)
        identity.audit(session, by, "draft.upload", "draft", draft_id, now, {"plan": plan.code})
    return Uploaded(draft_id)


def named(file_name: str, code: str) -> str:
    """Give the name under which a file is read: that of the plan it changes, else its own, less the marks of a copy.

    A browser that already has the file names the next one "plan (1).toml", Windows a copy "plan - 副本.toml".
    """
    own = file_name.replace("\\", "/").rpartition("/")[2]
    return f"{code}.toml" if code else COPY.sub("", own.removesuffix(".toml")) + ".toml"


def read(session: Session, file_name: str, data: bytes) -> tuple[Plan | None, tuple[PlanError, ...]]:
    """Read a plan file against the posts, courses and regions that are known; all errors at once. Its id is its plan's.

    Problem 422 when it is too large to be one.
    """
    if len(data) > MOST_BYTES:
        message = N_("A plan file has at most %(kb)s kB. Is this the right file?")
        raise Problem(422, "draft_size", message, {"kb": MOST_BYTES // 1024})
    versions = catalogue.listing(session)
    categories = {row.course_code: catalogue.version(session, row.id).course.categories for row in versions}
    known = regions.tree(session).rows
    plan, errors = parse_plan(file_name, data, queries.posts(session), categories, known)
    own = next((p.id for p in queries.plans(session) if plan and p.code == plan.code), 0)
    return plan and replace(plan, id=own), errors


def base_of(
    session: Session, plan: Plan, chosen: str = "", chosen_id: int | None = None, known_at: datetime | None = None
) -> Plan | None:
    """Give the plan that a draft is compared with: the one of its own code, else the one chosen; None: nothing.

    As known now, or at an instant: once a draft is published, what it superseded is what was known just before.
    """
    known = queries.plans(session, known_at)
    own = next((p for p in known if p.code == plan.code), None)
    return own or next((p for p in known if p.code == chosen or p.id == chosen_id), None)


def usual_day(plan: Plan, today: date) -> date:
    """Give the day that a draft is looked at on: today, within the plan."""
    return max(plan.starts_on, min(today, plan.deadline))


def _checked_day(on: date) -> date:
    if on > LAST_DAY:
        raise Problem(422, "on", N_("Write the day as 2025-12-31."))
    return on


def compare_again(
    session: Session, scope: Scope, draft_id: int, region: str, on: date, by: Actor, now: datetime
) -> int:
    """Queue a comparison and give its run; one of this draft that is not done yet is given instead."""
    draft = open_draft(scope, session, draft_id)
    if not scope.reaches_region(region) or region not in regions.tree(session).rows:
        raise not_found()
    under_way = [run for run in reads.runs(scope, session, draft.id) if run.unfinished]
    if under_way:
        return under_way[0].id
    identity.audit(session, by, "draft.compare", "draft", draft.id, now, {"region": region})
    asked = QueueRun(draft.id, "compare", region, _checked_day(on), by.account_id, by.name)
    return draft_runs.queue(session, asked, now)


def discard(session: Session, scope: Scope, draft_id: int, by: Actor, now: datetime) -> None:
    """Put a draft away; Problem 409 when it is not open, or being published."""
    open_draft(scope, session, draft_id)
    drafts.discard(session, draft_id, by.name, now)
    identity.audit(session, by, "draft.discard", "draft", draft_id, now)


def open_draft(scope: Scope, session: Session, draft_id: int) -> DraftRow:
    """Find a draft in reach that can still be acted on; Problem 404 or 409 otherwise."""
    draft = drafts.find(scope, session, draft_id)
    publishing = [r for r in reads.runs(scope, session, draft_id) if r.kind == "publish" and r.unfinished]
    if draft.state != "open" or publishing:
        raise Problem(409, "draft_closed", N_("This draft was published or discarded already."))
    return draft

"""Compares a draft plan at once, in the process that asks: what the command line does, where the web queues it.

The comparison is recorded like any other, so the draft can be published afterwards, here or on the web.
"""

from datetime import date, datetime

from app.coverage import draft_runs
from app.coverage.draft_runs import Claimed, QueueRun
from app.coverage.queries import runs as reads
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.errors import Problem
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.db import Database, Session
from app.ops.i18n import N_
from app.plans import drafts
from app.plans.drafts import KeepDraft
from app.plans.queries import Plan
from app.workflows import draft_work
from app.workflows.draft_plan import open_draft
from app.workflows.draft_work import Clock, Watch


def kept(session: Session, plan: Plan, base: Plan | None, file_name: str, by: Actor, now: datetime) -> int:
    """Keep a plan that was read from a file as a draft, and give its id; an open draft that says the same is given."""
    there = drafts.saying(session, plan)
    if there is not None:
        return there
    draft = KeepDraft(plan, base.id if base else None, file_name[-200:], plan.regions[0], by.account_id, by.name)
    draft_id = drafts.keep(session, draft, now)
    identity.audit(session, by, "draft.upload", "draft", draft_id, now, {"plan": plan.code})
    return draft_id


def compare(
    database: Database, draft_id: int, place: tuple[str, date], by: Actor, watch: Watch, tick: Clock = clock.now
) -> datetime | None:
    """Compare a draft for a region on a day, and give the recorded time of the facts that were read.

    Problem 404 for no such draft, 409 for one that is closed or being compared just now, 500 when it broke off.
    """
    with database.session() as session:
        run = _begun(session, draft_id, place, by, tick())
    draft_work.perform(database, run, tick, watch=watch)
    with database.reading() as session:
        done = reads.run(SYSTEM, session, run.id)
    if done.state != "done":
        message = N_("The comparison broke off: %(error)s. The log says where.")
        raise Problem(500, "comparison_failed", message, {"error": done.error})
    return done.as_of


def _begun(session: Session, draft_id: int, place: tuple[str, date], by: Actor, now: datetime) -> Claimed:
    draft = open_draft(SYSTEM, session, draft_id)
    if any(run.unfinished for run in reads.runs(SYSTEM, session, draft.id)):
        message = N_("Draft %(draft)s is being compared just now. Wait until that is done.")
        raise Problem(409, "comparing", message, {"draft": draft.id})
    region, on = place
    identity.audit(session, by, "draft.compare", "draft", draft.id, now, {"region": region})
    asked = QueueRun(draft.id, "compare", region, on, by.account_id, by.name)
    return draft_runs.take_up(session, draft_runs.queue(session, asked, now), now)

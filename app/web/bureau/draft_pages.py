"""Fills the pages of draft plans: the list, the upload form, a draft beside the plan known now, its enterprises."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from app.access.scope import Viewer
from app.coverage.drafting import known_until
from app.coverage.queries import drafts as results
from app.coverage.queries import runs as reads
from app.coverage.queries.drafts import Pair
from app.coverage.queries.runs import RunRow
from app.kit.dates import day_of
from app.kit.errors import not_found
from app.ops.db import MICROSECOND, Session
from app.ops.i18n import N_
from app.organisations import regions
from app.organisations.regions import RegionTree
from app.plans import drafts, queries
from app.plans.drafts import DraftRow
from app.plans.faults import PlanError
from app.plans.queries import Plan
from app.reports.exports import Text
from app.web.bureau import draft_findings as findings
from app.web.bureau.asking import Choice
from app.web.bureau.draft_links import behind
from app.web.bureau.draft_places import choices, home, place_shown, way_to
from app.web.bureau.draft_shapes import (
    DraftEnterprisesPage,
    DraftLine,
    DraftPage,
    DraftsPage,
    Publishing,
    UploadPage,
    Wrong,
)
from app.workflows.draft_plan import MOST_BYTES, base_of, usual_day
from app.workflows.publish_plan import may_publish, past_of, stands

WRONGS = {
    "toml": N_("Not valid TOML"),
    "encoding": N_("Not UTF-8"),
    "unknown_key": N_("Unknown field"),
    "missing_key": N_("Field missing"),
    "bad_value": N_("Value not allowed"),
    "plan_code": N_("File name is no plan code"),
    "days": N_("Days contradict each other"),
    "unknown_post": N_("Unknown post"),
    "unknown_industry": N_("Unknown industry"),
    "unknown_course": N_("Unknown course"),
    "offline_course": N_("Course in person not among the courses"),
    "unknown_region": N_("Unknown region"),
    "code_repeated": N_("Stands twice"),
    "division_repeated": N_("Division in two industries"),
    "licence_repeated": N_("More than one industry by licence"),
    "compulsory_content": N_("Compulsory content missing"),
    "base_year": N_("Base year of an indicator"),
    "target": N_("Target of an indicator"),
}


def drafts_page(viewer: Viewer, session: Session, state: str, after: int | None) -> DraftsPage:
    """Fill the list."""
    listed = drafts.listing(viewer.scope, session, state, after)
    known, versions = {plan.code: plan.id for plan in queries.plans(session)}, drafts.versions_now(session)
    headlines = results.headlines(session, [draft.id for draft in listed.rows])
    tree = regions.tree(session)
    lines = []
    for draft in listed.rows:
        run, pair = headlines.get(draft.id, (None, Pair()))
        base = versions.get(known.get(draft.plan.code, draft.base_plan_id or 0))
        overtaken = run is not None and draft.state == "open" and run.base_version_id != base
        place = tree.name(run.region if run else draft.region)
        lines.append(DraftLine(draft, draft.plan.code not in known, place, run, pair, overtaken))
    fields = {"state": state, "after": listed.after or ""}
    more = urlencode({name: value for name, value in fields.items() if value}) if listed.after else ""
    return DraftsPage(tuple(lines), state, drafts.STATES, f"/drafts?{more}" if more else "")


def upload_page(
    viewer: Viewer, session: Session, given: Mapping[str, str], error: str = "", wrong: tuple[Wrong, ...] = ()
) -> UploadPage:
    """Fill the upload form, with what was given and what is wrong with it."""
    top = home(viewer)
    return UploadPage(
        plans=tuple(Choice(plan.code, plan.short_name) for plan in queries.plans(session)),
        places=tuple(choices(regions.tree(session), top)),
        code=given.get("code", ""),
        base=given.get("base", ""),
        region=given.get("region") or top,
        on=given.get("on", ""),
        file_name=given.get("file_name", ""),
        kilobytes=MOST_BYTES // 1024,
        error=error,
        wrong=wrong,
    )


def wrongs(errors: Iterable[PlanError], say: Text) -> tuple[Wrong, ...]:
    """Put the faults of a file in words, by line."""
    found = [Wrong(e.line or 0, say(WRONGS[e.code]), _told(e, say)) for e in errors]
    return tuple(sorted(found, key=lambda wrong: wrong.line))


def _told(error: PlanError, say: Text) -> str:
    details = {
        name: say(" · ").join(say(word) for word in value) if isinstance(value, tuple) else value
        for name, value in error.details.items()
    }
    return say(error.words, **details)


def draft_page(
    viewer: Viewer, session: Session, draft_id: int, run_id: int | None, region: str, now: datetime
) -> DraftPage:
    """Fill the page of a draft; Problem 404 for a run or region that is unknown or out of reach."""
    draft = drafts.find(viewer.scope, session, draft_id)
    base = _base(session, draft)
    current = base if base and base.code == draft.plan.code else None
    tree, today = regions.tree(session), day_of(now)
    runs = reads.runs(viewer.scope, session, draft.id)
    run = chosen(runs, run_id)
    place = place_shown(viewer, tree, run, region)
    version_id = drafts.version_now(session, base.id if base else None, _before(draft))
    against, known = drafts.version(session, run.base_version_id if run else None), known_until(session)
    beside = against.plan if against else None if run else base
    latest = next(iter(runs), None)
    return DraftPage(
        draft=draft,
        base=beside,
        against=against,
        new=current is None,
        changes=findings.differences(
            session, beside, draft.plan, tree, day_of(draft.closed_at or now), past=current is not None
        ),
        run=run,
        working=next((r for r in runs if r.unfinished), None),
        failed=latest if latest and latest.state == "failed" else None,
        region=place,
        region_name=tree.name(place),
        path=way_to(viewer, tree, run, place),
        found=findings.found(session, run, beside, draft.plan, tree, place) if run else None,
        facts_changed=bool(run and known and (run.as_of is None or run.as_of < known)),
        plan_changed=bool(run and run.base_version_id != version_id),
        asked=behind(viewer, session, tree, draft, run, place, now),
        publishing=_publishing(viewer, session, draft, current, tree, today, reads.compared(runs)),
        places=tuple(choices(tree, home(viewer))),
        usual_on=run.on if run else usual_day(draft.plan, today),
        today=today,
        now=now,
    )


def _base(session: Session, draft: DraftRow) -> Plan | None:
    """Give the plan known now; of a draft that was published or put away, the plan known just before."""
    return base_of(session, draft.plan, chosen_id=draft.base_plan_id, known_at=_before(draft))


def _before(draft: DraftRow) -> datetime | None:
    return draft.closed_at - MICROSECOND if draft.closed_at else None


def chosen(runs: Sequence[RunRow], run_id: int | None) -> RunRow | None:
    """Give the comparison asked for, or the newest, None where nothing was compared; Problem 404 for no such one."""
    if run_id is None:
        return reads.compared(runs)
    found = reads.compared(run for run in runs if run.id == run_id)
    if found is None:
        raise not_found()
    return found


def _publishing(
    viewer: Viewer,
    session: Session,
    draft: DraftRow,
    current: Plan | None,
    tree: RegionTree,
    today: date,
    newest: RunRow | None,
) -> Publishing:
    reached = may_publish(viewer.scope, draft.plan, current)
    compared = newest is not None and stands(session, draft, newest)
    version_id = drafts.version_now(session, current.id if current else None)
    codes = dict.fromkeys([*draft.plan.regions, *(current.regions if current else ())])
    names = tuple(tree.name(code) for code in codes)
    return Publishing(reached, compared, names, past_of(draft.plan, current, today), version_id)


def enterprises_page(
    viewer: Viewer, session: Session, draft_id: int, run_id: int | None, region: str, after: str, now: datetime
) -> DraftEnterprisesPage:
    """Fill the list of enterprises of which something changes; Problem 404 while nothing was compared."""
    draft = drafts.find(viewer.scope, session, draft_id)
    run = chosen(reads.runs(viewer.scope, session, draft.id), run_id)
    if run is None:
        raise not_found()
    tree = regions.tree(session)
    place = place_shown(viewer, tree, run, region)
    listed = results.enterprises(session, run.id, tree.within(place), after or None)
    industries = industries_of(session, draft)
    fields = {"run": str(run.id), "region": region, "after": listed.after or ""}
    more = urlencode({name: value for name, value in fields.items() if value})
    return DraftEnterprisesPage(
        draft=draft,
        run=run,
        asked=behind(viewer, session, tree, draft, run, place, now),
        region=place,
        region_name=tree.name(place),
        path=way_to(viewer, tree, run, place),
        places=tuple(choices(tree, run.region)),
        lines=tuple(findings.with_names(line, industries, tree) for line in listed.rows),
        changed=run.totals.enterprises_changed,
        next=f"/drafts/{draft.id}/enterprises?{more}" if listed.after else "",
    )


def industries_of(session: Session, draft: DraftRow) -> dict[str, str]:
    """Give the names of the industries of a draft and of the plan that it is compared with."""
    base = _base(session, draft)
    return findings.called((i.code, i.name) for plan in (draft.plan, base) if plan for i in plan.industries)

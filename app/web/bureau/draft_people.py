"""Who in an enterprise a draft plan touches: post by post, what both plans say of them, worked out when it is asked.

A comparison keeps sums, not people: nobody stands under a draft. One enterprise is quickly judged again, by both plans,
from the facts known now.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.access.scope import Viewer
from app.catalogue import queries as catalogue
from app.coverage import drafting
from app.coverage.draft_sums import Outcome
from app.coverage.drafting import known_until
from app.coverage.queries import drafts as results
from app.coverage.queries import runs as reads
from app.coverage.queries.drafts import EnterpriseLine
from app.coverage.queries.runs import RunRow
from app.kit.errors import not_found
from app.ops.db import Session
from app.organisations import queries as organisations
from app.organisations import regions
from app.plans import drafts
from app.plans.drafts import DraftRow
from app.web.bureau import draft_findings as findings
from app.web.bureau.draft_pages import chosen, industries_of

SHOWN = 500
"""How many posts are named."""
ORDER = ("newly_missing", "newly_required", "no_longer_missing", "no_longer_required", "missing", "same")


@dataclass(frozen=True)
class PostLine:
    """A post and what both plans say of who holds it. `change` is one of ORDER; `missing`: courses, under the draft."""

    person_id: int
    name: str
    post: str
    change: str
    now: str
    then: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class DraftPeoplePage:
    """One enterprise under both plans: whom the draft touches, then who is missing under it as before.

    line: what the comparison found of it, None: no change. same: posts of which nothing is to be told; more: posts left
    out for their number; facts_changed: since the run.
    """

    draft: DraftRow
    run: RunRow
    name: str
    id: int
    line: EnterpriseLine | None
    lines: tuple[PostLine, ...]
    same: int
    more: int
    facts_changed: bool


def people_page(
    viewer: Viewer, session: Session, draft_id: int, run_id: int | None, enterprise_id: int
) -> DraftPeoplePage:
    """Fill the page; Problem 404 for an enterprise out of reach, or while nothing was compared."""
    draft = drafts.find(viewer.scope, session, draft_id)
    run = chosen(reads.runs(viewer.scope, session, draft.id), run_id)
    if run is None:
        raise not_found()
    one = organisations.enterprise(viewer.scope, session, enterprise_id)
    line = results.enterprise(session, run.id, enterprise_id)
    against = drafts.version(session, run.base_version_id)
    asked = drafting.comparison(session, against.plan if against else None, draft.plan, run.region, run.on)
    posts = {**(against.plan.post_names if against else {}), **draft.plan.post_names}
    told = list(_lines(viewer, session, drafting.people(session, asked, enterprise_id), posts))
    listed = sorted((one for one in told if one.change != "same"), key=lambda one: (ORDER.index(one.change), one.name))
    return DraftPeoplePage(
        draft=draft,
        run=run,
        name=one.name,
        id=one.id,
        line=line and findings.with_names(line, industries_of(session, draft), regions.tree(session)),
        lines=tuple(listed[:SHOWN]),
        same=len(told) - len(listed),
        more=max(0, len(listed) - SHOWN),
        facts_changed=run.as_of != known_until(session),
    )


def _lines(viewer: Viewer, session: Session, judged: drafting.Judged, posts: Mapping[str, str]) -> Iterator[PostLine]:
    people = organisations.people(viewer.scope, session, (assignment.person for assignment, _, _ in judged))
    names = {person.id: person.name for person in people}
    titles = catalogue.titles(session)
    for a, now, then in judged:
        if a.person in names and (now.required or then.required):
            missing = tuple(titles.get(course, course) for course in then.missing)
            post = posts.get(a.post, a.post)
            yield PostLine(a.person, names[a.person], post, _change(now, then), _said(now), _said(then), missing)


def _change(now: Outcome, then: Outcome) -> str:
    if then.lacking:
        return "missing" if now.lacking else "newly_missing"
    if then.required and not now.required:
        return "newly_required"
    if now.required and not then.required:
        return "no_longer_required"
    return "no_longer_missing" if now.lacking else "same"


def _said(outcome: Outcome) -> str:
    """Give what a plan says of somebody: not_required, missing, waived or covered."""
    if not outcome.required:
        return "not_required"
    if outcome.lacking:
        return "missing"
    return "waived" if outcome.tally.waived else "covered"

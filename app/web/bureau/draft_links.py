"""Where the rows behind a comparison's figures are: the bureau's own lists, asked of the plan that the draft is beside.

Of the draft's own figures there are no rows: it counts nowhere, so nobody stands under it (but see draft_people.py).
"""

from datetime import datetime

from app.access.scope import Viewer
from app.coverage.drafting import known_until
from app.coverage.queries.runs import RunRow
from app.kit.dates import SHANGHAI, day_of
from app.ops.db import Session
from app.organisations.regions import RegionTree
from app.plans.drafts import DraftRow, version
from app.web.bureau.asking import Asked, Params
from app.web.bureau.understanding import understood


def behind(
    viewer: Viewer,
    session: Session,
    tree: RegionTree,
    draft: DraftRow,
    run: RunRow | None,
    place: str,
    now: datetime,
) -> Asked | None:
    """Give the question whose lists are what a comparison counted; None without a plan that the reader can ask about.

    Where plan or facts were changed since, it is asked as known when the comparison was made.
    """
    against = version(session, run.base_version_id if run else None)
    if run is None or against is None or viewer.home_region is None:
        return None
    if not tree.meets(against.plan.regions, viewer.home_region):
        return None
    past = draft.closed_at or against.superseded_at or run.as_of != known_until(session)
    known_at = run.as_of.astimezone(SHANGHAI).isoformat() if past and run.as_of else ""
    asked = Params(plan=against.plan.code, region=place, on=run.on.isoformat(), known_at=known_at)
    return understood(viewer, session, asked, day_of(now), now)

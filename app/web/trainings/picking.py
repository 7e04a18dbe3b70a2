"""Fills the page on which people are put on a session's list."""

from app.access.scope import Viewer
from app.awards import attendance, session_queries
from app.awards.session_queries import SessionRow
from app.catalogue import queries as catalogue
from app.kit.paging import Page
from app.kit.scope import Scope
from app.ops.db import Session
from app.organisations import queries as organisations
from app.organisations import roster
from app.organisations.roster import RosterAsk
from app.plans import queries as plans
from app.web.trainings.pages import SIZE
from app.web.trainings.shapes import PickAsk, PickPage
from app.workflows.hold_session import reach_of

PICKED = 100
"""People shown at a time to choose from."""


def pick_page(viewer: Viewer, session: Session, session_id: int, ask: PickAsk, *, text: str = "") -> PickPage:
    """Fill the page on which people are chosen; Problem 404 out of reach, of the viewer or of the session."""
    found = session_queries.find(viewer.scope, session, session_id)
    inside = reach_of(session, found)
    chosen = found.enterprise_id if ask.enterprise is None else ask.enterprise
    enterprise = None
    if chosen is not None:
        organisations.enterprise(viewer.scope, session, chosen)
        enterprise = organisations.enterprise(inside, session, chosen)
    there, offered = _roster(viewer, session, found, ask, chosen, text), _enterprises(inside, session, chosen, text)
    return PickPage(
        found=found,
        title=catalogue.titles(session).get(found.course_code, found.course_code),
        ask=ask,
        enterprise=enterprise,
        enterprises=offered.rows,
        rows=there.rows,
        listed=frozenset(one.person_id for one in attendance.attendees(session, found.id)),
        posts=plans.post_names(session),
        after=there.after if not text else None,
        text=text,
        more=bool(offered.after or (text and there.after)),
    )


def _enterprises(inside: Scope, session: Session, chosen: int | None, text: str) -> Page[organisations.EnterpriseRow]:
    if chosen is not None:
        return Page((), None)
    return organisations.enterprises_named(inside, session, text, None, SIZE)


def _roster(
    viewer: Viewer, session: Session, found: SessionRow, ask: PickAsk, chosen: int | None, text: str
) -> Page[roster.RosterRow]:
    if chosen is None:
        return Page((), None)
    asked = RosterAsk(chosen, ask.post, text, found.held_on, after=ask.after or None, size=PICKED)
    return roster.roster(viewer.scope, session, asked)

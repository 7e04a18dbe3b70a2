"""Who looks: from a cookie's token or a bearer token to a Viewer."""

from datetime import datetime

from app.access.roles import NEEDS_REGION
from app.access.scope import GrantRow, Viewer, grants_of, permissions_of, reach, token_grant
from app.identity import queries as identity
from app.identity.queries import SessionRow
from app.ops.db import Session


def by_session(
    session: Session, token: str, now: datetime, permission: str | None = None
) -> tuple[Viewer, SessionRow] | None:
    """Make the viewer of a signed-in browser, with the reach of a permission; None when the session is not live."""
    live = identity.live_session(session, token, now)
    if live is None:
        return None
    grants = grants_of(session, live.account.id)
    viewer = _viewer(session, live.account.name, grants, live.account.person_id, live, permission)
    return viewer, live


def by_token(session: Session, token: str, permission: str) -> Viewer | None:
    """Make the viewer of an API token, with the reach of a permission; None when it is unknown or revoked."""
    found = token_grant(session, token)
    return _viewer(session, found[0], (found[1],), None, None, permission) if found else None


def _viewer(
    session: Session,
    name: str,
    grants: tuple[GrantRow, ...],
    person_id: int | None,
    live: SessionRow | None,
    permission: str | None,
) -> Viewer:
    roles = frozenset(g.role for g in grants) | ({"worker"} if person_id is not None else set())
    return Viewer(
        account_id=live.account.id if live else None,
        name=name,
        person_id=person_id,
        roles=roles,
        permissions=permissions_of(grants),
        scope=reach(session, grants, person_id, permission),
        home_region=next((g.region for g in grants if g.role in NEEDS_REGION), None),
        home_enterprise=next((g.enterprise_id for g in grants if g.enterprise_id is not None), None),
        session_id=live.id if live else None,
        csrf=live.csrf if live else "",
        language=live.account.language if live else "zh",
    )

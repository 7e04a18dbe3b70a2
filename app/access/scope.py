"""Makes a Scope and a Viewer out of grants: whose data somebody may see, and what they may do."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.access.models import ApiToken, Grant
from app.access.roles import FIGURES_READ, PEOPLE_READ, PERMISSIONS
from app.kit.scope import Scope
from app.ops.prepared import run
from app.ops.secrets import keyed_hash
from app.organisations.models import Region


@dataclass(frozen=True)
class Viewer:
    """Who looks: identity, roles, permissions and reach.

    `home_region` and `home_enterprise` are where the screens start.
    """

    account_id: int | None
    name: str
    person_id: int | None
    roles: frozenset[str]
    permissions: frozenset[str]
    scope: Scope
    home_region: str | None = None
    home_enterprise: int | None = None
    session_id: int | None = None
    csrf: str = ""
    language: str = "zh"

    def may(self, permission: str) -> bool:
        """Say whether some role allows it."""
        return permission in self.permissions

    @property
    def sees_people(self) -> bool:
        """Say whether they may see names, where they look after somebody at all."""
        return self.scope.personal and self.may(PEOPLE_READ)


@dataclass(frozen=True)
class GrantRow:
    """One role over a region or an enterprise."""

    role: str
    region: str | None
    enterprise_id: int | None


def grants_of(session: Session, account_id: int) -> tuple[GrantRow, ...]:
    """List an account's grants in force, oldest first."""
    return tuple(GrantRow(*row) for row in run(session, GRANTS, {"account_id": account_id}))


GRANTS = (
    select(Grant.role, Grant.region, Grant.enterprise_id)
    .where(Grant.account_id == bindparam("account_id"), Grant.revoked_at.is_(None))
    .order_by(Grant.id)
)


def token_grant(session: Session, token: str) -> tuple[str, GrantRow] | None:
    """Find a bearer token's name and grant, unless revoked."""
    found = session.scalar(
        select(ApiToken).where(ApiToken.token_hash == keyed_hash(token, "api"), ApiToken.revoked_at.is_(None))
    )
    return (found.name, GrantRow(found.role, found.region, found.enterprise_id)) if found else None


def reach(session: Session, grants: Iterable[GrantRow], person_id: int | None, permission: str | None = None) -> Scope:
    """Unite grants into a scope: for one permission, only those whose role has it, so that none lends to another.

    The administrator reaches everywhere for figures, and nowhere else.
    """
    listed = tuple(g for g in grants if permission is None or permission in PERMISSIONS[g.role])
    tops = {g.region for g in listed if g.region}
    everywhere = permission == FIGURES_READ and any(g.role == "administrator" for g in listed)
    return Scope(
        regions=None if everywhere else descendants(session, tops) if tops else frozenset(),
        enterprises=frozenset(g.enterprise_id for g in listed if g.enterprise_id is not None),
        person=person_id,
        personal=any(g.role in {"officer", "bureau_viewer", "bureau_manager"} for g in listed),
    )


def permissions_of(grants: Iterable[GrantRow]) -> frozenset[str]:
    """Unite the permissions of roles; everybody may use what is their own."""
    found = set(PERMISSIONS["worker"])
    for grant in grants:
        found |= PERMISSIONS[grant.role]
    return frozenset(found)


REGIONS = select(Region.code, Region.parent)


def descendants(session: Session, tops: Iterable[str]) -> frozenset[str]:
    """Give region codes and everything below them; one query over the whole (small) tree."""
    children: dict[str, list[str]] = {}
    for code, parent in run(session, REGIONS).all():
        children.setdefault(parent or "", []).append(code)
    found: set[str] = set()
    queue = list(tops)
    while queue:
        code = queue.pop()
        if code not in found:
            found.add(code)
            queue.extend(children.get(code, ()))
    return frozenset(found)

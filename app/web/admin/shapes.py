"""What the pages on accounts share: names of places, choices of roles and regions, the slip with a code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Path, Query, Request

from app.access import roles
from app.access.queries import StaffRow
from app.access.scope import Viewer
from app.identity.service import CODE_DAYS
from app.kit.dates import add_days
from app.kit.scope import SYSTEM
from app.ops import clock
from app.ops.db import Session
from app.organisations import queries as organisations
from app.organisations import regions
from app.organisations.regions import RegionTree
from app.web.admin.words import ROLES
from app.web.codes import qr_path
from app.web.deps import Guard, base_url
from app.workflows.staff_accounts import StaffCode

Administrator = Annotated[Viewer, Depends(Guard(roles.USERS_WRITE))]
Text = Annotated[str, Form(max_length=120)]
LARGEST = 2**31 - 1
Id = Annotated[int, Path(ge=1, le=LARGEST)]
Key = Annotated[int | None, Query(ge=1, le=LARGEST)]
INDENT = "\u3000"


@dataclass(frozen=True)
class Places:
    """What the places of roles are called."""

    tree: RegionTree
    enterprises: dict[int, str]

    def of(self, region: str | None, enterprise_id: int | None) -> str:
        """Name where a role holds; '' where it holds everywhere."""
        if enterprise_id is not None:
            return self.enterprises.get(enterprise_id, "")
        return " ".join(row.name for row in self.tree.ancestors(region)[1:]) or self.tree.name(region) if region else ""


@dataclass(frozen=True)
class CodePage:
    """The slip: shown once."""

    account: StaffRow
    places: Places
    roles: dict[str, str]
    code: tuple[str, str]
    address: str
    valid_through: date
    qr: str
    qr_size: int


def places(session: Session, rows: Iterable[StaffRow]) -> Places:
    """Read what the places of some accounts are called."""
    ids = {held.enterprise_id for row in rows for held in row.roles if held.enterprise_id is not None}
    named = organisations.enterprises(SYSTEM, session, ids)
    return Places(regions.tree(session), {row.id: row.name for row in named})


def region_choices(session: Session) -> tuple[tuple[str, str], ...]:
    """Give code and indented name of every region, each under the one it lies in."""
    tree = regions.tree(session)
    listed: list[tuple[str, str]] = []

    def walk(code: str, depth: int) -> None:
        listed.append((code, INDENT * depth + tree.name(code)))
        for child in tree.children(code):
            walk(child.code, depth + 1)

    for row in tree.rows.values():
        if row.parent is None:
            walk(row.code, 0)
    return tuple(listed)


def code_page(request: Request, session: Session, issued: StaffCode) -> CodePage:
    """Make the slip of a code that was just handed out."""
    address = f"{base_url(request)}/activation"
    groups = issued.code.split("-")
    qr, size = qr_path(f"{address}#{issued.code}")
    return CodePage(
        account=issued.account,
        places=places(session, (issued.account,)),
        roles=ROLES,
        code=("-".join(groups[:2]), "-".join(groups[2:])),
        address=address,
        valid_through=add_days(clock.today(), CODE_DAYS - 1),
        qr=qr,
        qr_size=size,
    )

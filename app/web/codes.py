"""Activation codes: an officer prints slips for chosen people. A code is shown once, on this page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import segno
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.identity.service import CODE_DAYS
from app.kit.dates import add_days
from app.kit.errors import Problem
from app.ops import clock
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.web.deps import Guard, actor, base_url
from app.web.pages import render
from app.web.transactions import Writing
from app.workflows import officer_codes
from app.workflows.worker_codes import issue_worker_codes

router = APIRouter()
AT_ONCE = 200
QUIET = 4
"""Light modules around a QR code (ISO/IEC 18004)."""


@dataclass(frozen=True)
class SlipView:
    """A slip as it is printed: the code in two lines, and as the path of a QR code `qr_size` modules wide."""

    name: str
    masked_id: str
    first: str
    second: str
    qr: str
    qr_size: int


@dataclass(frozen=True)
class SlipsPage:
    """The sheet of slips."""

    enterprise: str
    back: str
    address: str
    valid_through: date
    slips: tuple[SlipView, ...]


@router.post("/enterprises/{enterprise_id}/activation-codes")
def issue_codes(
    request: Request,
    viewer: Annotated[Viewer, Depends(Guard(roles.CODES_ISSUE))],
    session: Writing,
    enterprise_id: int,
    person: Annotated[list[int], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Hand out new codes to people of an enterprise; former codes, passwords and sessions of theirs end."""
    enterprise = organisations.enterprise(viewer.scope, session, enterprise_id)
    chosen = tuple(dict.fromkeys(person))
    if not chosen:
        raise Problem(422, "nobody", N_("Nobody was chosen. Go back and tick the people who need a code."))
    if len(chosen) > AT_ONCE:
        raise Problem(422, "too_many", N_("Choose at most %(n)s people at a time."), {"n": AT_ONCE})
    slips = issue_worker_codes(viewer.scope, session, enterprise_id, chosen, actor(request, viewer), clock.now())
    address = f"{base_url(request)}/activation"
    place = f"people/{chosen[0]}" if len(chosen) == 1 else "roster"
    page = SlipsPage(
        enterprise=enterprise.name,
        back=f"/enterprises/{enterprise_id}/{place}",
        address=address,
        valid_through=add_days(clock.today(), CODE_DAYS - 1),
        slips=tuple(_view(slip.name, slip.masked_id, slip.code, address) for slip in slips),
    )
    return render(request, "codes/slips.html", page, viewer)


@router.post("/enterprises/{enterprise_id}/officer-codes")
def issue_officer_code(
    request: Request,
    viewer: Annotated[Viewer, Depends(Guard(roles.ENTERPRISES_WRITE))],
    session: Writing,
    enterprise_id: int,
    account: Annotated[int, Form()] = 0,
) -> Response:
    """Hand a safety officer of the enterprise a new code; the former code, password and sessions end."""
    issued = officer_codes.issue_officer_code(
        viewer.scope, session, enterprise_id, account, actor(request, viewer), clock.now()
    )
    address = f"{base_url(request)}/activation"
    page = SlipsPage(
        enterprise=organisations.enterprise(viewer.scope, session, enterprise_id).name,
        back=f"/enterprises/{enterprise_id}#officers",
        address=address,
        valid_through=add_days(clock.today(), CODE_DAYS - 1),
        slips=(_view(issued.account.name, issued.account.phone or issued.account.login, issued.code, address),),
    )
    return render(request, "codes/slips.html", page, viewer)


def _view(name: str, identifier: str, code: str, address: str) -> SlipView:
    groups = code.split("-")
    half = (len(groups) + 1) // 2
    path, size = qr_path(f"{address}#{code}")
    return SlipView(name, identifier, "-".join(groups[:half]), "-".join(groups[half:]), path, size)


def qr_path(text: str) -> tuple[str, int]:
    """Draw a text's QR code as an SVG path with strokes one module wide; give it with the picture's width."""
    matrix = segno.make(text, error="m", micro=False).matrix
    return "".join(_strokes(matrix)), len(matrix) + 2 * QUIET


def _strokes(matrix: tuple[bytearray, ...]) -> Iterator[str]:
    """Give each horizontal run of dark modules as a move and a line."""
    for y, row in enumerate(matrix):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield f"M{start + QUIET} {y + QUIET}.5h{x - start}"
                start = None

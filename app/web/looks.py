"""How somebody wants to read on this device: light or dark, larger type, few data; kept in a cookie of the browser."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from app.ops.settings import settings
from app.web.learner import Learner
from app.web.pages import LOOK_COOKIE, Look, look_of, render, see_other

router = APIRouter()
YEAR: Final = 31_536_000


@dataclass(frozen=True)
class LooksPage:
    """The switches as they stand. saved: they have just been kept."""

    look: Look
    saved: bool


@router.api_route("/me/reading", methods=["GET", "HEAD"])
def looks(request: Request, viewer: Learner, saved: str = "") -> Response:
    """Show the switches."""
    return render(request, "learner/looks.html", LooksPage(look_of(request), bool(saved)), viewer)


@router.post("/me/reading")
def choose(
    viewer: Learner,  # noqa: ARG001 - guarded
    colours: Annotated[str, Form(max_length=10)] = "",
    large: Annotated[str, Form(max_length=2)] = "",
    sparing: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Keep what was chosen, on this device."""
    chosen = Look(colours if colours in {"light", "dark"} else "", large=bool(large), sparing=bool(sparing))
    response = see_other("/me/reading?saved=1")
    response.set_cookie(
        LOOK_COOKIE, chosen.written, max_age=YEAR, samesite="lax", httponly=True, secure=settings().secure
    )
    return response

"""For offices: how well topics are remembered in practice, by topic, without names."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.assessment.retention import LEAST_PEOPLE, WINDOW_DAYS, Retained, retention
from app.kit.errors import forbidden
from app.ops import clock
from app.web.deps import Guard
from app.web.pages import render
from app.web.transactions import Reading

router = APIRouter()


@dataclass(frozen=True)
class RetentionPage:
    """Topics, the least remembered first, of practice from one day to another."""

    topics: tuple[Retained, ...]
    from_on: date
    on: date
    least: int

    @property
    def told(self) -> tuple[Retained, ...]:
        """Give the topics with figures."""
        return tuple(one for one in self.topics if one.share is not None)

    @property
    def untold(self) -> tuple[Retained, ...]:
        """Give the topics that too few people practised to show figures."""
        return tuple(one for one in self.topics if one.share is None)


@router.api_route("/coverage/practice", methods=["GET", "HEAD"])
def remembered(
    request: Request, viewer: Annotated[Viewer, Depends(Guard(roles.COVERAGE_READ))], session: Reading
) -> Response:
    """Show retention by topic of the people within reach."""
    if viewer.home_region is None:
        raise forbidden()
    on = clock.today()
    topics = retention(viewer.scope, session, on)
    page = RetentionPage(topics, on - timedelta(days=WINDOW_DAYS - 1), on, LEAST_PEOPLE)
    return render(request, "practice/retention.html", page, viewer)

"""What the addresses of training held in person are asked: who may ask, filters, whom to choose from."""

from typing import Annotated

from fastapi import Depends, Form, Query

from app.access import roles
from app.access.scope import Viewer
from app.web.deps import Guard
from app.web.trainings.shapes import ListAsk, PickAsk

READ = ["GET", "HEAD"]
SESSION = "/trainings/{training_id}"
Holding = Annotated[Viewer, Depends(Guard(roles.RECORDS_WRITE))]
Text = Annotated[str, Form(max_length=400)]
Day = Annotated[str, Form(max_length=10)]


def listing_ask(
    course: str = "",
    state: str = "",
    from_on: Annotated[str, Query(alias="from")] = "",
    to_on: Annotated[str, Query(alias="to")] = "",
    after: str = "",
) -> ListAsk:
    """Collect the filters of the list."""
    return ListAsk(course, state, from_on, to_on, after)


def pick_ask(enterprise: int | None = None, post: str = "", after: str = "") -> PickAsk:
    """Collect from whom to choose."""
    return PickAsk(enterprise, post, after)


Listing = Annotated[ListAsk, Depends(listing_ask)]
Picking = Annotated[PickAsk, Depends(pick_ask)]

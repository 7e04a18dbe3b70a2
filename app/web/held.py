"""Which of those who are counted a list is asked for: all who are required, or the missing, the covered, the waived."""

from app.coverage.queries.posts import HELD, Held
from app.kit.errors import Problem
from app.ops.i18n import N_


def checked_held(held: str = "") -> str:
    """Check which are asked for, '' for all; Problem 422 for what does not exist."""
    if held and wanted(held) is None:
        raise Problem(422, "held", N_("There is no such standing. Choose one from the list."))
    return held


def wanted(held: str) -> Held | None:
    """Give what was asked for as coverage knows it; None for all."""
    return next((known for known in HELD if known == held), None)

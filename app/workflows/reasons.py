"""The rule that every command which corrects or excuses something says why."""

from app.kit.errors import Problem
from app.ops.i18n import N_

LONGEST = 400


def stated(reason: str) -> str:
    """Give the reason, trimmed; Problem 422 when it is missing or longer than is kept."""
    told = reason.strip()
    if not told or len(told) > LONGEST:
        raise Problem(422, "reason", N_("Say why, in at most 400 characters: the reason is kept."))
    return told

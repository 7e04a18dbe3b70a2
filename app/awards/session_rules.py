"""What attending a session comes to: an award, or why not. Pure."""

CREDIT_HOUR = 45
"""Minutes of a credit hour."""
ABSENT, SHORT, FAILED, REPEATED, AWARDED = "absent", "short", "failed", "repeated", "awarded"
OUTCOMES = (AWARDED, ABSENT, SHORT, FAILED, REPEATED)
"""Awarded; not there, or not marked; session shorter than the course; score below the pass mark; held already."""


def needed_minutes(hours: float) -> int:
    """Give the minutes that a course of so many credit hours takes."""
    return round(hours * CREDIT_HOUR)


def outcome(*, attended: bool | None, score: float | None, mark: float, enough: bool, held: bool) -> str:
    """Say what somebody's attendance comes to; `held`: they hold an offline award of the course of that day already."""
    if not attended:
        return ABSENT
    if not enough:
        return SHORT
    if score is not None and score < mark:
        return FAILED
    return REPEATED if held else AWARDED

"""How an instant that is asked about stands in a form's field: a day as it was given, else Shanghai's clock."""

from datetime import datetime

from app.kit.dates import SHANGHAI


def field_text(given: str, instant: datetime | None) -> str:
    """Give what the field holds: the day as given, or the clock to the second of what was given as an instant."""
    if instant is None or "T" not in given:
        return given
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")

"""Says whether what somebody wrote answers a fill or numeric item. Pure; exams, checkpoints and practice ask it."""

import re
import unicodedata
from decimal import Decimal

from app.catalogue.item import Item

LONGEST_ANSWER = 60
"""Characters of an answer that are kept; no accepted answer is as long."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,12})?|[+-]?\.\d{1,12}")


def normalised(text: str) -> str:
    """Give what a written answer is compared by: neither width, white space nor case matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def number(text: str, unit: str = "") -> Decimal | None:
    """Read a number as people write it: full width, thousands separated, the unit behind it; None when it is none."""
    bare = normalised(text).replace("−", "-").removesuffix(normalised(unit))
    return Decimal(bare.replace(",", "")) if _NUMBER.fullmatch(bare) else None


def written_right(item: Item, text: str) -> bool:
    """Say whether a text is an accepted answer of a fill item, or within the tolerance of a numeric one."""
    if item.kind == "fill":
        return normalised(text) in {normalised(accepted) for accepted in item.accept}
    given = number(text, item.unit)
    if given is None or item.value is None:
        return False
    return abs(given - _exact(item.value)) <= _exact(item.tolerance)


def plain(value: float) -> str:
    """Write a number as people do: no exponent, no zeros behind."""
    return f"{_exact(value).normalize():f}"


def _exact(value: float) -> Decimal:
    """Take a number of a file as it is written there: 0.1 is a tenth."""
    return Decimal(repr(value))

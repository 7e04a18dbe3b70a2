"""Check digits of resident IDs (GB 11643-1999) and unified social credit codes (GB 32100-2015)."""

from datetime import date

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def resident_id_check(first17: str) -> str:
    """Give the check character of the first 17 digits of a resident ID."""
    return _ID_CHECK[sum(int(d) * w for d, w in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def resident_id_error(value: str, today: date) -> str | None:
    """Say what is wrong with a resident ID: 'length', 'characters', 'birth_date' or 'check_digit'; None when right.

    The region prefix is not validated (GB 11643 prefixes go out of use; synthetic data uses 000000).
    """
    if len(value) != 18:  # noqa: PLR2004 - GB 11643
        return "length"
    if not (value[:17].isascii() and value[:17].isdigit() and value[17] in "0123456789X"):
        return "characters"
    born = birth_date(value)
    if born is None or born > today or born.year < 1900:  # noqa: PLR2004 - nobody older is at work
        return "birth_date"
    return None if resident_id_check(value[:17]) == value[17] else "check_digit"


def birth_date(resident_id: str) -> date | None:
    """Read the birth date out of a resident ID's digits 7 to 14, None when they are no date."""
    try:
        return date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))
    except ValueError:
        return None


def uscc_check(first17: str) -> str:
    """Give the check character of the first 17 characters of a unified social credit code."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(first17, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def uscc_error(value: str) -> str | None:
    """Say what is wrong with a unified social credit code: 'length', 'characters' or 'check_digit'."""
    if len(value) != 18:  # noqa: PLR2004 - GB 32100
        return "length"
    if any(c not in _USCC_ALPHABET for c in value):
        return "characters"
    return None if uscc_check(value[:17]) == value[17] else "check_digit"

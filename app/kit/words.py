"""Marks texts that are translated where they are shown: for pure modules, which know nothing of languages."""


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name
    """Mark a msgid that is translated later, where it is shown."""
    return message

"""How a demand names a course that must be held by training in person: its code with a mark. Pure."""

OFFLINE = "@offline"


def marked(course: str) -> str:
    """Give the key of a course that must be held in person."""
    return course + OFFLINE


def plain(key: str) -> str:
    """Give the course of a key, marked or not."""
    return key.removesuffix(OFFLINE)

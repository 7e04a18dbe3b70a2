"""How a demand names a course that must be held by training in person: its code with a mark. Pure."""

OFFLINE = "@offline"


def marked(course: str) -> str:
    """Give the key of a course that must be held in person."""
    return course + OFFLINE


def is_marked(key: str) -> bool:
    """Say whether a key is that of a course to be held in person."""
    return key.endswith(OFFLINE)


def plain(key: str) -> str:
    """Give the course of a key, marked or not."""
    return key.removesuffix(OFFLINE)

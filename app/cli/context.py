"""What commands share: the migrated database of the settings."""

from app.identity.service import Actor
from app.ops.db import Database
from app.ops.migrations import upgrade
from app.ops.settings import settings

OPERATOR = Actor(None, "command line")


def database() -> Database:
    """Open the database of the settings, its schema brought up to date."""
    opened = Database(settings().url)
    upgrade(opened.engine)
    return opened

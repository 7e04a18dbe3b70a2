"""Brings a database's schema up (or down) with alembic, without reading alembic's own configuration file."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, func, select

from app.ops.settings import ROOT

MIGRATING = 0x4D49475241
"""PostgreSQL's advisory lock under which the schema changes."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema up to a revision; of several processes that start at once, the others find it done."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the schema down to a revision."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config

"""Runs migrations on the database that COVERALL_DATABASE_URL (or the caller's connection) names."""

from alembic import context
from sqlalchemy import Connection, text

from app.ops.db import make_engine
from app.ops.settings import settings
from app.tables import METADATA

LOCK_TIMEOUT = "5s"
"""On PostgreSQL a migration gives up rather than queue every query behind its lock."""


def run(connection: Connection) -> None:
    """Run the wanted migrations on a connection, in one transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(settings().url)
    with engine.begin() as opened:
        run(opened)
    engine.dispose()

"""Reads what a posting of many enterprises will ask about each, a moment before it does (PostgreSQL).

A province does not fit into memory, and the enterprises of a clerk's file lie scattered over it: dozens of pages of
each come from the disk one by one, and whoever posts waits for every one. A second connection meets them first, while
the first is still busy with the file. Nothing of what it reads is used: the pages are in memory then, that is all.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.coverage.projections import is_postgresql
from app.ops.listed import CODES, among
from app.organisations.models import Enterprise

FEW, MOST = 4, 400
"""So few enterprises are read before a connection is there; of so many the first would be forgotten again."""
PATIENCE = 1.0
"""Seconds that a posting waits for the last question to end: one that waits for a lock must not hold it up."""


class _Reader(Thread):
    """Asks one question after the other on a connection of its own, and holds no lock between two.

    The posting it reads for may wait for a rebuild that waits for the ledger: PostgreSQL cannot see such a circle.
    """

    def __init__(self, engine: Engine, codes: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.engine, self.codes = engine, codes
        self.enough = Event()

    def run(self) -> None:
        """Ask until it is enough. The posting does as well, only later, when a question fails."""
        try:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                self._ask(connection)
        except SQLAlchemyError:
            return

    def _ask(self, connection: Connection) -> None:
        ids = connection.scalars(select(Enterprise.id).where(among(Enterprise.uscc, CODES)), {"codes": self.codes})
        known = {"ids": list(ids)}
        for question in ASKED_OF_EACH:
            if not self.enough.is_set():
                connection.execute(question, known)


@contextmanager
def reading_ahead(session: Session, codes: Collection[str]) -> Iterator[None]:
    """Read ahead, while the body works, what it will ask about the enterprises with these codes."""
    if not is_postgresql(session) or not FEW < len(codes) <= MOST:
        yield
        return
    reader = _Reader(session.get_bind().engine, sorted(codes))
    reader.start()
    try:
        yield
    finally:
        reader.enough.set()
        reader.join(PATIENCE)


NOW = "enterprise_id = ANY(:ids) AND superseded_at IS NULL"
PLANNED = "plan_id IN (SELECT id FROM plan) AND enterprise_id = ANY(:ids)"
ASKED_OF_EACH = (
    text("SELECT count(person_id) FROM post_assignment WHERE enterprise_id = ANY(:ids)"),
    text("SELECT count(recorded_at) FROM post_assignment_version WHERE enterprise_id = ANY(:ids)"),
    text("SELECT count(confirmed_on) FROM declaration WHERE enterprise_id = ANY(:ids)"),
    text("SELECT count(recorded_at) FROM enterprise_fact WHERE enterprise_id = ANY(:ids)"),
    text(f"SELECT count(from_on) FROM standing WHERE {PLANNED}"),  # noqa: S608 - our own words, as below
    text(f"SELECT count(required) FROM entry WHERE {PLANNED}"),  # noqa: S608
    text(
        "SELECT count(recorded_at) FROM enterprise_standing"  # noqa: S608
        f" WHERE id = ANY(ARRAY(SELECT id FROM enterprise_standing WHERE {NOW}))"
    ),
    text(f"SELECT count(region) FROM enterprise_entry WHERE {PLANNED}"),  # noqa: S608
    text(
        f"SELECT count(*) FROM (SELECT plan_id, region, from_on FROM enterprise_standing WHERE {NOW}) AS its,"  # noqa: S608
        " LATERAL (SELECT 1 FROM enterprise_standing WHERE plan_id = its.plan_id AND region = its.region"
        " AND from_on <= its.from_on ORDER BY from_on DESC LIMIT 1) AS place"
    ),
)
"""In the order of a posting. What is counted is in no index where the rows themselves will be read."""

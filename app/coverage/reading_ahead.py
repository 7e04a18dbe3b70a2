"""Reads what a posting of many enterprises will ask about each, or write beside, a moment before it does (PostgreSQL).

A province does not fit into memory, and the enterprises of a clerk's file lie scattered over it: dozens of pages of
each come from the disk one by one, and whoever posts waits for every one. A second connection meets them first, while
the first is still busy with the file. Nothing of what it reads is used: the pages are in memory then, that is all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.coverage.projections import is_postgresql
from app.ops.listed import CODES, among
from app.organisations.models import Enterprise

FEW, MOST = 4, 400
"""So few enterprises are read before a connection is there; of so many the first would be forgotten again."""
AHEAD = "reading_ahead"
"""Where a session keeps who reads ahead of it."""
Asked = tuple[TextClause, Mapping[str, Any]]


class _Reader(Thread):
    """Asks one question after the other on a connection of its own."""

    def __init__(self, engine: Engine, codes: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.engine, self.codes = engine, codes
        self.questions: SimpleQueue[Asked | None] = SimpleQueue()
        self.enough = Event()

    def run(self) -> None:
        """Ask until it is enough. The posting does as well, only later, when a question fails."""
        try:
            with self.engine.connect() as connection:
                self._ask(connection)
        except SQLAlchemyError:
            return

    def _ask(self, connection: Connection) -> None:
        ids = connection.scalars(select(Enterprise.id).where(among(Enterprise.uscc, CODES)), {"codes": self.codes})
        known = {"ids": list(ids)}
        for question in ASKED_OF_EACH:
            if not self.enough.is_set():
                connection.execute(question, known)
        while (asked := self.questions.get()) is not None:
            if not self.enough.is_set():
                connection.execute(*asked)


@contextmanager
def reading_ahead(session: Session, codes: Collection[str]) -> Iterator[None]:
    """Read ahead, while the body works, what it will ask about the enterprises with these codes."""
    if not is_postgresql(session) or not FEW < len(codes) <= MOST:
        yield
        return
    reader = session.info[AHEAD] = _Reader(session.get_bind().engine, sorted(codes))
    reader.start()
    try:
        yield
    finally:
        del session.info[AHEAD]
        reader.enough.set()
        reader.questions.put(None)
        reader.join()


def places(session: Session, entries: Sequence[Mapping[str, Any]], figures: Sequence[Sequence[Any]]) -> None:
    """Have the places read in which entries and figures of enterprises will be written, where somebody reads ahead."""
    reader = session.info.get(AHEAD)
    if reader is None:
        return
    if figures:
        plans, enterprises, slots, ranks, surpluses, regions, *_ = zip(*figures, strict=True)
        named = {"plans": plans, "ids": enterprises, "slots": slots, "ranks": ranks, "surpluses": surpluses}
        values = {name: list(column) for name, column in (named | {"regions": regions}).items()}
        reader.questions.put((IN_ORDER, values))
        reader.questions.put((BY_REGION, values))
    if entries:
        lines = {(row["plan_id"], row["region"], row["effective_on"].toordinal(), row["late"]) for row in entries}
        columns = zip(("plans", "regions", "days", "lates"), zip(*lines, strict=True), strict=True)
        reader.questions.put((DATED, {name: list(column) for name, column in columns}))


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
KEYS = (
    "unnest(CAST(:plans AS integer[]), CAST(:ids AS integer[]), CAST(:slots AS integer[]), CAST(:ranks AS integer[]),"
    " CAST(:surpluses AS integer[]), CAST(:regions AS varchar[])) AS its(plan, id, slot, rank, surplus, region)"
)
BESIDE = "SELECT 1 FROM enterprise_figure WHERE plan_id = its.plan AND slot = its.slot"
IN_ORDER, BY_REGION = (
    text(
        f"SELECT count(*) FROM {KEYS}, LATERAL ({BESIDE} {where} AND rank = its.rank AND surplus = its.surplus"  # noqa: S608
        " AND enterprise_id >= its.id ORDER BY enterprise_id LIMIT 1) AS place"
    )
    for where in ("", "AND region = its.region")
)
"""The places of figures in both of the orders in which lists walk them."""
OF_DAY = (
    "SELECT recorded_at FROM enterprise_entry WHERE plan_id = its.plan AND region = its.region"
    " AND effective_on = its.day"
)
DATED = text(
    "SELECT count(*) FROM unnest(CAST(:plans AS integer[]), CAST(:regions AS varchar[]), CAST(:days AS integer[]),"  # noqa: S608
    " CAST(:lates AS integer[])) AS its(plan, region, day, late),"
    f" LATERAL ({OF_DAY} ORDER BY recorded_at DESC LIMIT 1) AS place,"
    f" LATERAL ({OF_DAY} AND late = its.late ORDER BY recorded_at DESC LIMIT 1) AS later"
)
"""The ends of what was recorded of a day."""

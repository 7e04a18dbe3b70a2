"""A streaming replica for reports: asked how far it is before every report, left alone while it is of no use.

Before a report it says, in a transaction of its own, how far it has come; then the report's snapshot is taken, which
therefore holds at least that much. A replica that fails in the middle raises `ReplicaLost`, and the skins ask again,
on the primary.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from threading import Lock
from typing import Final

from sqlalchemy import Engine, ExceptionContext, event, text
from sqlalchemy.orm import Session

from app.ops import clock
from app.ops.logging import log
from app.ops.replay import Heard, Needs, Refusal, Replay, refusal, whole_until
from app.ops.snapshot import begin_snapshot

SNAPSHOT = "snapshot"
"""In the info of a read transaction: what it has read once already (db.kept)."""
CONNECTING: Final[dict[str, object]] = {"connect_timeout": 2, "tcp_user_timeout": 5000}
"""A replica that is switched off holds up one report by two seconds, one that falls silent by five."""
SHUNNED = 5.0
"""Seconds for which a replica that failed is not asked."""
SAID = 60.0
"""Seconds for which a trouble that was logged is not logged again."""
WORD_EVERY = timedelta(seconds=1)
NORMAL = frozenset({Refusal.OWN_WRITE, Refusal.UNSETTLED})
STATE = text("""
    SELECT now(), pg_is_in_recovery(),
        CAST(coalesce(pg_last_wal_replay_lsn(), '0/0') - '0/0' AS bigint), pg_last_xact_replay_timestamp(),
        CASE WHEN now() - heard.last_msg_receipt_time
                <= CAST(current_setting('wal_receiver_timeout') AS interval) / 2 + interval '1 second'
            THEN now() ELSE heard.last_msg_receipt_time END,
        CAST(heard.latest_end_lsn - '0/0' AS bigint)
    FROM (SELECT 1) AS always
    LEFT JOIN pg_stat_wal_receiver AS heard
        ON heard.status = 'streaming' AND heard.last_msg_send_time <> heard.last_msg_receipt_time
""")
"""A receiver that hears nothing asks after half its timeout, so a shorter silence means that nothing was written.
Before the first message of a connection both times are the same, and the position is one of an earlier connection.
Without the right pg_read_all_stats the receiver stays unseen, and only commits tell how far the replica is."""


@dataclass(frozen=True)
class Freshness:
    """How far behind the primary what a report reads may be."""

    delay: timedelta

    @property
    def seconds(self) -> int:
        """Give the delay in whole seconds, rounded up: 0 only when there is none."""
        return -(-self.delay // timedelta(seconds=1))


class ReplicaLost(Exception):  # noqa: N818 - not the report's fault
    """The replica failed under a report, which can be read again on the primary."""


def freshness(session: Session) -> Freshness | None:
    """Say how old what a session reads may be; None on the primary."""
    found: Freshness | None = session.info.get(Freshness)
    return found


class Replica:
    """A replica and what this process remembers of it."""

    def __init__(self, engine: Engine, most: timedelta) -> None:
        """Take its engine and the delay that is tolerated."""
        self.engine = engine
        self.most = most
        self._words: deque[Heard] = deque(maxlen=int(most / WORD_EVERY) + 1)
        self._remembering = Lock()
        self._shunned_until = 0.0
        self._silent_until = 0.0
        event.listen(engine, "handle_error", self._failed)

    @contextmanager
    def reading(self, needs: Needs) -> Iterator[Session | None]:
        """Open a read transaction for a report; None when this replica may not answer it.

        ReplicaLost when it fails on the way.
        """
        with Session(self.engine, expire_on_commit=False, autoflush=False, info={SNAPSHOT: {}}) as session:
            if not self._ready(session, needs):
                yield None
                return
            yield session
            session.rollback()

    def _ready(self, session: Session, needs: Needs) -> bool:
        """Ask how far the replica is, and begin the report's snapshot when that is enough."""
        if clock.seconds() < self._shunned_until:
            return False
        try:
            replay = _ask(session)
            until = whole_until(replay, self._remembered(replay))
            refused = refusal(replay, until, needs, self.most)
            if refused is None and until is not None:
                begin_snapshot(session)
                session.info[Freshness] = Freshness(replay.now - until)
                return True
        except ReplicaLost:
            return False
        self._say(refused or Refusal.LATE)
        return False

    def _remembered(self, replay: Replay) -> tuple[Heard, ...]:
        """Give the primary's earlier words, and remember the new one when the last is old enough."""
        with self._remembering:
            earlier = tuple(self._words)
            if replay.heard and (not earlier or replay.heard.at - earlier[-1].at >= WORD_EVERY):
                self._words.append(replay.heard)
        return earlier

    def _failed(self, context: ExceptionContext) -> None:
        """Leave the replica alone for a while, whatever it failed at; a connection that is only tried is replaced."""
        if context.is_pre_ping:
            return
        self._shunned_until = clock.seconds() + SHUNNED
        self._say(Refusal.UNREACHABLE, type(context.original_exception).__name__)
        raise ReplicaLost from context.original_exception

    def _say(self, refused: Refusal, error: str = "") -> None:
        """Log why reports are read on the primary, at most once a minute; what is as it should be is not worth it."""
        if refused in NORMAL or clock.seconds() < self._silent_until:
            return
        self._silent_until = clock.seconds() + SAID
        log().warning("replica", unused_because=refused.value, error=error)


def _ask(session: Session) -> Replay:
    """Have the replica say how far it is, in a transaction of its own."""
    now, standby, replayed, replayed_at, heard_at, written = session.execute(STATE).one()
    session.rollback()
    heard = Heard(heard_at.astimezone(UTC), written) if written is not None else None
    return Replay(now.astimezone(UTC), standby, replayed, replayed_at, heard)

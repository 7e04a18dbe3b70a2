"""Works a module's learning out again from its evidence alone: sessions, receipts, presence checks, deeds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.catalogue.queries import CourseVersionRow
from app.learning.conditions import Deed
from app.learning.credit import State, decide
from app.learning.intervals import Span, length
from app.learning.models import LearningReceipt, LearningSession, ModuleDeed, PresenceCheck
from app.learning.presence import hold
from app.learning.rows import module_of
from app.organisations.models import Person


@dataclass(frozen=True)
class Window:
    """Which evidence counts: after `since` (what was used up by an earlier award) and up to `until`; None: all."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Replayed:
    """What a module's evidence gives: spans seen, credit, presence checks that were asked and answered, deeds.

    `begun_at` and `ended_at` frame the receipts that were credited.
    """

    seen: tuple[Span, ...]
    needed_ms: int
    sessions: int
    receipts: int
    asked: int
    answered: int
    deeds: tuple[Deed, ...]
    begun_at: datetime | None
    ended_at: datetime | None

    @property
    def credited_ms(self) -> int:
        """Give the credit that the evidence gives."""
        return length(self.seen)

    @property
    def read(self) -> bool:
        """Say whether it reaches what the module needs."""
        return self.credited_ms >= self.needed_ms


@dataclass
class _Learner:
    """How far somebody is while the evidence is gone through: one, however many records were merged into theirs."""

    seen: tuple[Span, ...] = ()
    present_ms: int = 0


def replay(
    session: Session, person_id: int, version: CourseVersionRow, slug: str, window: Window | None = None
) -> Replayed:
    """Go through the evidence of a module, that of merged records included.

    A receipt counts for no more than the server allowed then, nor than its session's wall-clock and its presence
    checks allow now.
    """
    return replays(session, person_id, version, [slug], window)[slug]


def replays(
    session: Session,
    person_id: int,
    version: CourseVersionRow,
    slugs: Sequence[str],
    window: Window | None = None,
) -> dict[str, Replayed]:
    """Go through the evidence of some modules of a version as `replay` does, read together."""
    window = window or Window()
    records = _records_of(session, person_id)
    sessions = _sessions(session, records, version.id, slugs, window)
    receipts = _receipts(session, sessions, window)
    checks = _checks(session, sessions, window)
    deeds = _deeds(session, records, version.id, slugs, window)
    found = {}
    for slug in slugs:
        own = [_Evidence(live, receipts[live.id], checks[live.id]) for live in sessions if live.module == slug]
        found[slug] = _replayed(version, slug, own, tuple(deeds.get(slug, ())))
    return found


@dataclass(frozen=True)
class _Evidence:
    """A session with its receipts and its presence checks."""

    live: LearningSession
    receipts: Sequence[LearningReceipt]
    checks: Sequence[PresenceCheck]


def _replayed(version: CourseVersionRow, slug: str, sessions: Sequence[_Evidence], deeds: tuple[Deed, ...]) -> Replayed:
    learner = _Learner()
    credited: list[datetime] = []
    for one in sessions:
        if one.live.anew:
            learner.seen, learner.present_ms = (), 0
        credited += _session(one.live, learner, one.receipts, one.checks, version)
    asked = [check for one in sessions for check in one.checks]
    return Replayed(
        seen=learner.seen,
        needed_ms=module_of(version, slug).needed_seconds * 1000,
        sessions=len(sessions),
        receipts=sum(len(one.receipts) for one in sessions),
        asked=len(asked),
        answered=sum(check.answered_at is not None for check in asked),
        deeds=deeds,
        begun_at=min((one.live.opened_at for one in sessions), default=None),
        ended_at=max(credited, default=None),
    )


def _session(
    live: LearningSession,
    learner: _Learner,
    receipts: Sequence[LearningReceipt],
    checks: Sequence[PresenceCheck],
    version: CourseVersionRow,
) -> Iterable[datetime]:
    """Go through one session; gives the instants at which something was credited."""
    module = module_of(version, live.module)
    waiting = sorted((check for check in checks if check.answered_at is not None), key=lambda check: check.at_ms)
    until = live.opened_at
    for receipt in receipts:
        while waiting and waiting[0].answered_at is not None and waiting[0].answered_at <= receipt.received_at:
            check = waiting.pop(0)
            answered_at = check.answered_at or check.asked_at
            learner.present_ms = max(learner.present_ms, check.at_ms)
            until = min(answered_at, until + (answered_at - check.asked_at))
        state = State(
            seen=learner.seen,
            needed_ms=module.needed_seconds * 1000,
            credited_until=until,
            earned_today_ms=0,
            daily_cap_ms=receipt.allowed_ms,
            hold_ms=hold(live.checks, length(learner.seen), learner.present_ms),
            skip=module.rules.skip_forward,
            rate=module.rules.speed_max,
        )
        decision = decide([(a, b) for a, b in receipt.spans], state, receipt.received_at)
        learner.seen, until = decision.seen, decision.credited_until
        if decision.credited_ms:
            yield receipt.received_at
    for check in waiting:
        learner.present_ms = max(learner.present_ms, check.at_ms)


def _sessions(
    session: Session, records: Sequence[int], version_id: int, slugs: Sequence[str], window: Window
) -> list[LearningSession]:
    query = select(LearningSession).where(
        LearningSession.person_id.in_(records),
        LearningSession.course_version_id == version_id,
        LearningSession.module.in_(slugs),
    )
    return list(session.scalars(query.where(*_within(window, LearningSession.opened_at)).order_by(LearningSession.id)))


def _within(window: Window, column: InstrumentedAttribute[datetime]) -> list[ColumnElement[bool]]:
    """Give the conditions that an instant lies in a window."""
    found = [] if window.since is None else [column > window.since]
    return found if window.until is None else [*found, column <= window.until]


def _receipts(
    session: Session, sessions: Sequence[LearningSession], window: Window
) -> dict[int, list[LearningReceipt]]:
    found: dict[int, list[LearningReceipt]] = {live.id: [] for live in sessions}
    query = select(LearningReceipt).where(LearningReceipt.session_id.in_(found)).order_by(LearningReceipt.id)
    for row in session.scalars(query):
        if window.until is None or row.received_at <= window.until:
            found[row.session_id].append(row)
    return found


def _checks(session: Session, sessions: Sequence[LearningSession], window: Window) -> dict[int, list[PresenceCheck]]:
    found: dict[int, list[PresenceCheck]] = {live.id: [] for live in sessions}
    query = select(PresenceCheck).where(PresenceCheck.session_id.in_(found)).order_by(PresenceCheck.id)
    for row in session.scalars(query):
        if window.until is None or row.asked_at <= window.until:
            found[row.session_id].append(row)
    return found


def _deeds(
    session: Session, records: Sequence[int], version_id: int, slugs: Sequence[str], window: Window
) -> dict[str, list[Deed]]:
    query = select(ModuleDeed.module, ModuleDeed.kind, ModuleDeed.detail, ModuleDeed.done_at).where(
        ModuleDeed.recorded_person_id.in_(records),
        ModuleDeed.course_version_id == version_id,
        ModuleDeed.module.in_(slugs),
    )
    query = query.where(*_within(window, ModuleDeed.done_at)).order_by(ModuleDeed.id)
    found: dict[str, list[Deed]] = {}
    for module, *deed in session.execute(query):
        found.setdefault(module, []).append(Deed(*deed))
    return found


def _records_of(session: Session, person_id: int) -> list[int]:
    """Give the ids of a person's record and of those merged into it, however far back."""
    found, fresh = [person_id], [person_id]
    while fresh:
        fresh = list(session.scalars(select(Person.id).where(Person.merged_into.in_(fresh))))
        found += fresh
    return found

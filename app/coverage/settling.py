"""Commands: freeze the figures of a plan in a region on a day, hashed, signed, and never changed afterwards."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING
from app.coverage.models import Posting
from app.coverage.queries import Ask, freezing
from app.coverage.queries import settlements as queries
from app.coverage.settlement_content import (
    Digest,
    Head,
    SettledRow,
    canonical,
    columns,
    head_json,
    row_json,
    signed_text,
)
from app.coverage.settlement_models import Settlement, SettlementRow, SettlementSeal, SigningKey
from app.kit.batches import batched
from app.kit.errors import Problem
from app.kit.scope import Scope
from app.ops import signing
from app.ops.i18n import N_
from app.organisations import regions
from app.plans import queries as plans
from app.plans.queries import Plan


@dataclass(frozen=True)
class Settle:
    """What to freeze; `supersedes` names the settlement that this one takes the place of, for a reason."""

    plan_code: str
    region: str
    on: date
    note: str
    actor: str
    supersedes: int | None = None
    reason: str = ""


def settle(scope: Scope, session: Session, asked: Settle, posting: Posting, today: date) -> int:
    """Freeze the figures as known at the posting, which is open and holds the lock; give the settlement's id.

    Problem 404 for what is out of reach, 409 when it is settled or superseded already, 422 for a day that cannot be
    settled, 500 when enterprises do not add up to the whole.
    """
    ask = Ask(asked.plan_code, asked.on, region=asked.region)
    plan = check(scope, session, ask, today)
    _refuse_second(session, plan, asked)
    known_at = posting.recorded_at
    parts = tuple(freezing.parts(scope, session, ask, today, known_at))
    head = _head(session, plan, parts[0], asked, known_at)
    kept = _store(session, head, plan, asked)
    each = freezing.enterprises(scope, session, ask, today, known_at)
    writing = _Writing(session, kept, parts[0])
    digest = Digest()
    first = ((None, row) for row in parts)
    for _ in digest.through(canonical(head_json(head), writing.each(first, each))):
        pass
    writing.refuse_what_does_not_add_up()
    _seal(session, kept, writing.count, digest.hash, known_at)
    return kept


def check(scope: Scope, session: Session, ask: Ask, today: date) -> Plan:
    """Give the plan when its figures of this day can be settled; Problem 404 or 422 when they cannot."""
    plan = plans.plan(session, ask.plan_code)
    if scope.industries is not None or not scope.reaches_region(ask.region or ""):
        raise Problem(404, "unknown_region", N_("There is no region %(code)s."), {"code": ask.region})
    if not regions.tree(session).meets(plan.regions, ask.region or ""):
        raise Problem(422, "settlement_elsewhere", N_("This plan does not apply in that region."))
    if ask.on is None or ask.on > today:
        raise Problem(422, "settlement_future", N_("A day to come cannot be settled: its figures are not known yet."))
    if ask.on < plan.starts_on:
        message = N_("On %(day)s the plan had not begun: there is nothing to settle.")
        raise Problem(422, "settlement_early", message, {"day": ask.on.isoformat()})
    return plan


def _refuse_second(session: Session, plan: Plan, asked: Settle) -> None:
    """Refuse what is settled already, unless this takes its place; and refuse to take a place twice."""
    standing = queries.in_force(session, plan.code, asked.region, asked.on)
    if standing == asked.supersedes:
        return
    if asked.supersedes is None:
        message = N_("This is settled already. Open that settlement, and supersede it if it has to be settled anew.")
        raise Problem(409, "settled_already", message)
    message = N_("This settlement has been superseded already. Open the one that took its place.")
    raise Problem(409, "superseded_already", message)


def _head(session: Session, plan: Plan, whole: SettledRow, asked: Settle, known_at: datetime) -> Head:
    before = None
    if asked.supersedes is not None:
        before = session.scalar(
            select(SettlementSeal.content_hash).where(SettlementSeal.settlement_id == asked.supersedes)
        )
    return Head(
        plan_code=plan.code,
        plan_name=plan.name,
        plan_deadline=plan.deadline,
        provisional=plan.provisional,
        region=asked.region,
        region_name=whole.name,
        on=asked.on,
        known_at=known_at,
        settled_by=asked.actor,
        note=asked.note,
        supersedes=before,
        reason=asked.reason,
    )


def _store(session: Session, head: Head, plan: Plan, asked: Settle) -> int:
    kept = Settlement(
        plan_id=plan.id,
        plan_code=head.plan_code,
        plan_name=head.plan_name,
        plan_deadline=head.plan_deadline,
        provisional=head.provisional,
        region=head.region,
        region_name=head.region_name,
        on_day=head.on,
        known_at=head.known_at,
        actor=head.settled_by,
        note=head.note,
        supersedes_id=asked.supersedes,
        reason=head.reason,
    )
    session.add(kept)
    session.flush()
    return kept.id


class _Writing:
    """Stores rows on their way to the hash, and adds the enterprises up."""

    def __init__(self, session: Session, settlement_id: int, whole: SettledRow) -> None:
        self.session, self.settlement_id, self.whole = session, settlement_id, whole
        self.count, self.tally, self.statuses = 0, NOTHING, dict.fromkeys(whole.statuses, 0)

    def each(
        self, parts: Iterable[tuple[None, SettledRow]], enterprises: Iterable[tuple[int, SettledRow]]
    ) -> Iterator[dict[str, object]]:
        """Store the rows, many at a time, and give them as they are hashed."""
        for source in (parts, enterprises):
            for chunk in batched(source, freezing.CHUNK):
                stored = [self._stored(self.count + n, id, row) for n, (id, row) in enumerate(chunk)]
                self.session.connection().execute(insert(SettlementRow), stored)
                self.count += len(chunk)
                for id, row in chunk:
                    if id is not None:
                        self.tally = self.tally.plus(row.tally)
                        self.statuses[row.status] = self.statuses.get(row.status, 0) + 1
                    yield row_json(row)

    def _stored(self, position: int, id: int | None, row: SettledRow) -> dict[str, object]:
        return {"settlement_id": self.settlement_id, "position": position, "enterprise_id": id, **columns(row)}

    def refuse_what_does_not_add_up(self) -> None:
        """Refuse to freeze figures of which the parts are not the whole."""
        if (self.tally, self.statuses) != (self.whole.tally, dict(self.whole.statuses)):
            message = N_("The enterprises do not add up to the whole, so nothing was settled. Run `coverall check`.")
            raise Problem(500, "settlement_sums", message)


def _seal(session: Session, settlement_id: int, rows: int, content_hash: str, known_at: datetime) -> None:
    public = signing.public_key()
    key = signing.key_id(public)
    if session.get(SigningKey, key) is None:
        session.add(SigningKey(id=key, public_key=public.hex(), first_used_at=known_at))
        session.flush()
    signature = signing.sign(signed_text(content_hash)).hex()
    session.add(
        SettlementSeal(
            settlement_id=settlement_id, rows=rows, content_hash=content_hash, signature=signature, key_id=key
        )
    )
    session.flush()

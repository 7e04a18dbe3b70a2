"""Fills the pages about settlements: the list, what would be frozen, one and what became of it, the public check."""

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlencode

from app.access import roles
from app.access.scope import Viewer
from app.coverage import settling
from app.coverage.ledger import total
from app.coverage.queries import comparing, coverage, settlements
from app.coverage.queries.comparing import Difference
from app.coverage.queries.settlements import PublicKey, Settled
from app.coverage.queries.since import DIFFERS, since
from app.coverage.status import STATUSES
from app.kit import paging
from app.kit.dates import day_of
from app.kit.errors import Problem
from app.ops import signing
from app.ops.db import Session
from app.ops.i18n import N_
from app.plans import queries as plans
from app.web.bureau.asking import Asked
from app.web.bureau.settled_links import rows_of
from app.web.bureau.settlement_shapes import (
    ComparisonPage,
    DifferenceLine,
    KeysPage,
    ListPage,
    NewPage,
    SettlementPage,
    VerifiedPage,
)
from app.web.paged import place_of

CHANGES_SHOWN = 8
"""Postings that are listed of one enterprise; the rest are told in one line."""


def list_page(viewer: Viewer, session: Session, plan: str, after: str) -> ListPage:
    """Fill the list."""
    place = place_of(after)
    listed = settlements.settlements(viewer.scope, session, plan, after=place.key or None)
    shown = place.shown(len(listed.rows), listed.after)
    link = f"/settlements?{f'plan={plan}&' if plan else ''}after={shown.next}" if shown.next else ""
    behind = {one.id: rows_of(viewer, one, known_at=one.head.known_at) for one in listed.rows}
    offered = plans.plans(session)
    known = plan if plan in {one.code for one in offered} else ""
    return ListPage(listed.rows, behind, shown, offered, known, link, viewer.may(roles.SETTLEMENTS_WRITE))


def new_page(viewer: Viewer, session: Session, asked: Asked, now: datetime) -> NewPage:
    """Fill the form with what would be frozen."""
    refusal = ""
    try:
        settling.check(viewer.scope, session, asked.ask, asked.today)
    except Problem as problem:
        refusal = problem.code
    figures = coverage(viewer.scope, session, asked.ask, asked.today, now).figures
    standing = settlements.in_force(session, asked.plan.code, asked.region, asked.on)
    return NewPage(asked, figures, standing, refusal)


def settlement_page(viewer: Viewer, session: Session, number: int, today: date) -> SettlementPage:
    """Fill a settlement's page; Problem 404."""
    settled = settlements.settlement(viewer.scope, session, number)
    then = rows_of(viewer, settled, known_at=settled.head.known_at)
    return SettlementPage(settled, then, settlements.parts(session, number), viewer.may(roles.SETTLEMENTS_WRITE), today)


def checked_differs(differs: str = "") -> str:
    """Check in what enterprises are to differ; Problem 422 for what does not exist."""
    if differs and differs not in DIFFERS:
        raise Problem(422, "differs", N_("There is no such figure in a comparison."))
    return differs


def comparison_page(
    viewer: Viewer, session: Session, number: int, differs: str, after: str, now: datetime
) -> ComparisonPage:
    """Fill the comparison with what is known now."""
    settled, today = settlements.settlement(viewer.scope, session, number), day_of(now)
    asked, place = since(viewer.scope, session, settled, today, now), place_of(after)
    scope, key = viewer.scope, place.key or None
    comparison = comparing.compare(scope, session, asked, today, now, differs=differs, after=key)
    listed = comparison.differences
    shown = place.shown(len(listed.rows), listed.after, comparison.listed)
    narrowed = {"differs": differs} if differs else {}
    link = f"/settlements/{number}/comparison?{urlencode(narrowed | {'after': shown.next})}" if shown.next else ""
    present = {*comparison.settled_figures.statuses, *comparison.current.statuses}
    statuses = tuple(status for status in reversed(STATUSES) if status in present)
    lines = tuple(_line(difference, viewer) for difference in listed.rows)
    then, current = (rows_of(viewer, settled, known_at=at) for at in (settled.head.known_at, None))
    return ComparisonPage(settled, then, current, comparison, lines, shown, link, now, statuses, differs)


def _line(difference: Difference, viewer: Viewer) -> DifferenceLine:
    reached = viewer.scope.reaches_enterprise(difference.enterprise_id, difference.region) and viewer.sees_people
    changes = difference.changes
    shown = len(changes) if len(changes) <= CHANGES_SHOWN else CHANGES_SHOWN - 1
    listed, rest = changes[len(changes) - shown :], changes[: len(changes) - shown]
    return DifferenceLine(difference, reached, listed, len(rest), total(change.tally for change in rest))


def every_difference(viewer: Viewer, session: Session, settled: Settled, now: datetime) -> Iterator[Difference]:
    """Give all enterprises that differ, a good many at a time."""
    asked = since(viewer.scope, session, settled, day_of(now), now)
    return paging.every(lambda after: comparing.differences(session, asked, after=after, size=2000))


def verified_page(session: Session, content: str) -> VerifiedPage:
    """Fill the public page of a settlement's hash; Problem 404."""
    settled = settlements.by_hash(session, content)
    whole, keys, *_ = settlements.parts(session, settled.id)
    latest = settlements.hash_of(session, settled.superseded_by) if settled.superseded_by else ""
    public, signature = bytes.fromhex(settled.seal.public_key), bytes.fromhex(settled.seal.signature)
    fits = signing.verifies(public, signature, settlements.signed(settled))
    return VerifiedPage(settled, whole, keys, fits, latest)


def keys_page(session: Session) -> KeysPage:
    """Fill the public page of the keys; the one in use is there before it has signed anything."""
    current = signing.public_key()
    used = settlements.keys(session)
    ready = PublicKey(signing.key_id(current), current.hex(), None)
    keys = used if ready.id in {key.id for key in used} else (ready, *used)
    return KeysPage(tuple((key, signing.pem(bytes.fromhex(key.public_key))) for key in keys), ready.id)

"""What became of settled figures: settled against current, enterprise by enterprise, with what explains a difference.

A difference is the sum of the entries recorded since (see since.py); they are told posting by posting.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.coverage.ledger import NOTHING, Tally
from app.coverage.models import EnterpriseStanding, Entry, Posting
from app.coverage.queries.answers import Figures
from app.coverage.queries.figures import coverage
from app.coverage.queries.settlements import Settled
from app.coverage.queries.since import Since, ask_of, changed_enterprises, per_posting, turns_per_posting
from app.coverage.settlement_models import SettlementRow
from app.kit.paging import Page, numbers, page
from app.kit.scope import Scope
from app.organisations.models import Enterprise

TREE = "region_tree"
"""The kind of a line that no posting explains: the region tree was changed."""


@dataclass(frozen=True)
class Change:
    """What one posting changed at one enterprise: figures, and enterprises by status (-1: it was; +1: it became)."""

    enterprise_id: int
    posting_id: int
    kind: str
    recorded_at: datetime | None
    tally: Tally = NOTHING
    statuses: Mapping[str, int] = field(default_factory=dict)

    @property
    def before(self) -> str:
        """Give the status that it was; '' where it stayed the same or there was none."""
        return next((status for status, delta in self.statuses.items() if delta < 0), "")

    @property
    def after(self) -> str:
        """Give the status that it became; '' where it stayed the same or there is none."""
        return next((status for status, delta in self.statuses.items() if delta > 0), "")


@dataclass(frozen=True)
class Standing:
    """An enterprise's figures on one side; `status` is '' where it is not among those taken in."""

    tally: Tally = NOTHING
    status: str = ""


@dataclass(frozen=True)
class Difference:
    """An enterprise whose figures or status differ; `changes` are what was recorded since, oldest first.

    region: where it lies today, which decides who looks after it.
    """

    enterprise_id: int
    uscc: str
    name: str
    region: str
    settled: Standing
    current: Standing
    changes: tuple[Change, ...]

    @property
    def unexplained(self) -> Tally:
        """Give what the changes leave unexplained; NOTHING unless the books were tampered with."""
        found = self.current.tally.plus(self.settled.tally, -1)
        for change in self.changes:
            found = found.plus(change.tally, -1)
        return found


@dataclass(frozen=True)
class Comparison:
    """The whole, settled and as known now, and a page of the enterprises that differ, the largest changes first.

    changed: how many differ in all; listed: how many in what was asked for; explained: the sum of the entries that were
    recorded since.
    """

    settled: Settled
    settled_figures: Figures
    current: Figures
    changed: int
    listed: int
    explained: Tally
    differences: Page[Difference]

    @property
    def difference(self) -> Tally:
        """Give current less settled."""
        return self.current.tally.plus(self.settled_figures.tally, -1)

    @property
    def unexplained(self) -> Tally:
        """Give what the entries leave unexplained; NOTHING unless the books were tampered with."""
        return self.difference.plus(self.explained, -1)


def compare(
    scope: Scope,
    session: Session,
    asked: Since,
    today: date,
    now: datetime,
    *,
    differs: str = "",
    after: str | None = None,
    size: int = 50,
) -> Comparison:
    """Compare a settlement with what is known now; list the enterprises that differ, perhaps in one thing alone."""
    row = SettlementRow
    first = session.execute(
        select(row.required, row.covered, row.waived, row.statuses, row.stale).where(
            row.settlement_id == asked.settled.id, row.position == 0
        )
    ).one()
    listed = _listed(session, asked, after, size, differs)
    whole = listed if not differs and (listed.keys.rows or after is None) else _listed(session, asked, None, 1)
    return Comparison(
        settled=asked.settled,
        settled_figures=Figures(Tally(*first[:3]), first.statuses, first.stale),
        current=coverage(scope, session, ask_of(asked.settled), today, now).figures,
        changed=whole.count,
        listed=listed.count,
        explained=whole.explained,
        differences=_page(session, asked, listed),
    )


def differences(session: Session, asked: Since, *, after: str | None = None, size: int = 50) -> Page[Difference]:
    """List a page of the enterprises that differ, those of which most has changed first."""
    return _page(session, asked, _listed(session, asked, after, size))


@dataclass(frozen=True)
class _Listed:
    """Enterprises that differ, by id and weight; how many there are in all, and what all of them come to."""

    keys: Page[tuple[int, int]]
    count: int
    explained: Tally


def _listed(session: Session, asked: Since, after: str | None, size: int, differs: str = "") -> _Listed:
    each = changed_enterprises(asked, differs).subquery()
    sums = [func.sum(each.c[name]).over() for name in Tally._fields]
    whole = select(each.c.enterprise_id, each.c.weight, func.count().over().label("count"), *sums).subquery()
    id, weight = whole.c.enterprise_id, whole.c.weight
    query = select(whole).order_by(-weight, id).limit(size + 1)
    if after is not None:
        last_weight, last_id = numbers(after, 2)
        query = query.where(or_(weight < last_weight, and_(weight == last_weight, id > last_id)))
    found = session.execute(query).all()
    keys = [(int(row[0]), int(row[1])) for row in found]
    count, *explained = (int(amount) for amount in found[0][2:]) if found else (0, 0, 0, 0)
    return _Listed(page(keys, size, lambda key: f"{key[1]}.{key[0]}"), count, Tally(*explained))


def _page(session: Session, asked: Since, listed: _Listed) -> Page[Difference]:
    return Page(_differences(session, asked, [id for id, _ in listed.keys.rows]), listed.keys.after)


def _differences(session: Session, asked: Since, ids: Sequence[int]) -> tuple[Difference, ...]:
    who = select(Enterprise.id, Enterprise.uscc, Enterprise.name, Enterprise.region).where(Enterprise.id.in_(ids))
    named = {id: (uscc, name, region) for id, uscc, name, region in session.execute(who)}
    before, current = _settled(session, asked.settled, ids), _current(session, asked, ids)
    changes: dict[int, list[Change]] = {}
    for change in _changes(session, asked, ids):
        changes.setdefault(change.enterprise_id, []).append(change)
    none = Standing()
    return tuple(
        Difference(id, *named[id], before.get(id, none), current.get(id, none), tuple(changes.get(id, ())))
        for id in ids
    )


def _settled(session: Session, settled: Settled, ids: Sequence[int]) -> dict[int, Standing]:
    row = SettlementRow
    query = select(row.enterprise_id, row.required, row.covered, row.waived, row.status)
    found = session.execute(query.where(row.settlement_id == settled.id, row.enterprise_id.in_(ids)))
    return {int(id): Standing(Tally(*sums), status) for id, *sums, status in found if id is not None}


def _current(session: Session, asked: Since, ids: Sequence[int]) -> dict[int, Standing]:
    entry, standing, question = Entry, EnterpriseStanding, asked.question
    sums = (func.sum(entry.required), func.sum(entry.covered), func.sum(entry.waived))
    query = select(entry.enterprise_id, *sums).where(*question.entries(entry), entry.enterprise_id.in_(ids))
    tallies = {
        int(id): Tally(*(int(amount) for amount in amounts))
        for id, *amounts in session.execute(query.group_by(entry.enterprise_id))
    }
    in_force = question.spans(standing, found_by_region=False)
    states = select(standing.enterprise_id, standing.status).where(*in_force)
    statuses = {int(id): status for id, status in session.execute(states.where(standing.enterprise_id.in_(ids)))}
    return {id: Standing(tallies.get(id, NOTHING), statuses.get(id, "")) for id in {*tallies, *statuses}}


def _changes(session: Session, asked: Since, ids: Sequence[int]) -> Iterable[Change]:
    """Give what each posting changed at these enterprises, in the order in which it was recorded."""
    found: dict[tuple[int, int], Change] = {}
    for enterprise, posting, *sums in session.execute(per_posting(asked, ids)):
        found[enterprise, posting] = Change(enterprise, posting, TREE, None, Tally(*(int(amount) for amount in sums)))
    for enterprise, posting, status, delta in session.execute(turns_per_posting(asked, ids)):
        change = found.get((enterprise, posting), Change(enterprise, posting, TREE, None))
        found[enterprise, posting] = replace(change, statuses={**change.statuses, status: int(delta)})
    kinds = _postings(session, {posting for _, posting in found} - {0})
    named = [
        replace(change, kind=kinds[posting][0], recorded_at=kinds[posting][1]) if posting else change
        for (_, posting), change in found.items()
        if change.tally != NOTHING or change.statuses
    ]
    return sorted(named, key=lambda change: (change.enterprise_id, change.recorded_at or asked.known_at))


def _postings(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, datetime]]:
    found = session.execute(select(Posting.id, Posting.kind, Posting.recorded_at).where(Posting.id.in_(sorted(ids))))
    return {id: (kind, recorded_at) for id, kind, recorded_at in found}

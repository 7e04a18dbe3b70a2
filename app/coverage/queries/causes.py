"""What was recorded about enterprises that moves posts into a plan, within it and out of it: when, and by whom."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.coverage.steps import PLACING, Fact
from app.coverage.versions import visible
from app.identity.models import AuditEvent
from app.kit.dates import ALWAYS
from app.organisations import dated
from app.organisations.models import EnterpriseFact

ACTS = ("import.enterprises", "enterprise.close")
"""The acts that record such facts, as the audit trail calls them; each at the instant at which it recorded them."""


def facts(session: Session, enterprises: Collection[int], known_at: datetime | None) -> dict[int, tuple[Fact, ...]]:
    """Give by enterprise the facts that began on a day, as known at an instant, each with who recorded it."""
    row = EnterpriseFact
    query = select(row.enterprise_id, row.attribute, row.value, row.effective_on, row.recorded_at)
    query = query.where(row.enterprise_id.in_(enterprises), row.attribute.in_(PLACING), visible(row, known_at))
    begun = [(id, name, _day(name, value, since), at) for id, name, value, since, at in session.execute(query)]
    who = _actors(session, {at for _, _, day, at in begun if day is not None})
    found: dict[int, tuple[Fact, ...]] = {}
    for id, name, day, at in begun:
        if day is not None:
            found[id] = (*found.get(id, ()), Fact(day, name, at, who.get(at, "")))
    return found


def _day(attribute: str, value: str, since: date) -> date | None:
    """Give the day from which a fact changed something; None for what always was."""
    if attribute == dated.CLOSED_ON:
        return date.fromisoformat(value) if value else None
    return None if since == ALWAYS else since


def _actors(session: Session, instants: Iterable[datetime]) -> Mapping[datetime, str]:
    row = AuditEvent
    wanted = sorted(instants)
    if not wanted:
        return {}
    query = select(row.at, row.actor).where(row.at.in_(wanted), row.action.in_(ACTS))
    return {at: actor for at, actor in session.execute(query)}  # noqa: C416 - rows, which dict() is not typed for

"""Scheduled work: on the day a recorded move takes effect, the enterprise passes into its new region's hands."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from app.organisations.models import Enterprise, EnterpriseFact


def follow_moves(session: Session, today: date) -> int:
    """Set every enterprise's present region to the one in force today; give how many changed.

    Figures need no such sweep (the ledger holds the move already); who may look at the enterprise does.
    """
    newer = aliased(EnterpriseFact)
    in_force = select(EnterpriseFact.enterprise_id, EnterpriseFact.value).where(
        EnterpriseFact.attribute == "region",
        EnterpriseFact.effective_on <= today,
        EnterpriseFact.superseded_at.is_(None),
        ~select(newer.id)
        .where(
            newer.enterprise_id == EnterpriseFact.enterprise_id,
            newer.attribute == "region",
            newer.effective_on > EnterpriseFact.effective_on,
            newer.effective_on <= today,
            newer.superseded_at.is_(None),
        )
        .exists(),
    )
    now_there = in_force.subquery()
    moved = session.execute(
        select(Enterprise.id, now_there.c.value)
        .join(now_there, now_there.c.enterprise_id == Enterprise.id)
        .where(Enterprise.region != now_there.c.value)
    ).all()
    for enterprise_id, region in moved:
        session.execute(update(Enterprise).where(Enterprise.id == enterprise_id).values(region=region))
    return len(moved)

"""Acknowledge an alarm: who looked at it, when, and what came of it."""

from datetime import datetime

from app.identity import service as identity
from app.identity.service import Actor
from app.ops import alarms
from app.ops.db import Session
from app.workflows.reasons import stated


def acknowledge_alarm(session: Session, alarm_id: int, note: str, by: Actor, now: datetime) -> None:
    """Close an open alarm and the open ones of its kind before it; Problem 404, 409 or 422 (no note)."""
    told = stated(note)
    for closed in alarms.acknowledge(session, alarm_id, by.name, told, now):
        identity.audit(session, by, "alarm.acknowledge", "alarm", closed, now, {"reason": told})

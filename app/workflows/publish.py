"""Show a region's coverage under a plan to the public (主动公开), or take it back: who, when and why."""

from dataclasses import dataclass
from datetime import datetime

from app.coverage import publications
from app.identity import service as identity
from app.identity.service import Actor
from app.kit.errors import not_found
from app.kit.scope import Scope
from app.ops.db import Session
from app.organisations import regions
from app.plans import queries as plans
from app.workflows.reasons import stated


@dataclass(frozen=True)
class Publish:
    """A region's page under a plan is to be public."""

    plan_code: str
    region: str
    reason: str


def publish(scope: Scope, session: Session, asked: Publish, by: Actor, now: datetime) -> int:
    """Publish a region in reach and give the publication's id; Problem 404, 409 or 422."""
    plan, tree = plans.plan(session, asked.plan_code), regions.tree(session)
    if asked.region not in tree.rows or not scope.reaches_region(asked.region):
        raise not_found()
    if not tree.meets(plan.regions, asked.region):
        raise not_found()
    reason = stated(asked.reason)
    id = publications.begin(session, plan.id, asked.region, by.name, reason, now)
    detail: dict[str, object] = {"plan": plan.code, "region": asked.region, "reason": reason}
    identity.audit(session, by, "publication.add", "publication", id, now, detail)
    return id


def withdraw(scope: Scope, session: Session, publication_id: int, reason: str, by: Actor, now: datetime) -> None:
    """Take a publication of a region in reach back; Problem 404, 409 or 422."""
    region = publications.region_of(session, publication_id)
    if not scope.reaches_region(region):
        raise not_found()
    told = stated(reason)
    publications.end(session, publication_id, by.name, told, now)
    detail: dict[str, object] = {"region": region, "reason": told}
    identity.audit(session, by, "publication.withdraw", "publication", publication_id, now, detail)

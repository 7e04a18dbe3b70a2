"""An office hands workers their activation codes: the first, or after a lost phone or password.

A new code takes an account over: the password ends, and who holds the code sets the next one. So an officer's reach
ends with the worker's post, and an account in use is reset only by an office that reaches every present employer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.identity import queries as identity
from app.identity import service
from app.identity.service import Actor
from app.kit.dates import day_of
from app.kit.errors import Problem, not_found
from app.kit.scope import Scope
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.organisations import roster
from app.organisations.queries import PersonRow

IN_USE = "active"


@dataclass(frozen=True)
class Slip:
    """What an activation slip prints; the code exists only here."""

    person_id: int
    name: str
    masked_id: str
    code: str


def issue_worker_codes(
    scope: Scope, session: Session, enterprise_id: int, person_ids: tuple[int, ...], by: Actor, now: datetime
) -> tuple[Slip, ...]:
    """Hand out codes to people of an enterprise in reach, opening accounts on the way; all of them or none.

    Problem 404 when somebody never had a post there, 403 `left` or `elsewhere` when the account is not for this office.
    """
    enterprise = organisations.enterprise(scope, session, enterprise_id)
    here = replace(scope, regions=frozenset(), enterprises=frozenset({enterprise_id}), person=None)
    people = organisations.people(here, session, person_ids)
    if len(people) != len(set(person_ids)):
        raise not_found()
    employers = roster.employers(session, [person.id for person in people], day_of(now))
    if not scope.reaches_region(enterprise.region):
        _refuse_left(people, employers, enterprise_id)
    _refuse_elsewhere(scope, session, people, employers, enterprise_id, now)
    slips = []
    for person in people:
        account_id = service.open_worker_account(session, person.id, person.name, now)
        slips.append(Slip(person.id, person.name, person.masked_id, service.issue_code(session, account_id, by, now)))
    return tuple(slips)


def _refuse_left(people: Iterable[PersonRow], employers: Mapping[int, frozenset[int]], enterprise_id: int) -> None:
    left = [person for person in people if enterprise_id not in employers[person.id]]
    if left:
        message = N_("No longer in a post here: %(names)s. Their code comes from a later employer or the bureau.")
        raise Problem(403, "left", message, {"names": _names(left)})


def _refuse_elsewhere(
    scope: Scope,
    session: Session,
    people: Iterable[PersonRow],
    employers: Mapping[int, frozenset[int]],
    enterprise_id: int,
    now: datetime,
) -> None:
    """Refuse where somebody out of reach employs a person who uses the account, or who is no longer here."""
    reached = {row.id for row in organisations.enterprises(scope, session, frozenset().union(*employers.values()))}
    outside = [person for person in people if employers[person.id] - reached]
    states = identity.worker_states(session, tuple(person.id for person in outside), now)
    refused = [p for p in outside if states.get(p.id) == IN_USE or enterprise_id not in employers[p.id]]
    if refused:
        message = N_("Also in a post elsewhere: %(names)s. Their code comes from a bureau above both employers.")
        raise Problem(403, "elsewhere", message, {"names": _names(refused)})


def _names(people: Iterable[PersonRow]) -> str:
    return "、".join(person.name for person in people)

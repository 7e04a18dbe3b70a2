"""Opens the sign-ins of the sample: one account for each role, all with the same published password."""

from datetime import datetime

from app.access import service as access
from app.identity import service as identity
from app.kit.errors import not_found
from app.kit.scope import SYSTEM
from app.ops.db import Database, Session
from app.ops.passwords import hash_password
from app.organisations import persons
from app.organisations import queries as organisations
from app.workflows.sample.cast import OFFICER_PHONE, PASSWORD, SIGN_INS, SignIn, hengyue_uscc, worker_id

GRANTED_BY = "coverall demo"


def open_accounts(database: Database, now: datetime) -> None:
    """Open all accounts; nothing else than the sample has this password."""
    hashed = hash_password(PASSWORD)
    with database.session() as session:
        for one in SIGN_INS:
            account_id = _worker(session, one, now) if one.role == "worker" else _staff(session, one, now)
            identity.set_password(session, account_id, hashed, now)


def _worker(session: Session, one: SignIn, now: datetime) -> int:
    hashed = persons.id_hash(worker_id())
    person = persons.known_people(session, [hashed]).get(hashed)
    if person is None:
        raise not_found()
    return identity.open_worker_account(session, person.id, one.name, now)


def _staff(session: Session, one: SignIn, now: datetime) -> int:
    officer = one.login == OFFICER_PHONE
    phone, login = (one.login, None) if officer else ("", one.login)
    account_id = identity.open_staff_account(session, one.name, phone, now, login)
    enterprise = organisations.enterprise_by_uscc(SYSTEM, session, hengyue_uscc()).id if officer else None
    access.grant(session, account_id, one.role, one.region, enterprise, GRANTED_BY, now)
    return account_id

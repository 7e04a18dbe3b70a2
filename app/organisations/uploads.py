"""Uploaded sheets between preview and import: sealed, each its account's own, used once, gone after a day."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.kit.errors import Problem
from app.ops.i18n import N_
from app.ops.secrets import decrypt, encrypt, keyed_hash, random_token, seal, unseal
from app.organisations.models import ImportUpload

KEPT_FOR: Final = timedelta(days=1)
KEPT_EACH: Final = 10
"""How many uploads an account may have at a time; the oldest makes room."""
NAME_LENGTH: Final = 200


@dataclass(frozen=True)
class Upload:
    """An uploaded file; once it was imported (`used_at`), `outcome` is the text that `finish` was given."""

    id: int
    kind: str
    file_name: str
    data: bytes
    options: dict[str, str]
    created_at: datetime
    used_at: datetime | None
    outcome: str


def keep(session: Session, account_id: int, kind: str, file_name: str, data: bytes, now: datetime) -> str:
    """Seal a file away for its account and give the token that finds it; what is past its day is dropped."""
    session.execute(delete(ImportUpload).where(ImportUpload.created_at <= now - KEPT_FOR))
    own = select(ImportUpload.id).where(ImportUpload.account_id == account_id).order_by(ImportUpload.id.desc())
    newest = own.limit(KEPT_EACH - 1)  # inside the same statement, which cannot see an upload that is made meanwhile
    session.execute(delete(ImportUpload).where(ImportUpload.account_id == account_id, ImportUpload.id.not_in(newest)))
    token = random_token()
    session.add(
        ImportUpload(
            token_hash=keyed_hash(token, "upload"),
            kind=kind,
            file_name=file_name.replace("\\", "/").rpartition("/")[2][:NAME_LENGTH],
            options={},
            sealed=seal(data, "upload"),
            account_id=account_id,
            created_at=now,
        )
    )
    return token


def find(session: Session, account_id: int, token: str, now: datetime) -> Upload:
    """Find an account's own upload; Problem 404 when there is none, or its day is over."""
    row = session.scalar(
        select(ImportUpload).where(
            ImportUpload.token_hash == keyed_hash(token, "upload"),
            ImportUpload.account_id == account_id,
            ImportUpload.created_at > now - KEPT_FOR,
        )
    )
    if row is None:
        message = N_("This upload is not there any more: a file is kept for one day. Upload it again.")
        raise Problem(404, "upload_gone", message)
    return Upload(
        row.id,
        row.kind,
        row.file_name,
        unseal(row.sealed, "upload"),
        row.options,
        row.created_at,
        row.used_at,
        _opened(row.result),
    )


def claim(session: Session, upload_id: int, options: Mapping[str, str], now: datetime) -> bool:
    """Mark an upload as used; False when somebody else did so first. Holds until the transaction ends."""
    found = session.scalars(
        update(ImportUpload)
        .where(ImportUpload.id == upload_id, ImportUpload.used_at.is_(None))
        .values(used_at=now, options=dict(options))
        .returning(ImportUpload.id)
    )
    return found.first() is not None


def finish(session: Session, upload_id: int, outcome: str) -> None:
    """Keep what an import said; it may quote cells, so it is sealed like the file."""
    sealed = base64.b64encode(encrypt(outcome, "upload_outcome")).decode()
    session.execute(update(ImportUpload).where(ImportUpload.id == upload_id).values(result={"sealed": sealed}))


def _opened(result: dict[str, object] | None) -> str:
    return decrypt(base64.b64decode(str(result["sealed"])), "upload_outcome") if result else ""

"""How spans and entries are written: appended in bulk, and superseded, never changed otherwise."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import Session

from app.coverage import projections
from app.coverage.ledger import EnterpriseLine, Line, late_class
from app.coverage.models import EnterpriseEntry, EnterpriseStanding, Entry, Posting, Standing
from app.coverage.prepared import MANY, run
from app.kit.batches import batched
from app.kit.dates import day_of
from app.ops import bulk
from app.ops.listed import among


def append(
    session: Session,
    table: type[Standing | Entry | EnterpriseStanding | EnterpriseEntry],
    rows: Sequence[dict[str, Any]],
) -> None:
    """Append rows, many at once; entries are noted for the rollups too."""
    bulk.append(session, table, rows)
    if table is Entry or table is EnterpriseEntry:
        projections.note(session, rows, table)


def supersede(
    session: Session, table: type[Standing | EnterpriseStanding], posting: Posting, ids: Sequence[int]
) -> None:
    """Mark rows as no longer known from the posting on."""
    for chunk in batched(ids, MANY):
        run(session, _stamp(table), {"ids": chunk, "at": posting.recorded_at})


@cache
def _stamp(table: type[Standing | EnterpriseStanding]) -> Update:
    return update(table).where(among(table.id)).values(superseded_at=bindparam("at"))


def line_columns(posting: Posting, line: Line | EnterpriseLine) -> dict[str, Any]:
    """Give the columns that both kinds of entries share."""
    late = late_class(line.effective_on, day_of(posting.recorded_at))
    return {
        "posting_id": posting.id,
        "recorded_at": posting.recorded_at,
        "plan_id": line.plan,
        "region": line.region,
        "industry": line.industry,
        "key_enterprise": line.key_enterprise,
        "enterprise_id": line.enterprise,
        "effective_on": line.effective_on,
        "late": late,
    }

"""Tables: waivers, which are facts; and what follows from facts: postings, spans of standing and status, entries."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column

from app.coverage.ledger import FAR, LONG
from app.ops.db import Base, Day, Instant

IS_FAR = text(f"late <= {FAR}")
"""Which entries an index of those that came far ahead holds."""
NOT_FAR = text(f"late > {FAR}")
"""Which entries of assignments the index by class holds: nothing asks it for others."""
IS_LONG = text(f"late >= {LONG}")
"""Which entries an index of those that came long after holds."""
NO_STATUS = ("stale", "roster", "insured")
IS_STATUS = text(" AND ".join(f"kind <> '{kind}'" for kind in NO_STATUS))
"""Which entries of enterprises an index of those of status holds: a sixth of them.

Told by what they are not: SQLite compares these one by one in a third of the time it takes to look a kind up in a list.
"""


class Waiver(Base):
    """A bureau manager waives one assignment in one plan on [from_on, until_on): who, when and why.

    Superseded when it is withdrawn, by whom and why; one withdrawn from a later day on is replaced by a shorter one.
    """

    __tablename__ = "waiver"
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("post_assignment.id"), index=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    from_on: Mapped[date] = mapped_column(Day)
    until_on: Mapped[date | None] = mapped_column(Day)
    reason: Mapped[str] = mapped_column(String(400))
    actor: Mapped[str] = mapped_column(String(120))
    withdrawn_reason: Mapped[str] = mapped_column(String(400), default="")
    withdrawn_by: Mapped[str] = mapped_column(String(120), default="")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


class Posting(Base):
    """One transaction that changed a fact; `recorded_at` is its own, and later than those of all it builds on."""

    __tablename__ = "posting"
    alone = True
    """Whether it holds the posting lock alone (not stored)."""
    folds = True
    """Whether its entries go into the rollups at once (not stored)."""
    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant, unique=True)
    kind: Mapped[str] = mapped_column(String(30))


class Standing(Base):
    """A post assignment is required by a plan on [from_on, until_on), in this region and industry, covered or not.

    The result of rules.spans(), kept so that a change posts a difference and any day can be listed by person.
    Valid from `recorded_at` until `superseded_at` (null: known now): append-only but for that stamp.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index("ix_standing_assignment", "assignment_id", "superseded_at"),
        Index("ix_standing_enterprise", "plan_id", "enterprise_id", "from_on"),
        Index("ix_standing_region", "plan_id", "region", "covered", "from_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("post_assignment.id"))
    person_id: Mapped[int]
    enterprise_id: Mapped[int]
    post: Mapped[str] = mapped_column(String(40))
    region: Mapped[str] = mapped_column(String(12))
    industry: Mapped[str] = mapped_column(String(30))
    key_enterprise: Mapped[bool]
    from_on: Mapped[date] = mapped_column(Day)
    until_on: Mapped[date] = mapped_column(Day)
    covered: Mapped[bool]
    waived: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


def _by_recording(name: str, where: TextClause, *told: str) -> Index:
    """Index the entries that are summed by the month they were recorded in, so that the sums are read from it alone."""
    columns = ("plan_id", "region", "recorded_at", "effective_on", *told, "late")
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Posted:
    """What an entry of either kind says: by which posting and when, of which plan, where, and how late it came.

    `late` is the bit length of the days that it came late, negative when it came early (ledger.late_class).
    """

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), sort_order=-1)
    recorded_at: Mapped[datetime] = mapped_column(Instant, sort_order=-1)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), sort_order=-1)
    region: Mapped[str] = mapped_column(String(12), sort_order=-1)
    industry: Mapped[str] = mapped_column(String(30), sort_order=-1)
    key_enterprise: Mapped[bool] = mapped_column(sort_order=-1)
    enterprise_id: Mapped[int] = mapped_column(sort_order=-1)
    late: Mapped[int] = mapped_column(sort_order=1)


class Entry(Posted, Base):
    """A ledger entry: from `effective_on` on, so many more are required, covered, waived. Only ever appended."""

    __tablename__ = "entry"
    __table_args__ = (
        Index(
            "ix_entry_region",
            "plan_id",
            "region",
            "effective_on",
            "recorded_at",
            "enterprise_id",
            "industry",
            "post",
            "key_enterprise",
            "required",
            "covered",
            "waived",
        ),
        Index(
            "ix_entry_enterprise",
            "plan_id",
            "enterprise_id",
            "effective_on",
            "recorded_at",
            "post",
            "required",
            "covered",
            "waived",
        ),
        Index(
            "ix_entry_late",
            "plan_id",
            "late",
            "region",
            "effective_on",
            "recorded_at",
            "industry",
            "post",
            "key_enterprise",
            "enterprise_id",
            "required",
            "covered",
            "waived",
            sqlite_where=NOT_FAR,
            postgresql_where=NOT_FAR,
        ),
        _by_recording("ix_entry_far", IS_FAR, "industry", "post", "key_enterprise", "required", "covered", "waived"),
        _by_recording("ix_entry_long", IS_LONG, "industry", "post", "key_enterprise", "required", "covered", "waived"),
    )
    post: Mapped[str] = mapped_column(String(40))
    effective_on: Mapped[date] = mapped_column(Day)
    required: Mapped[int]
    covered: Mapped[int]
    waived: Mapped[int]


class EnterpriseStanding(Base):
    """An enterprise is taken in by a plan on [from_on, until_on) with this status."""

    __tablename__ = "enterprise_standing"
    __table_args__ = (
        Index("ix_enterprise_standing_enterprise", "enterprise_id", "plan_id", "superseded_at", "from_on", "until_on"),
        Index("ix_enterprise_standing_region", "plan_id", "region", "from_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    enterprise_id: Mapped[int]
    region: Mapped[str] = mapped_column(String(12))
    industry: Mapped[str] = mapped_column(String(30))
    key_enterprise: Mapped[bool]
    from_on: Mapped[date] = mapped_column(Day)
    until_on: Mapped[date] = mapped_column(Day)
    status: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


class EnterpriseEntry(Posted, Base):
    """A dated change of an enterprise's figure: kind is a status code (+-1), stale (+-1), insured or roster (+-n).

    `roster` counts distinct persons who hold any post there, `insured` is the head-count of the insurance. `stale` are
    those declared whose roster is long unconfirmed: as it moves with each confirmation, no span says it (staleness.py).
    """

    __tablename__ = "enterprise_entry"
    __table_args__ = (
        Index(
            "ix_enterprise_entry_region",
            "plan_id",
            "region",
            "effective_on",
            "recorded_at",
            "kind",
            "enterprise_id",
            "industry",
            "key_enterprise",
            "delta",
            sqlite_where=IS_STATUS,
            postgresql_where=IS_STATUS,
        ),
        Index(
            "ix_enterprise_entry_enterprise",
            "plan_id",
            "enterprise_id",
            "kind",
            "effective_on",
            "recorded_at",
            "industry",
            "key_enterprise",
            "delta",
        ),
        Index(
            "ix_enterprise_entry_late",
            "plan_id",
            "late",
            "region",
            "effective_on",
            "recorded_at",
            "kind",
            "industry",
            "key_enterprise",
            "enterprise_id",
            "delta",
        ),
        _by_recording("ix_enterprise_entry_far", IS_FAR, "kind", "industry", "key_enterprise", "delta"),
        _by_recording("ix_enterprise_entry_long", IS_LONG, "kind", "industry", "key_enterprise", "delta"),
    )
    kind: Mapped[str] = mapped_column(String(20))
    effective_on: Mapped[date] = mapped_column(Day)
    delta: Mapped[int]

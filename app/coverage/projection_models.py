"""Tables that follow from the ledger and can be dropped and rebuilt: sums by region node, figures of enterprises.

projections.py writes them, projection_proof.py compares them with the ledger. On PostgreSQL writers append to the
pending tables and a fold follows, so that nobody waits for a province's row; on SQLite, with its one writer, every
posting folds at once.
"""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day

YEAR, MONTH, DAY = 0, 1, 2
"""Grains of a rollup: what changed in a year, in a month, on a day. `period` is the first day."""
FIRST, LAST = -1, 1
"""Where shared columns stand in a table: before its own, or after them."""


class Summed:
    """The key of sums: a plan, a node, whether industry and post are told apart, and a period; more of it follows."""

    __table_args__: tuple[object, ...] = ({"sqlite_with_rowid": False},)
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=FIRST)
    node: Mapped[str] = mapped_column(String(12), primary_key=True, sort_order=FIRST)
    each: Mapped[bool] = mapped_column(primary_key=True, sort_order=FIRST)
    grain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=FIRST)
    period: Mapped[date] = mapped_column(Day, primary_key=True, sort_order=FIRST)


class TallyColumns:
    """What is counted of assignments, or by how much it changed."""

    required: Mapped[int] = mapped_column(sort_order=LAST)
    covered: Mapped[int] = mapped_column(sort_order=LAST)
    waived: Mapped[int] = mapped_column(sort_order=LAST)


class Pending:
    """What every entry says that is not folded yet."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=FIRST)
    plan_id: Mapped[int] = mapped_column(sort_order=FIRST)
    region: Mapped[str] = mapped_column(String(12), sort_order=FIRST)
    industry: Mapped[str] = mapped_column(String(30), sort_order=FIRST)


class RegionNode(Base):
    """A region lies in a node of the region tree: in itself, and in everything above it."""

    __tablename__ = "region_node"
    node: Mapped[str] = mapped_column(String(12), primary_key=True)
    region: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)


class TallyRollup(Summed, TallyColumns, Base):
    """By how much the required, covered and waived assignments of a node changed in a period.

    What stands on a day is the sum of the years before its year, the months before its month, and the days up to it.
    `each` rows tell industry and post apart; the others have '' in both.
    """

    __tablename__ = "tally_rollup"
    industry: Mapped[str] = mapped_column(String(30), primary_key=True)
    post: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_enterprise: Mapped[bool] = mapped_column(primary_key=True)


class KindRollup(Summed, Base):
    """The same for enterprises: kind is a status, stale, insured or roster; '' in industry where not `each`."""

    __tablename__ = "kind_rollup"
    industry: Mapped[str] = mapped_column(String(30), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key_enterprise: Mapped[bool] = mapped_column(primary_key=True)
    delta: Mapped[int]


class AheadMonth(Base):
    """A month (its first day) that is over, so that nothing will be recorded in it any more, and is summed up below."""

    __tablename__ = "ahead_month"
    month: Mapped[date] = mapped_column(Day, primary_key=True, autoincrement=False)


class AheadTally(Summed, TallyColumns, Base):
    """What was recorded in a year or month far ahead of the day it takes effect (ledger.FAR), summed by that day.

    So what was to come by a day, as known at an instant, is read without each entry: a plan's first day is known of
    everybody for years. What came long after (ledger.LONG) is here too, under the first day of the month it took effect
    in: before the period, when the other lies after it.
    """

    __tablename__ = "ahead_tally"
    effective_on: Mapped[date] = mapped_column(Day, primary_key=True)
    industry: Mapped[str] = mapped_column(String(30), primary_key=True)
    post: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_enterprise: Mapped[bool] = mapped_column(primary_key=True)


class AheadKind(Summed, Base):
    """The same for enterprises."""

    __tablename__ = "ahead_kind"
    effective_on: Mapped[date] = mapped_column(Day, primary_key=True)
    industry: Mapped[str] = mapped_column(String(30), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key_enterprise: Mapped[bool] = mapped_column(primary_key=True)
    delta: Mapped[int]


class PendingTally(Pending, TallyColumns, Base):
    """Entries that are in the ledger but in no rollup yet. Readers add them."""

    __tablename__ = "pending_tally"
    post: Mapped[str] = mapped_column(String(40))
    key_enterprise: Mapped[bool]
    effective_on: Mapped[date] = mapped_column(Day)


class PendingKind(Pending, Base):
    """The same for enterprise entries."""

    __tablename__ = "pending_kind"
    kind: Mapped[str] = mapped_column(String(20))
    key_enterprise: Mapped[bool]
    effective_on: Mapped[date] = mapped_column(Day)
    delta: Mapped[int]


class FigureSlot(Base):
    """A day at whose end the figures of all enterprises are kept: quarter ends, and (slot 0) the day last rolled to."""

    __tablename__ = "figure_slot"
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    as_of: Mapped[date] = mapped_column(Day)


class EnterpriseFigure(TallyColumns, Base):
    """What is known now of an enterprise in a plan at the end of a slot's day; no row where it is not taken in.

    `rank` is 0 for the undeclared, else 1, and `surplus` is covered - required: together the order of lists.
    """

    __tablename__ = "enterprise_figure"
    __table_args__ = (
        Index(
            "ix_enterprise_figure_order",
            "plan_id",
            "slot",
            "rank",
            "surplus",
            "enterprise_id",
            "region",
            "industry",
            "key_enterprise",
            "status",
        ),
        Index(
            "ix_enterprise_figure_region",
            "plan_id",
            "slot",
            "region",
            "rank",
            "surplus",
            "enterprise_id",
            "industry",
            "key_enterprise",
            "status",
            "required",
            "covered",
            "waived",
        ),
        {"sqlite_with_rowid": False},
    )
    plan_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    enterprise_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int]
    surplus: Mapped[int]
    region: Mapped[str] = mapped_column(String(12))
    industry: Mapped[str] = mapped_column(String(30))
    key_enterprise: Mapped[bool]
    status: Mapped[str] = mapped_column(String(20))

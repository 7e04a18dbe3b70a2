"""Spans of status say nothing of stale rosters any more: that follows from the declarations.

A span of status that was cut where its roster became stale becomes one: as long as both halves were known. What is then
the same span, known from one instant and on from the next, becomes one row. That is what a rebuild would store.
"""

# ruff: noqa: S608 - statements are made of the constants here

import sqlalchemy as sa
from alembic import op

revision = "20261203_staleness"
down_revision = "20261202_thin_indexes"
branch_labels = None
depends_on = None

SPANS, FIGURES, DECLARATIONS = "enterprise_standing", "enterprise_figure", "declaration"
FOREVER = 2**63 - 1
PLACE = "plan_id, enterprise_id, region, industry, key_enterprise"
INDEXES: dict[str, dict[str, tuple[str, ...]]] = {
    SPANS: {
        "enterprise": ("enterprise_id", "plan_id", "superseded_at", "from_on", "until_on"),
        "region": ("plan_id", "region", "from_on"),
    },
    FIGURES: {
        "order": ("plan_id", "slot", "rank", "surplus", "enterprise_id", "region", "industry", "key_enterprise"),
        "region": ("plan_id", "slot", "region", "rank", "surplus", "enterprise_id", "industry", "key_enterprise"),
    },
}
TOLD: dict[str, tuple[str, ...]] = {"order": (), "region": ("required", "covered", "waived")}
"""What the indexes of figures hold besides what status says."""

SPAN = f"span AS NOT MATERIALIZED (SELECT *, coalesce(superseded_at, {FOREVER}) AS till FROM enterprise_standing)"
WHOLE = f"""
    met AS (
        SELECT fresh.id AS fresh, stale.id AS stale, stale.until_on,
            {{latest}}(fresh.recorded_at, stale.recorded_at) AS since, {{earliest}}(fresh.till, stale.till) AS till
        FROM span AS fresh JOIN span AS stale ON stale.enterprise_id = fresh.enterprise_id
            AND stale.plan_id = fresh.plan_id AND stale.from_on = fresh.until_on AND stale.status = fresh.status
            AND stale.region = fresh.region AND stale.industry = fresh.industry
            AND stale.key_enterprise = fresh.key_enterprise
        WHERE stale.stale AND NOT fresh.stale
    ),
    pair AS (SELECT * FROM met WHERE since < till),
    mark AS (
        SELECT id, -1 AS since, recorded_at AS till FROM span
        UNION ALL SELECT fresh, since, till FROM pair
        UNION ALL SELECT stale, since, till FROM pair
    ),
    gap AS (SELECT id, till AS since, lead(since) OVER (PARTITION BY id ORDER BY since) AS till FROM mark),
    piece AS (
        SELECT {PLACE}, from_on, pair.until_on, status, pair.since, pair.till
        FROM pair JOIN span ON span.id = pair.fresh
        UNION ALL SELECT {PLACE}, from_on, until_on, status, gap.since, coalesce(gap.till, span.till)
        FROM gap JOIN span ON span.id = gap.id WHERE gap.since < coalesce(gap.till, span.till)
    )"""
"""Both halves as long as both were known, and each row as long as it was not half of another."""
CUT = f"""
    said AS (
        SELECT enterprise_id, recorded_at AS since, max(confirmed_on) AS confirmed_on
        FROM declaration GROUP BY enterprise_id, recorded_at
    ),
    confirmed AS (
        SELECT enterprise_id AS whose, since AS said_at, coalesce(lead(since) OVER later, {FOREVER}) AS unsaid_at,
            max(confirmed_on) OVER later + 91 AS overdue
        FROM said WINDOW later AS (PARTITION BY enterprise_id ORDER BY since)
    ),
    met AS (
        SELECT span.*, overdue, {{latest}}(recorded_at, said_at) AS since, {{earliest}}(till, unsaid_at) AS ended
        FROM span JOIN confirmed ON whose = enterprise_id AND said_at < till AND recorded_at < unsaid_at
        WHERE status <> 'undeclared'
    ),
    piece AS (
        SELECT {PLACE}, from_on, until_on, status, false AS stale, recorded_at AS since, till
        FROM span WHERE status = 'undeclared' AND recorded_at < till
        UNION ALL SELECT {PLACE}, from_on, {{earliest}}(until_on, overdue), status, false, since, ended
        FROM met WHERE from_on < overdue AND since < ended
        UNION ALL SELECT {PLACE}, {{latest}}(from_on, overdue), until_on, status, true, since, ended
        FROM met WHERE overdue < until_on AND since < ended
    )"""
"""Spans cut where the roster became stale, as was known from one confirmation until the next."""
STALE_FIGURES = """
    UPDATE enterprise_figure SET stale = true WHERE status <> 'undeclared' AND NOT EXISTS (
        SELECT 1 FROM declaration JOIN figure_slot ON figure_slot.slot = enterprise_figure.slot
        WHERE declaration.enterprise_id = enterprise_figure.enterprise_id
            AND declaration.confirmed_on >= figure_slot.as_of - 90
    )"""


def upgrade() -> None:
    """Go up."""
    op.drop_index("ix_declaration_enterprise_id", DECLARATIONS)
    op.create_index(
        "ix_declaration_enterprise", DECLARATIONS, ["enterprise_id", "confirmed_on", "recorded_at", "declared_from"]
    )
    says = f"{PLACE}, from_on, until_on, status"
    _keep(WHOLE, says)
    _unindex(SPANS)
    _empty()
    op.drop_column(SPANS, "stale")
    _put_back(says)
    _index(SPANS)
    _unindex(FIGURES)
    op.drop_column(FIGURES, "stale")
    _index(FIGURES, "status")


def downgrade() -> None:
    """Go down."""
    says = f"{PLACE}, from_on, until_on, status, stale"
    _keep(CUT, says)
    _unindex(SPANS)
    _empty()
    for table in (SPANS, FIGURES):
        op.add_column(table, sa.Column("stale", sa.Boolean(), nullable=False, server_default=sa.false()))
    _put_back(says)
    _index(SPANS)
    _unindex(FIGURES)
    op.execute(STALE_FIGURES)
    _index(FIGURES, "status", "stale")
    op.drop_index("ix_declaration_enterprise", DECLARATIONS)
    op.create_index("ix_declaration_enterprise_id", DECLARATIONS, ["enterprise_id"])


def _keep(pieces: str, says: str) -> None:
    """Keep what the spans become: pieces that say the same and follow on one another in recorded time are one."""
    latest, earliest = ("greatest", "least") if _is_postgresql() else ("max", "min")
    if _is_postgresql():
        op.execute("SET LOCAL work_mem = '256MB'")
    op.execute(f"""
        CREATE TEMPORARY TABLE becoming AS
        WITH {SPAN}, {pieces.format(latest=latest, earliest=earliest)},
        begun AS (
            SELECT piece.*, CASE WHEN lag(till) OVER same >= since THEN 0 ELSE 1 END AS begins
            FROM piece WINDOW same AS (PARTITION BY {says} ORDER BY since)
        ),
        numbered AS (
            SELECT begun.*, sum(begins) OVER (PARTITION BY {says} ORDER BY since) AS number FROM begun
        )
        SELECT {says}, min(since) AS recorded_at, nullif(max(till), {FOREVER}) AS superseded_at
        FROM numbered GROUP BY {says}, number""")


def _empty() -> None:
    op.execute(f"TRUNCATE TABLE {SPANS} RESTART IDENTITY" if _is_postgresql() else f"DELETE FROM {SPANS}")


def _put_back(says: str) -> None:
    op.execute(f"""
        INSERT INTO enterprise_standing ({says}, recorded_at, superseded_at)
        SELECT {says}, recorded_at, superseded_at FROM becoming
        ORDER BY enterprise_id, recorded_at, plan_id, from_on""")
    op.execute("DROP TABLE becoming")


def _unindex(table: str) -> None:
    for name in INDEXES[table]:
        op.drop_index(f"ix_{table}_{name}", table)


def _index(table: str, *says: str) -> None:
    for name, columns in INDEXES[table].items():
        told = (*says, *TOLD[name]) if says else ()
        op.create_index(f"ix_{table}_{name}", table, [*columns, *told])


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"

"""Settlements: figures frozen for a date, written once; triggers refuse every change."""

import sqlalchemy as sa
from alembic import op

from app.ops.db import Day, Instant

revision = "20261123_settlements"
down_revision = "20261123_projections"
branch_labels = None
depends_on = None

TABLES = ("settlement", "settlement_row", "settlement_seal", "signing_key")
FINAL = "A settlement is written once and never changed."
ONCE = {"settlement": "id", "settlement_seal": "settlement_id", "signing_key": "id"}
"""On SQLite, INSERT OR REPLACE would delete without a trigger: a second row with the same key is refused first."""


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "settlement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("plan_code", sa.String(length=60), nullable=False),
        sa.Column("plan_name", sa.String(length=200), nullable=False),
        sa.Column("plan_deadline", Day(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("region_name", sa.String(length=60), nullable=False),
        sa.Column("on_day", Day(), nullable=False),
        sa.Column("known_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_settlement_plan_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["settlement.id"], name=op.f("fk_settlement_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_settlement_supersedes_id")),
    )
    op.create_index(
        op.f("ix_settlement_plan_id_settlement_region_settlement_on_day"), "settlement", ["plan_id", "region", "on_day"]
    )
    op.create_index(op.f("ix_settlement_region"), "settlement", ["region"])
    _rows()
    _seals()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()


def _rows() -> None:
    op.create_table(
        "settlement_row",
        sa.Column("settlement_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=30), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("waived", sa.Integer(), nullable=False),
        sa.Column("statuses", sa.JSON(), nullable=False),
        sa.Column("stale", sa.Integer(), nullable=False),
        sa.Column("roster", sa.Integer(), nullable=True),
        sa.Column("insured", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["settlement_id"], ["settlement.id"], name=op.f("fk_settlement_row_settlement_id")),
        sa.PrimaryKeyConstraint("settlement_id", "position", name=op.f("pk_settlement_row")),
    )
    op.create_index(
        op.f("ix_settlement_row_settlement_id_settlement_row_enterprise_id"),
        "settlement_row",
        ["settlement_id", "enterprise_id"],
    )


def _seals() -> None:
    op.create_table(
        "signing_key",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("first_used_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "settlement_seal",
        sa.Column("settlement_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["signing_key.id"], name=op.f("fk_settlement_seal_key_id")),
        sa.ForeignKeyConstraint(["settlement_id"], ["settlement.id"], name=op.f("fk_settlement_seal_settlement_id")),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_settlement_seal")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_settlement_seal_content_hash")),
    )


def _sqlite_triggers() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{FINAL}'); END"
    for table in TABLES:
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    for table, key in ONCE.items():
        there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - constants
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}")
    sealed = "EXISTS (SELECT 1 FROM settlement_seal WHERE settlement_id = NEW.settlement_id)"
    op.execute(f"CREATE TRIGGER settlement_row_sealed BEFORE INSERT ON settlement_row WHEN {sealed} {refuse}")


def _postgresql_triggers() -> None:
    refuse = f"RAISE EXCEPTION '{FINAL}';"
    op.execute(f"CREATE FUNCTION settlement_is_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse} END $$")
    sealed = "SELECT 1 FROM added JOIN settlement_seal ON settlement_seal.settlement_id = added.settlement_id"
    body = f"BEGIN IF EXISTS ({sealed}) THEN {refuse} END IF; RETURN NULL; END"
    op.execute(f"CREATE FUNCTION settlement_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    for table in TABLES:
        each = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
        op.execute(f"CREATE TRIGGER {table}_final {each} EXECUTE FUNCTION settlement_is_final()")
        whole = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
        op.execute(f"CREATE TRIGGER {table}_kept {whole} EXECUTE FUNCTION settlement_is_final()")
    late = "AFTER INSERT ON settlement_row REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
    op.execute(f"CREATE TRIGGER settlement_row_sealed {late} EXECUTE FUNCTION settlement_is_sealed()")


def downgrade() -> None:
    """Go down. Triggers go with their tables."""
    for table in ("settlement_seal", "signing_key", "settlement_row", "settlement"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION settlement_is_sealed()")
        op.execute("DROP FUNCTION settlement_is_final()")

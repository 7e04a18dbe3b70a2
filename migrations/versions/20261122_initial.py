"""Initial schema."""

import sqlalchemy as sa
from alembic import op

from app.ops.db import Day, Instant

revision = "20261122_initial"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("login", sa.String(length=60), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_phone_hash"), ["phone_hash"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_event_subject_audit_event_subject_id"), ["subject", "subject_id"], unique=False
        )

    op.create_table(
        "course",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_course")),
    )
    op.create_table(
        "import_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_upload")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_import_upload_token_hash")),
    )
    with op.batch_alter_table("import_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_upload_account_id"), ["account_id"], unique=False)

    op.create_table(
        "key_post",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_key_post")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("resident_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("resident_id_hash", sa.String(length=64), nullable=False),
        sa.Column("resident_id_masked", sa.String(length=18), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["person.id"], name=op.f("fk_person_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("resident_id_hash", name=op.f("uq_person_resident_id_hash")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_phone_hash"), ["phone_hash"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("recorded_at", name=op.f("uq_posting_recorded_at")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["region.code"], name=op.f("fk_region_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_parent"), ["parent"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sign_in_attempt_key_hash_sign_in_attempt_at"), ["key_hash", "at"], unique=False
        )

    op.create_table(
        "activation_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.String(length=120), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_activation_code_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_activation_code_code_hash")),
    )
    with op.batch_alter_table("activation_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activation_code_account_id"), ["account_id"], unique=False)

    op.create_table(
        "course_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("current_from", Day(), nullable=False),
        sa.Column("valid_months", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("change", sa.String(length=12), nullable=False),
        sa.Column("retake_from", Day(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["course_code"], ["course.code"], name=op.f("fk_course_version_course_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.UniqueConstraint("course_code", "number", name=op.f("uq_course_version_course_code_number")),
    )
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_version_course_code"), ["course_code"], unique=False)

    op.create_table(
        "enterprise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_enterprise_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("uscc", name=op.f("uq_enterprise_uscc")),
    )
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_region"), ["region"], unique=False)

    op.create_table(
        "enterprise_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=30), nullable=False),
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("effective_on", Day(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_enterprise_entry_plan_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name=op.f("fk_enterprise_entry_posting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_entry")),
    )
    with op.batch_alter_table("enterprise_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enterprise_entry_region",
            ["plan_id", "kind", "region", "effective_on", "recorded_at", "industry", "key_enterprise", "delta"],
            unique=False,
        )
        batch_op.create_index(
            "ix_enterprise_entry_enterprise",
            ["plan_id", "enterprise_id", "kind", "effective_on", "recorded_at", "industry", "key_enterprise", "delta"],
            unique=False,
        )

    op.create_table(
        "enterprise_standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=30), nullable=False),
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("until_on", Day(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_enterprise_standing_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_standing")),
    )
    with op.batch_alter_table("enterprise_standing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enterprise_standing_enterprise", ["enterprise_id", "plan_id", "superseded_at"], unique=False
        )
        batch_op.create_index("ix_enterprise_standing_region", ["plan_id", "region", "from_on"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=30), nullable=False),
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("effective_on", Day(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("waived", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_entry_plan_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name=op.f("fk_entry_posting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_entry_enterprise",
            ["plan_id", "enterprise_id", "effective_on", "recorded_at", "post", "required", "covered", "waived"],
            unique=False,
        )
        batch_op.create_index(
            "ix_entry_region",
            [
                "plan_id",
                "region",
                "effective_on",
                "recorded_at",
                "industry",
                "post",
                "key_enterprise",
                "required",
                "covered",
                "waived",
            ],
            unique=False,
        )

    op.create_table(
        "learning_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_person_id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("day", Day(), nullable=False),
        sa.Column("credited_ms", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_learning_day_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_day")),
        sa.UniqueConstraint(
            "person_id",
            "course_code",
            "day",
            "recorded_person_id",
            name=op.f("uq_learning_day_person_id_course_code_day_recorded_person_id"),
        ),
    )
    op.create_table(
        "person_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("former_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_correction_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_correction")),
    )
    with op.batch_alter_table("person_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_correction_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["person.id"], name=op.f("fk_person_merge_source_id")),
        sa.ForeignKeyConstraint(["target_id"], ["person.id"], name=op.f("fk_person_merge_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merge_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_merge_target_id"), ["target_id"], unique=False)

    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
    )
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_version_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_session_token_hash")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_api_token_enterprise_id")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_api_token_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_person_id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("deadline_at", Instant(), nullable=False),
        sa.Column("submitted_at", Instant(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_attempt_course_version_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attempt_person_id_attempt_course_code_attempt_opened_at"),
            ["person_id", "course_code", "opened_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_attempt_open",
            ["person_id", "course_code"],
            unique=True,
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )

    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("declared_from", Day(), nullable=False),
        sa.Column("confirmed_on", Day(), nullable=False),
        sa.Column("head_count", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_declaration_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "enterprise_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("attribute", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.Column("effective_on", Day(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_fact_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_fact")),
    )
    with op.batch_alter_table("enterprise_fact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enterprise_fact_enterprise_id_enterprise_fact_attribute_enterprise_fact_effective_on"),
            ["enterprise_id", "attribute", "effective_on"],
            unique=False,
        )

    op.create_table(
        "grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("granted_by", sa.String(length=120), nullable=False),
        sa.Column("granted_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_grant_account_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_grant_enterprise_id")),
        sa.ForeignKeyConstraint(["region"], ["region.code"], name=op.f("fk_grant_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "learning_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("anew", sa.Boolean(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("credited_until", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_learning_session_course_version_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_learning_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_learning_session_token_hash")),
    )
    with op.batch_alter_table("learning_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learning_session_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_learning_session_live",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "module_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("intervals", sa.JSON(), nullable=False),
        sa.Column("credited_ms", sa.Integer(), nullable=False),
        sa.Column("needed_ms", sa.Integer(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_module_progress_course_version_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_module_progress_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_progress")),
        sa.UniqueConstraint(
            "person_id",
            "course_version_id",
            "module",
            name=op.f("uq_module_progress_person_id_course_version_id_module"),
        ),
    )
    op.create_table(
        "post_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("trade", sa.String(length=60), nullable=False),
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("ends_on", Day(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_post_assignment_enterprise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_assignment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_assignment")),
    )
    with op.batch_alter_table("post_assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_post_assignment_enterprise_id_post_assignment_post_post_assignment_starts_on"),
            ["enterprise_id", "post", "starts_on"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_post_assignment_person_id_post_assignment_enterprise_id"),
            ["person_id", "enterprise_id"],
            unique=False,
        )

    op.create_table(
        "attempt_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_answer_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_answer")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_attempt_answer_attempt_id_position")),
    )
    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("token", sa.String(length=48), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("recorded_person_id", sa.Integer(), nullable=False),
        sa.Column("holder_name", sa.String(length=60), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("completed_on", Day(), nullable=False),
        sa.Column("valid_until", Day(), nullable=True),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("provider", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_award_attempt_id")),
        sa.ForeignKeyConstraint(["course_code"], ["course.code"], name=op.f("fk_award_course_code")),
        sa.ForeignKeyConstraint(["course_version_id"], ["course_version.id"], name=op.f("fk_award_course_version_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_award_attempt_id")),
        sa.UniqueConstraint("number", name=op.f("uq_award_number")),
        sa.UniqueConstraint("token", name=op.f("uq_award_token")),
    )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_award_person_id_award_course_code_award_completed_on"),
            ["person_id", "course_code", "completed_on"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_award_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_award_recorded_person_id"), ["recorded_person_id"], unique=False)

    op.create_table(
        "learning_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("allowed_ms", sa.Integer(), nullable=False),
        sa.Column("credited_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["learning_session.id"], name=op.f("fk_learning_receipt_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_receipt")),
        sa.UniqueConstraint("session_id", "sequence", name=op.f("uq_learning_receipt_session_id_sequence")),
    )
    op.create_table(
        "post_assignment_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("starts_on", Day(), nullable=False),
        sa.Column("ends_on", Day(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["post_assignment.id"], name=op.f("fk_post_assignment_version_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_post_assignment_version_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_assignment_version_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_assignment_version")),
    )
    with op.batch_alter_table("post_assignment_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_assignment_version_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_post_assignment_version_enterprise_id_post_assignment_version_recorded_at"),
            ["enterprise_id", "recorded_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_post_assignment_version_person_id"), ["person_id"], unique=False)

    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=30), nullable=False),
        sa.Column("key_enterprise", sa.Boolean(), nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("until_on", Day(), nullable=False),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("waived", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["post_assignment.id"], name=op.f("fk_standing_assignment_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_standing_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.create_index("ix_standing_assignment", ["assignment_id", "superseded_at"], unique=False)
        batch_op.create_index("ix_standing_enterprise", ["plan_id", "enterprise_id", "from_on"], unique=False)
        batch_op.create_index("ix_standing_person", ["person_id", "plan_id"], unique=False)
        batch_op.create_index("ix_standing_region", ["plan_id", "region", "covered", "from_on"], unique=False)

    op.create_table(
        "waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("from_on", Day(), nullable=False),
        sa.Column("until_on", Day(), nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_reason", sa.String(length=400), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("superseded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["post_assignment.id"], name=op.f("fk_waiver_assignment_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_waiver_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    with op.batch_alter_table("waiver", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiver_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "revocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("revoked_from", Day(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["award_id"], ["award.id"], name=op.f("fk_revocation_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
    )
    with op.batch_alter_table("revocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revocation_award_id"), ["award_id"], unique=False)


def downgrade() -> None:
    """Go down."""
    with op.batch_alter_table("revocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revocation_award_id"))

    op.drop_table("revocation")
    with op.batch_alter_table("waiver", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waiver_assignment_id"))

    op.drop_table("waiver")
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.drop_index("ix_standing_region")
        batch_op.drop_index("ix_standing_person")
        batch_op.drop_index("ix_standing_enterprise")
        batch_op.drop_index("ix_standing_assignment")

    op.drop_table("standing")
    with op.batch_alter_table("post_assignment_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_assignment_version_person_id"))
        batch_op.drop_index(batch_op.f("ix_post_assignment_version_enterprise_id_post_assignment_version_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_post_assignment_version_assignment_id"))

    op.drop_table("post_assignment_version")
    op.drop_table("learning_receipt")
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_recorded_person_id"))
        batch_op.drop_index(batch_op.f("ix_award_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_award_person_id_award_course_code_award_completed_on"))

    op.drop_table("award")
    op.drop_table("attempt_answer")
    with op.batch_alter_table("post_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_assignment_person_id_post_assignment_enterprise_id"))
        batch_op.drop_index(
            batch_op.f("ix_post_assignment_enterprise_id_post_assignment_post_post_assignment_starts_on")
        )

    op.drop_table("post_assignment")
    op.drop_table("module_progress")
    with op.batch_alter_table("learning_session", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_learning_session_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_learning_session_person_id"))

    op.drop_table("learning_session")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_enterprise_id"))
        batch_op.drop_index(batch_op.f("ix_grant_account_id"))

    op.drop_table("grant")
    with op.batch_alter_table("enterprise_fact", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_enterprise_fact_enterprise_id_enterprise_fact_attribute_enterprise_fact_effective_on")
        )

    op.drop_table("enterprise_fact")
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_enterprise_id"))

    op.drop_table("declaration")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attempt_open",
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_attempt_person_id_attempt_course_code_attempt_opened_at"))

    op.drop_table("attempt")
    op.drop_table("api_token")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_version_plan_id"))

    op.drop_table("plan_version")
    with op.batch_alter_table("person_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_merge_target_id"))
        batch_op.drop_index(batch_op.f("ix_person_merge_source_id"))

    op.drop_table("person_merge")
    with op.batch_alter_table("person_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_correction_person_id"))

    op.drop_table("person_correction")
    op.drop_table("learning_day")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index("ix_entry_region")
        batch_op.drop_index("ix_entry_enterprise")

    op.drop_table("entry")
    with op.batch_alter_table("enterprise_standing", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_standing_region")
        batch_op.drop_index("ix_enterprise_standing_enterprise")

    op.drop_table("enterprise_standing")
    with op.batch_alter_table("enterprise_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_entry_enterprise")
        batch_op.drop_index("ix_enterprise_entry_region")

    op.drop_table("enterprise_entry")
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_region"))
        batch_op.drop_index(batch_op.f("ix_enterprise_name"))

    op.drop_table("enterprise")
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_version_course_code"))

    op.drop_table("course_version")
    with op.batch_alter_table("activation_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activation_code_account_id"))

    op.drop_table("activation_code")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_key_hash_sign_in_attempt_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_at"))

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_parent"))

    op.drop_table("region")
    op.drop_table("posting")
    op.drop_table("plan")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_phone_hash"))
        batch_op.drop_index(batch_op.f("ix_person_merged_into"))

    op.drop_table("person")
    op.drop_table("key_post")
    with op.batch_alter_table("import_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_upload_account_id"))

    op.drop_table("import_upload")
    op.drop_table("course")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_subject_audit_event_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))
        batch_op.drop_index(batch_op.f("ix_audit_event_account_id"))

    op.drop_table("audit_event")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_phone_hash"))

    op.drop_table("account")

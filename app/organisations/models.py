"""Tables: regions, enterprises and their dated facts, people, post assignments and their recorded versions."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.ops.db import Base, Day, Instant

INTAKE = 2**16
"""So many numbers of people make an intake."""
HAS_PHONE = text("phone_hash IS NOT NULL")
"""Whom the index of phone numbers holds."""


class Region(Base):
    """An administrative division (GB/T 2260) or a zone without a national code; parents are explicit."""

    __tablename__ = "region"
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    parent: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)


class RegionPast(Base):
    """Where a region lay before it was put elsewhere: under this parent, as known until `superseded_at`.

    Only moves are kept: where a region lies now, and always lay if it never moved, Region says.
    """

    __tablename__ = "region_past"
    code: Mapped[str] = mapped_column(ForeignKey("region.code"), primary_key=True)
    superseded_at: Mapped[datetime] = mapped_column(Instant, primary_key=True, autoincrement=False)
    parent: Mapped[str | None] = mapped_column(ForeignKey("region.code"))


class Enterprise(Base):
    """An employer, identified by its unified social credit code.

    `region` and `name` are what is known now; everything that coverage counts by is an EnterpriseFact.
    """

    __tablename__ = "enterprise"
    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    region: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)


class EnterpriseFact(Base):
    """One attribute of an enterprise from a day on, as recorded; a later record of the same day supersedes it.

    attribute: region, industry (division, two digits), hazardous_licence (0/1), key_industry (code or ''),
    key_enterprise (0/1), size, insured (head-count), not_applicable (';'-joined post codes), closed_on (ISO date
    or ''). `effective_on` date.min means always. A value holds until the attribute's next effective_on.
    """

    __tablename__ = "enterprise_fact"
    __table_args__ = (Index(None, "enterprise_id", "attribute", "effective_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    attribute: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(400))
    effective_on: Mapped[date] = mapped_column(Day)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


class Declaration(Base):
    """An enterprise said who holds its posts: a roster import (from its earliest start) or a confirmation."""

    __tablename__ = "declaration"
    __table_args__ = (
        Index("ix_declaration_enterprise", "enterprise_id", "confirmed_on", "recorded_at", "declared_from"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    kind: Mapped[str] = mapped_column(String(12))
    """import | confirmation"""
    declared_from: Mapped[date] = mapped_column(Day)
    confirmed_on: Mapped[date] = mapped_column(Day)
    head_count: Mapped[int]
    actor: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class Person(Base):
    """A human being, apart from any employer. The resident ID is sealed and found by its keyed hash.

    Phone numbers are found by intake: their hashes are scattered, and in one index over everybody each person of a
    roster touches a page that nobody touched before. Those of an intake lie together.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_phone", "intake", "phone_hash", sqlite_where=HAS_PHONE, postgresql_where=HAS_PHONE),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    resident_id_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    resident_id_hash: Mapped[str] = mapped_column(String(64), unique=True)
    resident_id_masked: Mapped[str] = mapped_column(String(18))
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hash: Mapped[str | None] = mapped_column(String(64))
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The person that this one turned out to be; all their facts stand there."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    intake: Mapped[int | None]
    """id // INTAKE; null for who was entered before intakes were counted."""


class PersonMerge(Base):
    """Two records of one human being were united: who, when and why. Facts recorded for `source` follow."""

    __tablename__ = "person_merge"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(String(400))
    actor: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class PersonCorrection(Base):
    """A person's name or resident ID was corrected: the sealed former value, who, when and why."""

    __tablename__ = "person_correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    field: Mapped[str] = mapped_column(String(20))
    former_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(String(400))
    actor: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class PostAssignment(Base):
    """A person holds a key post at an enterprise on [starts_on, ends_on): what is known now.

    A row that was corrected away (overlaps united by a merge) has `void` set and counts nowhere.
    """

    __tablename__ = "post_assignment"
    __table_args__ = (
        Index(None, "enterprise_id", "post", "starts_on"),
        Index(None, "person_id", "enterprise_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    post: Mapped[str] = mapped_column(String(40))
    trade: Mapped[str] = mapped_column(String(60), default="")
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)
    void: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class PostAssignmentVersion(Base):
    """What was known of an assignment from `recorded_at` until `superseded_at`: append-only."""

    __tablename__ = "post_assignment_version"
    __table_args__ = (Index(None, "enterprise_id", "recorded_at"), Index(None, "person_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("post_assignment.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    post: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)
    void: Mapped[bool]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)


class ImportUpload(Base):
    """An uploaded sheet between its preview and its confirmation, sealed, used once, dropped after a day."""

    __tablename__ = "import_upload"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    file_name: Mapped[str] = mapped_column(String(200))
    options: Mapped[dict[str, str]] = mapped_column(JSON)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    result: Mapped[dict[str, object] | None] = mapped_column(JSON)

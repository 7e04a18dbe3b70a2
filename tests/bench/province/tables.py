"""Which tables the made facts fill, and their columns in the order of the rows."""

from sqlalchemy import Table

from app.awards.models import Award, Revocation
from app.coverage.models import Waiver
from app.ops.db import Base
from app.organisations.models import (
    Declaration,
    Enterprise,
    EnterpriseFact,
    Person,
    PostAssignment,
    PostAssignmentVersion,
)

MODELS: dict[type[Base], str] = {
    Enterprise: "id uscc name region",
    EnterpriseFact: "id enterprise_id attribute value effective_on recorded_at superseded_at",
    Declaration: "id enterprise_id kind declared_from confirmed_on head_count actor recorded_at",
    Person: "id name resident_id_sealed resident_id_hash resident_id_masked phone_sealed phone_hash created_at",
    PostAssignment: "id person_id enterprise_id post trade starts_on ends_on void recorded_at",
    PostAssignmentVersion: (
        "id assignment_id person_id enterprise_id post starts_on ends_on void recorded_at superseded_at"
    ),
    Award: (
        "id number token person_id recorded_person_id holder_name course_code course_version_id version_number "
        "completed_on valid_until mode origin score hours provider reference evidence recorded_at"
    ),
    Revocation: "id award_id revoked_from reason actor recorded_at",
    Waiver: (
        "id assignment_id plan_id from_on until_on reason actor withdrawn_reason withdrawn_by recorded_at superseded_at"
    ),
}


def table(model: type[Base]) -> Table:
    """Give a model's table."""
    found = Base.metadata.tables[model.__tablename__]
    assert isinstance(found, Table)
    return found


TABLES: dict[str, tuple[str, ...]] = {model.__tablename__: tuple(names.split()) for model, names in MODELS.items()}
"""Columns by table; a column that is not named has its default of the database, or is null."""

"""Reads of coverage: figures, trends, enterprises and people, on any day, as known at any instant."""

from app.coverage.queries.answers import Answer, Figures, Row
from app.coverage.queries.asking import Ask, By, instant_of, parse_known_at
from app.coverage.queries.enterprises import EnterpriseFilter, EnterpriseRow, enterprises
from app.coverage.queries.figures import coverage
from app.coverage.queries.people import (
    AssignmentStanding,
    MissingFilter,
    MissingRow,
    missing,
    of_assignments,
    reason_counts,
)
from app.coverage.queries.persons import (
    AssignmentRow,
    Held,
    PersonStanding,
    PlanStanding,
    WaiverRow,
    person_standing,
    timeline,
)
from app.coverage.queries.trends import Matrix, Point, matrix, trend

__all__ = [
    "Answer",
    "Ask",
    "AssignmentRow",
    "AssignmentStanding",
    "By",
    "EnterpriseFilter",
    "EnterpriseRow",
    "Figures",
    "Held",
    "Matrix",
    "MissingFilter",
    "MissingRow",
    "PersonStanding",
    "PlanStanding",
    "Point",
    "Row",
    "WaiverRow",
    "coverage",
    "enterprises",
    "instant_of",
    "matrix",
    "missing",
    "of_assignments",
    "parse_known_at",
    "person_standing",
    "reason_counts",
    "timeline",
    "trend",
]

"""Reads of coverage: figures, trends, enterprises and people, on any day, as known at any instant."""

from app.coverage.queries.answers import Answer, Figures, Row
from app.coverage.queries.asking import Ask, By, day_asked, instant_of, parse_known_at
from app.coverage.queries.enterprises import EnterpriseFilter, EnterpriseRow, enterprises
from app.coverage.queries.figures import coverage
from app.coverage.queries.people import AssignmentStanding, of_assignments
from app.coverage.queries.persons import (
    AssignmentRow,
    Held,
    PersonStanding,
    PlanStanding,
    WaiverRow,
    person_standing,
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
    "PersonStanding",
    "PlanStanding",
    "Point",
    "Row",
    "WaiverRow",
    "coverage",
    "day_asked",
    "enterprises",
    "instant_of",
    "matrix",
    "of_assignments",
    "parse_known_at",
    "person_standing",
    "trend",
]

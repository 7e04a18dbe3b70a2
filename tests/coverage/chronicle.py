"""Writes a story into a database, step by step, each in one transaction with its posting, as the workflows do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from app.assessment.models import Attempt
from app.awards.models import Award, Revocation
from app.catalogue.models import Course, CourseVersion
from app.coverage import jobs, service
from app.coverage.models import Waiver
from app.kit.dates import day_of
from app.learning.models import LearningDay
from app.ops.db import Base, Database
from app.organisations.models import (
    Declaration,
    Enterprise,
    EnterpriseFact,
    Person,
    PersonMerge,
    PostAssignment,
    PostAssignmentVersion,
    Region,
)
from app.plans.models import KeyPost, Plan, PlanVersion
from app.plans.shapes import Plan as PlanShape
from app.plans.shapes import PlanIndustry, PlanPost, Requirement, to_json
from app.tables import METADATA
from tests.coverage.driver import PLANS
from tests.coverage.histories import COURSES, ENTERPRISES, FIRST, LAST, PEOPLE, POSTS, REGIONS, Row, Step, Story

NUMBERS = count()


def create(database: Database) -> None:
    """Make the tables in an empty database."""
    METADATA.create_all(database.engine)


@contextmanager
def fresh(database_url: str) -> Iterator[Database]:
    """Give a database of one's own beside that of the test, with the tables in it: for one of many examples."""
    database = Database(f"{database_url}.{next(NUMBERS)}")
    create(database)
    yield database
    database.close()


def moments(rng: Random, story: Story, times: int) -> Iterator[tuple[date, datetime | None]]:
    """Give days, and instants at which to ask of them: now, at a step of the story, or just before one."""
    instants = [step.at for step in story.steps]
    for _ in range(times):
        on = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 60))
        yield on, rng.choice([None, rng.choice(instants), rng.choice(instants) - timedelta(microseconds=1)])


def write(database: Database, story: Story, rng: Random | None = None) -> None:
    """Write the whole story; with a source of chance the night's work is done in between, or missed.

    On PostgreSQL some steps then leave their entries for a fold.
    """
    with database.session() as session:
        _stage(session)
    for step in story.steps:
        with database.session() as session:
            write_step(session, story.history, step, folds=database.is_sqlite or rng is None or rng.random() < 0.5)
        if rng is not None and rng.random() < 0.3:
            with database.session() as session:
                jobs.roll(session, day_of(step.at) + timedelta(days=rng.randrange(-40, 400)))
        if rng is not None and rng.random() < 0.2:
            with database.session() as session:
                jobs.fold(session)


def write_step(session: Session, history: Row, step: Step, *, folds: bool = True) -> None:
    """Write one step's facts and post them."""
    posting = service.open_posting(session, step.at, "test")
    assert posting.recorded_at == step.at
    posting.folds = folds
    for table in MAKERS:
        for index, row in enumerate(history[table]):
            if row.get("opened_at", row["recorded_at"]) == step.at:
                _add(session, table, OFFSET + index, row)
            elif step.at in {row.get("superseded_at"), row["recorded_at"]}:
                _stamp(session, table, OFFSET + index, row)
    session.flush()
    touched: dict[str, Any] = {"assignments": step.assignments, "persons": step.persons}
    touched |= {"enterprises": step.enterprises, "declared": step.declared}
    service.post(session, posting, **touched, everything=step.everything)


def _stage(session: Session) -> None:
    parents = [(code, parent) for code, parent in REGIONS.items() if parent is None or parent in REGIONS]
    for code, parent in parents:
        session.add(Region(code=code, name=f"Region {code}", parent=parent))
        session.flush()
    for course in COURSES:
        session.add(Course(code=course))
    for plan, id in PLANS.items():
        session.add(Plan(id=id, code=plan))
    for position, post in enumerate(POSTS):
        session.add(KeyPost(code=post, name=post.title(), aliases=[], position=position))
    for person in PEOPLE:
        sealed = {"resident_id_sealed": b"", "resident_id_hash": str(person), "resident_id_masked": ""}
        session.add(Person(id=person, name=f"Person {person}", **sealed, created_at=EARLY))
    for enterprise in ENTERPRISES:
        session.add(Enterprise(id=enterprise, uscc=f"USCC{enterprise}", name=f"Works {enterprise}", region="100000"))


OFFSET = 1000
"""First id of the rows written here, out of the way of those that a sequence hands out."""
EARLY = datetime.fromisoformat("2020-01-01T00:00:00+00:00")


def _add(session: Session, table: str, id: int, row: Row) -> None:
    when = {"recorded_at": row["recorded_at"]}
    values = {name: value for name, value in row.items() if name not in {"recorded_at", "superseded_at"}}
    made: dict[str, Any] = {"id": id, **when, **values}
    session.add(MAKERS[table](session, made))


def _fact(_: Session, row: Row) -> Base:
    row["enterprise_id"] = row.pop("enterprise")
    return EnterpriseFact(**row)


def _assignment(session: Session, row: Row) -> Base:
    id, assignment = row.pop("id"), row.pop("assignment")
    row |= {"person_id": row.pop("person"), "enterprise_id": row.pop("enterprise")}
    session.merge(PostAssignment(id=assignment, trade="", **row))
    session.flush()
    return PostAssignmentVersion(id=id, assignment_id=assignment, **row)


def _award(session: Session, row: Row) -> Base:
    person, first, course, version = _now(session, row["person"]), row["person"], row["course"], row["version"]
    names = {"number": f"N{row['id']}", "token": f"T{row['id']}", "holder_name": ""}
    names |= {"mode": row["mode"], "origin": "exam"}
    days = {name: row[name] for name in ("completed_on", "valid_until", "recorded_at")}
    keys = {"person_id": person, "recorded_person_id": first, "course_code": course, "version_number": version}
    which = session.query(CourseVersion.id).filter_by(course_code=course, number=version).scalar()
    return Award(id=row["award"], **names, **days, **keys, course_version_id=which, evidence={})


def _revocation(_: Session, row: Row) -> Base:
    row["award_id"] = row.pop("award")
    return Revocation(**row, reason="wrong", actor="Luo")


def _version(_: Session, row: Row) -> Base:
    row["course_code"] = row.pop("course")
    fixed = {"title": "", "content_hash": "", "current_from": row["recorded_at"].date(), "valid_months": None}
    return CourseVersion(**row, **fixed, hours=1, body={})


def _merge(session: Session, row: Row) -> Base:
    source, target = row.pop("source"), row.pop("target")
    for table in (Award, LearningDay, Attempt):
        session.query(table).filter_by(person_id=source).update({"person_id": target})
    return PersonMerge(**row, source_id=source, target_id=target, reason="the same", actor="Luo")


def _waiver(_: Session, row: Row) -> Base:
    row |= {"assignment_id": row.pop("assignment"), "plan_id": PLANS[row.pop("plan")]}
    return Waiver(**row, reason="abroad", actor="Luo")


def _declaration(_: Session, row: Row) -> Base:
    row["enterprise_id"] = row.pop("enterprise")
    return Declaration(**row, kind="import", head_count=0, actor="Chen")


def _learning(session: Session, row: Row) -> Base:
    first, course = row.pop("person"), row.pop("course")
    who = {"person_id": _now(session, first), "recorded_person_id": first}
    return LearningDay(**row, **who, course_code=course, credited_ms=1)


def _attempt(session: Session, row: Row) -> Base:
    first, course = row["person"], row["course"]
    which = session.query(CourseVersion.id).filter_by(course_code=course, number=1).scalar()
    times = {"opened_at": row["opened_at"], "deadline_at": row["opened_at"] + timedelta(hours=1)}
    keys = {"id": row["id"], "person_id": _now(session, first), "recorded_person_id": first, "course_code": course}
    return Attempt(**keys, **times, course_version_id=which, paper="", seed="", questions=[], outcome="")


def _plan(_: Session, row: Row) -> Base:
    plan = PLANS[row["code"]]
    return PlanVersion(id=row["id"], plan_id=plan, body=to_json(shape(row)), recorded_at=row["recorded_at"])


def shape(row: Row) -> PlanShape:
    """Give a plan of the story in the product's shape."""
    days = {name: row[name] for name in ("starts_on", "counts_from", "deadline")}
    names = {"code": row["code"], "name": row["code"].title(), "short_name": row["code"]}
    return PlanShape(
        id=PLANS[row["code"]],
        **names,
        provisional=False,
        **days,
        regions=tuple(row["regions"]),
        posts=tuple(
            PlanPost(code, code.title(), expected, *_term(row["terms"].get(code, {})))
            for code, expected in row["posts"].items()
        ),
        industries=tuple(
            PlanIndustry(i["code"], i["code"].title(), tuple(i["divisions"]), i["licence"], *_term(i))
            for i in row["industries"]
        ),
        requirements=tuple(
            Requirement(r["post"], r["industry"], r["from"], r["to"], tuple(r["courses"]), tuple(r["offline"]))
            for r in row["requirements"]
        ),
    )


def _term(row: Row) -> tuple[date | None, date | None]:
    return row.get("from"), row.get("to")


def _now(session: Session, person: int) -> int:
    merge = session.query(PersonMerge).filter_by(source_id=person).first()
    return _now(session, merge.target_id) if merge else person


def _stamp(session: Session, table: str, id: int, row: Row) -> None:
    """Supersede a row; or record an attempt's result."""
    if table == "attempts":
        attempt = session.get_one(Attempt, id)
        attempt.submitted_at = attempt.recorded_at = row["recorded_at"]
        attempt.outcome = row["outcome"]
    elif table in SUPERSEDED:
        stamped = session.get_one(SUPERSEDED[table], id)
        stamped.superseded_at = row["superseded_at"]


SUPERSEDED: dict[str, Any] = {
    "facts": EnterpriseFact,
    "assignments": PostAssignmentVersion,
    "waivers": Waiver,
    "plans": PlanVersion,
}
MAKERS = {
    "plans": _plan,
    "versions": _version,
    "facts": _fact,
    "assignments": _assignment,
    "awards": _award,
    "revocations": _revocation,
    "merges": _merge,
    "waivers": _waiver,
    "declarations": _declaration,
    "learning": _learning,
    "attempts": _attempt,
}

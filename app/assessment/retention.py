"""Reads how well topics are remembered, for offices: counts of answers in practice, never names."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Integer, cast, exists, func, select
from sqlalchemy.orm import Session

from app.assessment.models import PracticeReview
from app.catalogue import queries as catalogue
from app.kit.scope import Scope
from app.organisations.models import Enterprise, PostAssignment
from app.organisations.queries import reach

LEAST_PEOPLE = 5
"""A topic that fewer people practised has no figures: they would be about persons."""
WINDOW_DAYS = 90


@dataclass(frozen=True)
class Retained:
    """A topic's figures: answers to questions that had been practised on an earlier day. None: too few people."""

    course_code: str
    course_title: str
    topic: str
    topic_name: str
    people: int | None
    answers: int | None
    right: int | None

    @property
    def share(self) -> float | None:
        """Give the share of right answers; None when there are too few people."""
        return None if self.answers is None or self.right is None else self.right / self.answers


def retention(scope: Scope, session: Session, on: date) -> tuple[Retained, ...]:
    """Sum 90 days of practice of people with a post in reach, by course and topic, the least remembered first."""
    row = PracticeReview
    employed = exists().where(
        PostAssignment.person_id == row.person_id,
        PostAssignment.enterprise_id == Enterprise.id,
        PostAssignment.void.is_(False),
        PostAssignment.starts_on <= on,
        (PostAssignment.ends_on.is_(None)) | (PostAssignment.ends_on > on),
        reach(scope),
    )
    people, answers = func.count(row.person_id.distinct()), func.count()
    found = session.execute(
        select(row.course_code, row.topic, people, answers, func.sum(cast(row.right, Integer)))
        .where(row.spaced, row.day > on - timedelta(days=WINDOW_DAYS), row.day <= on, employed)
        .group_by(row.course_code, row.topic)
    ).all()
    names = {version.course_code: version for version in catalogue.listing(session)}
    topics = {code: catalogue.version(session, names[code].id).course.topics for code in {one[0] for one in found}}
    told = [
        Retained(
            code,
            names[code].title,
            topic,
            topics[code].get(topic, topic),
            *((count, total, right) if count >= LEAST_PEOPLE else (None, None, None)),
        )
        for code, topic, count, total, right in found
    ]
    return tuple(sorted(told, key=lambda one: (one.share is None, one.share or 0.0, one.course_code, one.topic)))

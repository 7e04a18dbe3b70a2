"""Loads courses, plans and key posts; coverage follows in the same transaction where it is affected."""

from dataclasses import dataclass
from datetime import datetime

from app.catalogue import service as catalogue
from app.catalogue import store
from app.catalogue.service import CoursesLoaded
from app.coverage import service as coverage
from app.identity import service as identity
from app.identity.service import Actor
from app.ops.db import Session
from app.plans import service as plans
from app.plans.service import PlansLoaded
from app.workflows.read_content import Content


@dataclass(frozen=True)
class ContentLoaded:
    """What loading did to courses and plans."""

    courses: CoursesLoaded
    plans: PlansLoaded


def load_content(session: Session, content: Content, by: Actor, now: datetime) -> ContentLoaded:
    """Load content that was read without errors. Loading the same content again writes nothing at all."""
    changes = catalogue.would_change(session, content.courses)
    changes |= plans.would_change(session, content.plans, content.posts)
    if not changes:
        return _load(session, content, by, now)
    posting = coverage.open_posting(session, now, "content")
    loaded = _load(session, content, by, posting.recorded_at)
    if loaded.plans.added or loaded.plans.changed or loaded.courses.retakes:
        coverage.post(session, posting, everything=True)
    detail: dict[str, object] = {
        "courses": [*loaded.courses.added, *loaded.courses.changed],
        "retakes": list(loaded.courses.retakes),
        "plans": [*loaded.plans.added, *loaded.plans.changed],
        "posts": loaded.plans.posts_changed,
    }
    identity.audit(session, by, "content.load", "content", "all", now, detail)
    return loaded


def _load(session: Session, content: Content, by: Actor, recorded_at: datetime) -> ContentLoaded:
    store.keep(session, store.stored_of(content.courses), content.files)
    courses = catalogue.load(session, content.courses, recorded_at, by.name)
    return ContentLoaded(courses, plans.load(session, content.plans, content.posts, recorded_at))

"""What is held about oneself, to take away: posts, what happened, certificates, signed-in devices."""

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.access import roles
from app.access.scope import Viewer
from app.assessment import results
from app.awards import queries as awards
from app.catalogue import queries as catalogue
from app.identity import queries as identity
from app.learning import activity
from app.ops import clock
from app.ops.db import Session
from app.ops.i18n import N_
from app.organisations import queries as organisations
from app.organisations import roster
from app.plans import queries as plans
from app.reports import person as report
from app.reports.exports import Cells
from app.reports.person import Owner
from app.web.deps import Guard
from app.web.downloads import attachment, chunks, ending, exported
from app.web.learner import own_person
from app.web.pages import speech
from app.web.people.timeline import History, Names, events
from app.web.transactions import Reading
from app.web.written import moment

router = APIRouter()
Learner = Annotated[Viewer, Depends(Guard(roles.OWN))]
TITLE = N_("My record")
MODES = {"online": N_("online"), "offline": N_("offline")}


@exported(router, "/me/record")
def take_away(request: Request, viewer: Learner, session: Reading) -> Response:
    """Give everything that is held about oneself as one file."""
    own_person(viewer)
    kind = ending(request)
    text = speech(request, viewer)
    tables = report.tables(_owner(viewer, session, text), text)
    content = b"".join(chunks(kind, tables))
    return attachment(f"{text(TITLE)}.{kind}", content)


def _owner(viewer: Viewer, session: Session, text: Callable[..., str]) -> Owner:
    person, scope, today = own_person(viewer), viewer.scope, clock.today()
    about = organisations.person(scope, session, person)
    held, posts = awards.of_person(scope, session, person, today), roster.posts_of(scope, session, person)
    names = Names(
        plans.post_names(session),
        catalogue.titles(session),
    )
    history = History(
        posts=posts,
        begun=activity.first_days(session, person),
        attempts=results.closed(session, person),
        awards=held,
        retakes=catalogue.retakes(session),
    )
    told = ((one.on, text(one.words, **one.details), one.note) for one in events(history, names, today))
    return Owner(
        name=about.name,
        masked_id=about.masked_id,
        made_at=moment(clock.now()),
        posts=tuple((p.enterprise, names.post(p.post), p.trade, p.starts_on, p.ends_on) for p in posts),
        events=tuple(told),
        certificates=tuple(
            (c.number, c.course_title, c.completed_on, c.valid_until, c.score, text(MODES[c.mode])) for c in held
        ),
        devices=tuple(_devices(viewer, session)),
    )


def _devices(viewer: Viewer, session: Session) -> Iterator[Cells]:
    for one in identity.sessions_of(session, viewer.account_id or 0, clock.now()):
        yield moment(one.created_at), moment(one.seen_at), one.device

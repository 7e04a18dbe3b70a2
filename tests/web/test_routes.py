"""Walks every route of the application as everybody, in and out of scope: who is let in, and who is not told.

The list of routes comes from the application itself; a route whose parameters nobody told this test about fails it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy.orm import Session
from starlette.types import ASGIApp

from app.access import service as access
from app.access.roles import OWN, PERMISSIONS
from app.api.deps import Bearer
from app.assessment import practice
from app.assessment import service as assessment
from app.assessment.service import OpenAttempt
from app.awards import service as awards
from app.awards.service import AwardRecord
from app.awards.sessions import OpenSession
from app.catalogue import queries as catalogue
from app.catalogue import review_queries
from app.catalogue.reviewing import Remark
from app.coverage import draft_runs
from app.coverage.draft_runs import QueueRun
from app.coverage.draft_sums import Sums
from app.identity import service as identity
from app.kit.scope import SYSTEM
from app.ops import alarms, runs
from app.ops.db import Database
from app.organisations import roster
from app.plans import drafts
from app.plans import queries as plans
from app.plans.drafts import KeepDraft
from app.web.deeds import Deeds
from app.web.deps import Guard
from app.workflows import hold_session
from app.workflows.publish import Publish, publish
from app.workflows.review_course import remark, submit_courses
from app.workflows.settle import SettleFigures, settle_figures
from app.workflows.waive_assignment import WaiveAssignment, waive_assignment
from tests import world
from tests.support.databases import sqlite_copy
from tests.web.browsers import Browser
from tests.web.conftest import SignIn, sign_in_anew

PUBLIC = {
    "/",
    "/sign-in",
    "/activation",
    "/language",
    "/healthz",
    "/robots.txt",
    "/worker.js",
    "/offline",
    "/style-{digest}.css",
    "/verify/{token}",
    "/verification",
    "/settlements/keys",
    "/settlements/verify/{token}",
    "/open",
    "/open/{region}/{plan}",
    "/open/{region}/{plan}.csv",
    "/open/{region}/{plan}.json",
}
NOW = datetime.now(UTC)
REFUSALS = {401, 403, 404}
COURSE = "team-leader"
BODIES = {
    "/attempts/{attempt_id}/answers": {"answers": []},
    "/learning/receipts": {"token": "unknown", "sequence": 1, "spans": []},
    "/learning/presence": {"token": "unknown", "at_ms": 1, "word": "helmet"},
}
"""Well-formed bodies of scripts' requests, so that scope is what decides."""
FORMS = {
    "/enterprises/{enterprise_id}/people/{person_id}/revocations": {"award": "1"},
    "/coverage/publications": {"plan": "liuzhou-2021-2025", "region": "450200", "reason": "x"},
}
"""What a form must hold to be looked at at all; the others are sent empty."""
NAMELESS = {
    "/learning/receipts",
    "/learning/presence",
    "/enterprises/{enterprise_id}/officer-codes",
    *(f"/courses/{{code}}/modules/{{slug}}/{work}" for work in ("choices", "turns", "ticks", "tries")),
    "/media/{digest}/{name}",
}
"""What they act on is named in the body, or is no page of text; this walk names nothing real."""
PLACELESS = {"administrator", "content_editor", "content_reviewer"}
"""Roles that reach no person."""
FOR_STAFF_TOO = ("/account", "/sign-out", "/figures", "/media", "/me/reading")
"""What everybody has, also who has no record of their own."""
REGIONAL = "/coverage"
SETTLED = "/settlements"
"""Pages of a region: an officer has none, and is led (or told to go) to the enterprise's own page."""
NAMES = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True)
class Door:
    """A route: its whole path, its methods, and who stands before it."""

    path: str
    methods: tuple[str, ...]
    guard: Guard | Bearer | None


def doors(app: ASGIApp) -> list[Door]:
    inner: FastAPI = app.app  # type: ignore[attr-defined]  # the shell around FastAPI
    found, others = [], []
    for context in iter_route_contexts(inner.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            methods = tuple(sorted(route.methods or ()))
            found.append(Door(context.path or "", methods, next(guards(route.dependant), None)))
        else:
            others.append(getattr(route, "path", route))
    assert others == ["/static"]
    return found


def guards(dependant: Dependant) -> Iterator[Guard | Bearer]:
    for inner in dependant.dependencies:
        call = inner.call.guard if isinstance(inner.call, Deeds) else inner.call
        if isinstance(call, Guard | Bearer):
            yield call
        yield from guards(inner)


@dataclass(frozen=True)
class Places:
    """Values for every path parameter: of what lies in reach of the whole cast, and of what lies in nobody's."""

    inside: dict[str, str]
    outside: dict[str, str]

    def fill(self, path: str, *, inside: bool) -> str:
        values = self.inside if inside else self.inside | self.outside
        path = path.replace(".{kind}", ".xlsx")
        names = set(NAMES.findall(path))
        assert names <= set(values), f"{path}: tell this test what {names - set(values)} may be"
        return NAMES.sub(lambda found: values[found[1]], path)

    def scoped(self, path: str) -> bool:
        return bool(set(NAMES.findall(path)) & set(self.outside))


@dataclass(frozen=True)
class Cast:
    """Who walks: accounts and API tokens by role, all but the administrator's with Longjiang in reach."""

    accounts: dict[str, int]
    tokens: dict[str, str]
    places: Places


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    return sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def cast(database: Database) -> Cast:
    with database.session() as session:
        lived = world.build(session)
        lan = identity.open_staff_account(session, "兰芳", "", NOW, "lan-viewer")
        access.grant(session, lan, "bureau_viewer", "450200", None, "test", NOW)
        wei = identity.open_worker_account(session, lived.wei, "韦大勇", NOW)
        guarded = {
            "bureau_manager": ("450200", None),
            "bureau_viewer": ("450200", None),
            "officer": (None, lived.longjiang),
            "administrator": (None, None),
        }
        tokens = {role: access.make_token(session, role, role, *place, NOW) for role, place in guarded.items()}
        author = identity.open_staff_account(session, "苏文", "", NOW, "author")
        access.grant(session, author, "content_editor", None, None, "test", NOW)
        expert = identity.open_staff_account(session, "程仪", "", NOW, "expert")
        access.grant(session, expert, "content_reviewer", None, None, "test", NOW)
        spare = identity.open_staff_account(session, "备用", "", NOW, "spare")
        grant = access.grant(session, spare, "bureau_viewer", "450200", None, "test", NOW)
        own = {"account_id": str(spare), "grant_id": str(grant), "token": "unknown"}
        places = Places(inside(session, lived) | own, outside(session, lived))
    staff = {"officer": lived.chen, "bureau_viewer": lan, "bureau_manager": lived.luo, "administrator": lived.guan}
    staff |= {"content_editor": author, "content_reviewer": expert}
    return Cast({"worker": wei, **staff}, tokens, places)


def training_of(session: Session, enterprise: int, person: int) -> str:
    """Open a session held in person, with somebody on its list."""
    asked = OpenSession(COURSE, date(2026, 1, 5), 480, "会议室", "农工", "某某", enterprise, None)
    id = hold_session.open_session(SYSTEM, session, asked, world.OPERATOR, NOW)
    hold_session.enlist(SYSTEM, session, id, [person], world.OPERATOR, NOW)
    return str(id)


def award_of(session: Session, person: int) -> str:
    return str(awards.record(session, AwardRecord(person, COURSE, date(2025, 3, 1), "某某"), NOW))


def attempt_of(session: Session, person: int) -> str:
    version = catalogue.current(session, COURSE, date(2026, 1, 5))
    return str(assessment.open_attempt(session, OpenAttempt(person, version, "seed"), NOW))


def practised_by(session: Session, person: int) -> str:
    """Let somebody have answered a question of the day's practice, of a course whose exam they do not sit."""
    given = practice.Answer(person, frozenset({"injury-insurance-law"}), "injury-insurance-law", "", ())
    asked = practice.today(session, person, given.codes, NOW).next
    assert asked
    return str(practice.answer(session, replace(given, item=asked.item), NOW))


def waiver_of(session: Session, person: int) -> str:
    held = roster.posts_of(SYSTEM, session, person)[0]
    asked = WaiveAssignment(held.assignment_id, "liuzhou-2021-2025", date(2025, 1, 1), None, "long illness")
    return str(waive_assignment(SYSTEM, session, asked, world.OPERATOR, NOW))


def publication_of(session: Session, plan: str, region: str) -> str:
    return str(publish(SYSTEM, session, Publish(plan, region, "asked for"), world.OPERATOR, NOW))


def alarm_of(session: Session) -> str:
    run_id = runs.claim(session, "proof", NOW)
    assert run_id is not None
    alarms.raise_alarm(session, run_id, "proof.findings", "1 findings", 1, (), NOW)
    return str(alarms.listed(session, acknowledged=False, size=1)[0].id)


def draft_of(session: Session, region: str) -> str:
    """Keep a draft of a plan with a comparison that is done."""
    plan = plans.plan(session, "liuzhou-2021-2025")
    draft_id = drafts.keep(session, KeepDraft(plan, plan.id, "draft.toml", region, None, "test"), NOW)
    run_id = draft_runs.queue(session, QueueRun(draft_id, "compare", region, date(2025, 6, 1), None, "test"), NOW)
    draft_runs.begin(session, run_id, 0, NOW, None)
    draft_runs.finish(session, run_id, Sums(), NOW)
    return str(draft_id)


def settlement_of(session: Session, plan: str, region: str) -> str:
    asked = SettleFigures(plan, region, date(2025, 12, 31))
    return str(settle_figures(SYSTEM, session, asked, world.OPERATOR, NOW))


def proposal_of(session: Session) -> dict[str, str]:
    """Hand a course in anew, with a remark on it."""
    taught = catalogue.current(session, COURSE, date(2026, 1, 5)).course
    ((_, id),) = submit_courses(session, [replace(taught, note="改一处")], {}, world.OPERATOR, NOW)
    remark(session, id, Remark("course", "", "请核对条号。"), world.OPERATOR, NOW)
    return {"proposal_id": str(id), "comment_id": str(review_queries.comments(session, id)[0].id)}


def inside(session: Session, lived: world.World) -> dict[str, str]:
    course = catalogue.current(session, COURSE, date(2026, 1, 5))
    module = next(module for module in course.course.modules if module.figures)
    source = re.search(r"/figures/[^/]+/([^/]+)/([^/\"]+)", module.html)
    assert source
    return {
        "enterprise_id": str(lived.longjiang),
        "person_id": str(lived.wei),
        "award_id": award_of(session, lived.wei),
        "training_id": training_of(session, lived.longjiang, lived.wei),
        "attempt_id": attempt_of(session, lived.wei),
        "answer_id": practised_by(session, lived.wei),
        "place": "1",
        "waiver_id": waiver_of(session, lived.wei),
        "settlement_id": settlement_of(session, "liuzhou-2021-2025", "450200"),
        "draft_id": draft_of(session, "450200"),
        "code": COURSE,
        "slug": module.slug,
        "digest": source[1],
        "name": source[2],
        "kind": "roster",
        "alarm_id": alarm_of(session),
        "publication_id": publication_of(session, "liuzhou-2021-2025", "450202"),
        **proposal_of(session),
    }


def outside(session: Session, lived: world.World) -> dict[str, str]:
    return {
        "enterprise_id": str(lived.foshan),
        "person_id": str(lived.zhou),
        "award_id": award_of(session, lived.zhou),
        "training_id": training_of(session, lived.foshan, lived.zhou),
        "attempt_id": attempt_of(session, lived.zhou),
        "answer_id": practised_by(session, lived.zhou),
        "waiver_id": waiver_of(session, lived.zhou),
        "settlement_id": settlement_of(session, "guangdong-2021-2025", "440000"),
        "draft_id": draft_of(session, "440600"),
        "publication_id": publication_of(session, "guangdong-2021-2025", "440600"),
    }


def knock(client: Browser, method: str, path: str, address: str) -> int:
    headers = {} if method in {"GET", "HEAD"} else {"x-csrf-token": client.csrf}
    sent = client.request(method, address, headers=headers, json=BODIES.get(path), data=FORMS.get(path))
    return int(sent.status_code)


def behind(app: ASGIApp, kind: type) -> Iterator[tuple[str, str, str]]:
    """Give (method, path, permission) of every route behind this kind of guard."""
    for door in doors(app):
        if door.guard and isinstance(door.guard, kind):
            for method in door.methods:
                yield method, door.path, door.guard.permission


def test_every_route_is_guarded_or_on_the_short_public_list(app: ASGIApp) -> None:
    assert {door.path for door in doors(app) if door.guard is None} == PUBLIC


def test_nobody_in_particular_is_sent_to_the_sign_in_page(app: ASGIApp, cast: Cast) -> None:
    with Browser(app, follow_redirects=False) as stranger:
        stranger.headers["accept"] = "text/html"
        for method, path, _ in behind(app, Guard):
            expected = 303 if method in {"GET", "HEAD"} else 401
            assert knock(stranger, method, path, cast.places.fill(path, inside=True)) == expected, (method, path)


@pytest.mark.parametrize("role", [*PERMISSIONS])
def test_a_role_is_let_in_where_it_may_and_told_nothing_elsewhere(
    app: ASGIApp, cast: Cast, database: Database, sign_in: SignIn, role: str
) -> None:
    client, wrong = sign_in(cast.accounts[role]), []

    def knocked(method: str, path: str, *, inside: bool) -> int:
        if method not in {"GET", "HEAD"}:  # the one before may have ended the session
            sign_in_anew(client, database, cast.accounts[role])
        return knock(client, method, path, cast.places.fill(path, inside=inside))

    for method, path, permission in behind(app, Guard):
        here = knocked(method, path, inside=True)
        expected = outcomes(role, permission, path)
        if here >= 500 or ((here in REFUSALS or expected) and here not in expected):
            wrong.append((method, path, expected or "let in", here))
        if permission in PERMISSIONS[role] and cast.places.scoped(path):
            there = knocked(method, path, inside=False)
            if there not in {404} | expected:
                wrong.append((method, path, "not told of", there))
    assert not wrong


def outcomes(role: str, permission: str, path: str) -> set[int]:
    """Give the refusals that this role must meet at this door; none: it is let in."""
    if permission not in PERMISSIONS[role]:
        return {403}
    if role == "officer" and path.startswith(SETTLED):
        return {303, 403, 404}
    if role == "officer" and path.startswith(REGIONAL):
        return {303, 403}
    if path.startswith("/certificates/{award_id}"):
        return {404} if PLACELESS & {role} else set()
    if (
        permission == OWN
        and role != "worker"
        and not path.startswith(("/account", "/sign-out", "/figures", "/media", "/me/reading"))
    ):
        return {403}
    return {404} if "{token}" in path or path in NAMELESS else set()


@pytest.mark.parametrize("role", [*PERMISSIONS])
def test_an_unsafe_request_without_the_sessions_token_is_refused(
    app: ASGIApp, cast: Cast, sign_in: SignIn, role: str
) -> None:
    client = sign_in(cast.accounts[role])
    for method, path, _ in behind(app, Guard):
        if method not in {"GET", "HEAD"}:
            assert client.request(method, cast.places.fill(path, inside=True)).status_code == 403, (method, path)


def test_the_api_wants_a_token_whose_role_allows_it(app: ASGIApp, cast: Cast) -> None:
    assert list(behind(app, Bearer))
    with Browser(app, follow_redirects=False) as client:
        for method, path, permission in behind(app, Bearer):
            address = cast.places.fill(path, inside=True)
            assert client.request(method, address).status_code == 401, path
            assert client.request(method, address, headers={"authorization": "Bearer cv_guess"}).status_code == 401
            for role, token in cast.tokens.items():
                status = client.request(method, address, headers={"authorization": f"Bearer {token}"}).status_code
                allowed = permission in PERMISSIONS[role]
                assert (status == 403) != allowed, (role, path, status)
                assert status < 500, (role, path, status)

"""Author and reviewer: what is handed in is taught only when somebody else has approved it."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue import review_queries as reviews
from app.catalogue import service
from app.catalogue.reviewing import Remark
from app.catalogue.shapes import Fact
from app.identity import service as identity
from app.identity.models import AuditEvent
from app.identity.service import Actor
from app.kit.errors import Problem
from app.ops.db import Database
from app.ops.settings import ROOT
from app.workflows import review_course, submit_archive
from app.workflows.review_course import approve, remark, send_back, settle, submit_courses
from tests.courses import small_course

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLI = Actor(None, "cli")
FACTS = {"GSTL-1-1": Fact("GSTL-1-1", "S", "事实", "《条例》第一条"), "GSTL-9-9": Fact("GSTL-9-9", "S", "别的", "别处")}
COURSE = small_course()


def hand_in(session: Session, course: object = COURSE, at: datetime = NOW) -> int:
    ((_, id),) = submit_courses(session, [course], FACTS, CLI, at)  # type: ignore[list-item]
    return id


def test_a_new_course_is_taught_from_its_approval_on(session: Session) -> None:
    id = hand_in(session)
    assert catalogue.listing(session) == ()
    assert reviews.facts(session, id) == {"GSTL-1-1": FACTS["GSTL-1-1"]}
    version = approve(session, id, "可以", CLI, NOW)
    assert [(row.id, row.number) for row in catalogue.listing(session)] == [(version, 1)]
    approval = reviews.approvals(session, [version])[version]
    assert (approval.proposal_id, approval.approved_by) == (id, "cli")
    assert (reviews.proposal(session, id).state, reviews.proposal(session, id).version_id) == ("approved", version)


def test_what_is_taught_or_waits_is_not_handed_in_again(session: Session) -> None:
    id = hand_in(session)
    assert submit_courses(session, [COURSE], FACTS, CLI, NOW) == []
    approve(session, id, "", CLI, NOW)
    assert submit_courses(session, [COURSE], FACTS, CLI, NOW) == []


def test_a_newer_text_replaces_the_one_that_waits(session: Session) -> None:
    first = hand_in(session)
    second = hand_in(session, replace(COURSE, note="改过"))
    assert [row.id for row in reviews.waiting(session)] == [second]
    assert reviews.proposal(session, first).state == "replaced"
    with pytest.raises(Problem) as refused:
        approve(session, first, "", CLI, NOW)
    assert refused.value.code == "decided"


def test_remarks_must_be_settled_before_approval(session: Session) -> None:
    id = hand_in(session)
    remark(session, id, Remark("item", "s1", "选项太长"), CLI, NOW)
    with pytest.raises(Problem) as refused:
        approve(session, id, "", CLI, NOW)
    assert refused.value.code == "unsettled"
    (comment,) = reviews.comments(session, id)
    settle(session, id, comment.id, CLI, NOW)
    assert approve(session, id, "", CLI, NOW)


@pytest.mark.parametrize("said", [Remark("item", "unknown", "x"), Remark("module", "s1", "x")])
def test_a_remark_needs_its_place(session: Session, said: Remark) -> None:
    id = hand_in(session)
    with pytest.raises(Problem) as refused:
        remark(session, id, said, CLI, NOW)
    assert refused.value.status == 404


@pytest.mark.parametrize("words", ["", "  ", "长" * 2001])
def test_remarks_and_returns_need_words(session: Session, words: str) -> None:
    id = hand_in(session)
    with pytest.raises(Problem) as refused:
        remark(session, id, Remark("course", "", words), CLI, NOW)
    assert refused.value.code == "words"
    with pytest.raises(Problem) as refused:
        send_back(session, id, words, CLI, NOW)
    assert refused.value.code == "words"


def test_what_was_returned_is_not_taught_and_can_be_handed_in_again(session: Session) -> None:
    id = hand_in(session)
    send_back(session, id, "第二页的条号不对", CLI, NOW)
    assert catalogue.listing(session) == ()
    assert hand_in(session, replace(COURSE, note="条号已改")) != id


def test_an_author_does_not_approve_their_own_text(session: Session) -> None:
    account = identity.open_staff_account(session, "苏文", "", NOW, "author")
    author = Actor(account, "苏文")
    ((_, id),) = submit_courses(session, [COURSE], FACTS, author, NOW)
    with pytest.raises(Problem) as refused:
        approve(session, id, "", author, NOW)
    assert (refused.value.status, refused.value.code) == (403, "own_text")


def test_a_text_that_follows_an_older_version_is_not_approved(session: Session) -> None:
    approve(session, hand_in(session), "", CLI, NOW)
    id = hand_in(session, replace(COURSE, note="改"))
    service.load(session, [replace(COURSE, note="另一改")], NOW + timedelta(hours=1), "cli")
    with pytest.raises(Problem) as refused:
        approve(session, id, "", CLI, NOW)
    assert refused.value.code == "base"


def test_a_retake_in_the_past_is_refused_and_one_to_come_is_loaded(session: Session) -> None:
    approve(session, hand_in(session), "", CLI, NOW)
    past = replace(COURSE, change="retake", retake_from=date(2026, 3, 1), note="改")
    with pytest.raises(Problem) as refused:
        approve(session, hand_in(session, past), "", CLI, NOW)
    assert refused.value.code == "retake_from"
    session.rollback()


def test_an_archive_is_checked_like_files(database: Database, tmp_path: Path) -> None:
    folder = ROOT / "courses" / "catalogue" / "team-leader"
    packed = archive({f"team-leader/{f.relative_to(folder)}": f.read_bytes() for f in folder.rglob("*") if f.is_file()})
    handed = submit_archive.submit(database, packed, CLI, NOW)
    assert (handed.errors, handed.proposal_id is None) == ((), False)
    with pytest.raises(Problem) as refused:
        submit_archive.submit(database, packed, CLI, NOW)
    assert refused.value.code == "unchanged"
    broken = submit_archive.submit(database, archive({"broken/course.toml": b"title = 1"}), CLI, NOW)
    assert broken.proposal_id is None
    assert any("course.toml" in error for error in broken.errors)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive",
        b"0" * (submit_archive.MOST_BYTES + 1),
        pytest.param(None, id="two courses"),
    ],
)
def test_what_is_no_archive_of_a_course_is_refused(database: Database, data: bytes | None) -> None:
    given = archive({"a/course.toml": b"", "b/course.toml": b""}) if data is None else data
    with pytest.raises(Problem) as refused:
        submit_archive.submit(database, given, CLI, NOW)
    assert refused.value.code == "archive"


def archive(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return held.getvalue()


def test_every_act_is_in_the_trail(session: Session) -> None:
    id = hand_in(session)
    review_course.remark(session, id, Remark("course", "", "好"), CLI, NOW)
    settle(session, id, reviews.comments(session, id)[0].id, CLI, NOW)
    approve(session, id, "", CLI, NOW)
    acts = [event.action for event in session.query(AuditEvent).order_by(AuditEvent.id)]
    assert acts == ["course.submit", "course.remark", "course.settle", "course.approve"]

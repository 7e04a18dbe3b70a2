"""The authors' screens: an archive handed in, read, remarked on, returned, approved; nobody else is let in."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.access import service as access
from app.catalogue import queries as catalogue
from app.catalogue import review_queries as reviews
from app.identity import service as identity
from app.ops.db import Database
from app.ops.settings import ROOT
from app.workflows.review_course import submit_courses
from tests import world
from tests.web.browsers import Browser
from tests.web.conftest import SignIn
from tests.workflows.test_review_course import archive

NOW = datetime.now(UTC)
COURSE = "team-leader"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def author(lived_in: world.World, database: Database, sign_in: SignIn) -> Browser:
    return sign_in(staff(database, "苏文", "content_editor"))


@pytest.fixture
def expert(lived_in: world.World, database: Database, sign_in: SignIn) -> Browser:
    return sign_in(staff(database, "程仪", "content_reviewer"))


def staff(database: Database, name: str, role: str) -> int:
    with database.session() as session:
        account = identity.open_staff_account(session, name, "", NOW, role)
        access.grant(session, account, role, None, None, "test", NOW)
    return account


def packed(**changes: bytes) -> bytes:
    folder = ROOT / "courses" / "catalogue" / COURSE
    files = {f"{COURSE}/{f.relative_to(folder).as_posix()}": f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    return archive(files | {f"{COURSE}/{name}": data for name, data in changes.items()})


def note(text: str) -> dict[str, bytes]:
    about = (ROOT / "courses" / "catalogue" / COURSE / "course.toml").read_text("utf-8")
    before, _, rest = about.partition("[change]")
    return {"course.toml": f'{before}[change]\nkind = "editorial"\nnote = "{text}"\n'.encode()} if rest else {}


def test_a_course_goes_from_its_archive_to_being_taught(author: Browser, expert: Browser, database: Database) -> None:
    sent = author.post(
        "/authors/proposals",
        data={"csrf": author.csrf},
        files={"file": ("team-leader.zip", packed(**note("说清了一处")), "application/zip")},
    )
    assert sent.status_code == 303
    place = sent.headers["location"]
    page = expert.get(place).text
    assert "说清了一处" in page
    assert "苏文" in page
    assert "修订性质：文字修订" in page
    assert "editorial" not in page
    with database.reading() as session:
        course = reviews.content(session, int(place.rpartition("/")[2]))
    module, item = course.modules[0], course.items[0]
    assert module.title in expert.get(f"{place}/modules/{module.slug}").text
    shown = expert.get(f"{place}/items").text
    assert item.stem in shown
    assert item.fact in shown
    said = expert.submit(f"{place}/remarks", kind="item", place=item.id, words="解析再写一句")
    assert said.headers["location"].endswith(f"#{item.id}")
    refused = expert.submit(f"{place}/approval")
    assert refused.status_code == 409
    assert "意见未解决" in refused.text
    assert author.submit(f"{place}/approval").status_code == 403
    with database.reading() as session:
        (comment,) = reviews.comments(session, int(place.rpartition("/")[2]))
    assert expert.submit(f"{place}/remarks/{comment.id}/settlement").status_code == 303
    assert expert.submit(f"{place}/approval", words="可以用").status_code == 303
    with database.reading() as session:
        taught = catalogue.current(session, COURSE, date.max)
    assert (taught.number, taught.course.note) == (2, "说清了一处")
    versions = author.get(f"/authors/courses/{COURSE}").text
    assert "程仪" in versions
    assert "说清了一处" in versions


def test_a_returned_course_says_why(author: Browser, expert: Browser, database: Database) -> None:
    with database.session() as session:
        course = catalogue.current(session, COURSE, date.max).course
        ((_, id),) = submit_courses(session, [replace(course, note="改")], {}, world.OPERATOR, NOW)
    assert expert.submit(f"/authors/proposals/{id}/return", words=" ").status_code == 422
    assert expert.submit(f"/authors/proposals/{id}/return", words="第三页引用旧条号").status_code == 303
    assert "第三页引用旧条号" in author.get(f"/authors/proposals/{id}").text
    assert expert.submit(f"/authors/proposals/{id}/approval").status_code == 409


def test_faults_of_an_archive_are_shown_with_their_file(author: Browser) -> None:
    sent = author.post(
        "/authors/proposals",
        data={"csrf": author.csrf},
        files={"file": ("a.zip", packed(**{"papers/final.toml": b"title = 1\n"}), "application/zip")},
    )
    assert sent.status_code == 422
    assert "papers/final.toml" in sent.text


def test_no_archive_at_all_is_refused(author: Browser) -> None:
    assert author.submit("/authors/proposals").status_code == 422


def test_somebody_who_writes_no_courses_is_not_let_in(lived_in: world.World, sign_in: SignIn) -> None:
    assert sign_in(lived_in.luo).get("/authors").status_code == 403

"""A film in a browser: it is played, time counts as it plays, and who drags ahead is brought back."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.catalogue import service as loading
from app.catalogue import store
from app.catalogue.bodies import Media, Stored
from app.catalogue.kinds.media import stored_digest
from app.identity import service as identity
from app.ops import clock
from app.ops.db import Database
from app.web.deps import cookie_name
from tests.courses_kinds import course_of, of_kind
from tests.learners import a_person
from tests.support.serving import serving
from tests.web.learning.test_browser import PHONE, faultless

pytestmark = pytest.mark.browser
SECONDS = 6
RECORD = """
async (seconds) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const done = new Promise((ended) => { recorder.onstop = ended; });
  recorder.start();
  const paint = () => { pen.fillStyle = `hsl(${performance.now() / 20}, 60%, 50%)`; pen.fillRect(0, 0, 160, 90); };
  const timer = setInterval(paint, 100);
  await new Promise((waited) => setTimeout(waited, seconds * 1000));
  recorder.stop();
  await done;
  clearInterval(timer);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
"""
"""Makes a film in the browser: this repository holds none."""
VTT = b"WEBVTT\n\n00:00.000 --> 00:05.000\n\xe5\x85\x88\xe7\x9c\x8b\xe6\xa2\xaf\xe8\x84\x9a\n"


@pytest.fixture
def film(sqlite_template: Path, tmp_path: Path, page: Page, context: BrowserContext) -> Iterator[str]:
    """Serve a course whose one module is a film of a few seconds; give its address."""
    page.goto("about:blank")
    data = base64.b64decode(page.evaluate(RECORD, SECONDS + 2))
    file = tmp_path / "coverall.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{file}")
    now = clock.now()
    stored = Stored(stored_digest(data), "climb.webm", "video/webm", len(data))
    captions = Stored(stored_digest(VTT), "climb.vtt", "text/vtt; charset=utf-8", len(VTT))
    module = replace(of_kind("video", 1, SECONDS), body=Media(stored, SECONDS, captions, ""))
    with database.session() as session:
        course = course_of(module)
        store.keep(session, store.stored_of([course]), {stored.digest: data, captions.digest: VTT})
        loading.load(session, [course], now, "cli")
        account = identity.open_worker_account(session, a_person(session), "韦大勇", now)
        token = identity.start_session(session, account, "phone", now)
    database.close()
    with serving(tmp_path) as running:
        context.add_cookies([{"name": cookie_name(), "value": token, "url": running.url}])
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        yield f"{running.url}/courses/ladders/modules/001-step"


def test_a_film_counts_as_it_plays_and_not_where_it_is_dragged(film: str, page: Page) -> None:
    page.goto(film)
    faultless(page)
    video = page.locator("video")
    page.wait_for_timeout(1_500)
    video.evaluate("video => { video.muted = true; video.playbackRate = 16; return video.play(); }")
    page.wait_for_timeout(1_500)
    assert video.evaluate("video => video.playbackRate") == 1
    video.evaluate("video => { video.currentTime = 5.5; }")
    page.wait_for_timeout(500)
    assert video.evaluate("video => video.currentTime") < 4
    assert video.evaluate("video => video.textTracks[0].cues.length") == 1
    expect(page.locator("[data-clock]")).to_have_text("本单元已学完。", timeout=30_000)

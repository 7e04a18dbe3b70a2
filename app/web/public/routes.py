"""The addresses that anybody may read: the list of public pages, and each as a page, as JSON and as CSV.

They may be kept by browsers and proxies for five minutes, set no cookie, and speak the language that the address asks
for (`lang=en`), so that one copy serves everybody. Whatever is switched off answers 404 at once.
"""

import hashlib
import json
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.ops import clock
from app.ops.i18n import LANGUAGES, translate
from app.reports.exports import csv_chunks
from app.reports.public import Say, as_json, as_table
from app.web.deps import base_url
from app.web.pages import Look, environment
from app.web.public.page import index, page, report
from app.web.transactions import Base, Reading

router = APIRouter()
READ = ["GET", "HEAD"]
CACHE = "public, max-age=300"
HTML, JSON, CSV = "text/html; charset=utf-8", "application/json; charset=utf-8", "text/csv; charset=utf-8"
NOT_MODIFIED = 304


@router.api_route("/open", methods=READ)
def show_index(request: Request, session: Reading, lang: str = "") -> Response:
    """List the public pages."""
    return _answer(request, _html(request, "public/index.html", index(session), lang), HTML)


@router.api_route("/open/{region}/{plan}.json", methods=READ)
def show_json(request: Request, session: Reading, database: Base, region: str, plan: str, lang: str = "") -> Response:
    """Give a public page's figures as JSON."""
    made, _ = report(database, session, region, plan, base_url(request), clock.now())
    body = json.dumps(as_json(made, _speech(lang)), ensure_ascii=False, indent=1)
    return _answer(request, body.encode(), JSON)


@router.api_route("/open/{region}/{plan}.csv", methods=READ)
def show_csv(request: Request, session: Reading, database: Base, region: str, plan: str, lang: str = "") -> Response:
    """Give a public page's figures as CSV."""
    made, _ = report(database, session, region, plan, base_url(request), clock.now())
    return _answer(request, b"".join(csv_chunks((as_table(made, _speech(lang)),))), CSV)


@router.api_route("/open/{region}/{plan}", methods=READ)
def show_page(request: Request, session: Reading, database: Base, region: str, plan: str, lang: str = "") -> Response:
    """Show a region's public coverage."""
    made, public = report(database, session, region, plan, base_url(request), clock.now())
    shown = page(made, public, _speech(lang))
    return _answer(request, _html(request, "public/coverage.html", shown, lang), HTML)


def _language(lang: str) -> str:
    return lang if lang in LANGUAGES else "zh"


def _speech(lang: str) -> Say:
    return partial(translate, _language(lang))


def _html(request: Request, template: str, shown: object, lang: str) -> bytes:
    """Render without a viewer and without a form's token: the same bytes for everybody."""
    language = _language(lang)
    found = environment(language).get_template(template)
    plain = {"viewer": None, "csrf": "", "look": Look()}
    return found.render(page=shown, language=language, path=request.url.path, **plain).encode()


def _answer(request: Request, body: bytes, media_type: str) -> Response:
    """Answer with what may be kept, or say that what the caller kept is still good."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"Cache-Control": CACHE, "ETag": tag, "Content-Type": media_type}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers)

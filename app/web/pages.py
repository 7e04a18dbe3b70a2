"""Renders pages: one typed context each, StrictUndefined, the viewer's language."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape

from app.access.scope import Viewer
from app.kit.errors import Problem
from app.ops.i18n import LANGUAGES, catalogue, translate
from app.ops.replica import Freshness
from app.ops.secrets import random_token
from app.ops.settings import ROOT, settings
from app.reports.exports import Text
from app.web.acts import ACTS
from app.web.deps import ANONYMOUS_COOKIE, anonymous_csrf, place_of
from app.web.devices import device
from app.web.figures import figures_on_tap
from app.web.written import Written, bare, day, last_day, moment, plan_name

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
LANGUAGE_COOKIE = "coverall_language"
LOOK_COOKIE = "coverall_look"


def render(
    request: Request, template: str, page: object, viewer: Viewer | None = None, status: int = 200
) -> HTMLResponse:
    """Render a template with its context as `page`; also there: viewer, csrf, language, look, path, `_`.

    `place`: the path with its query, for what leads back here.
    `data_delay`: seconds by which what the page shows may lag behind; None when it was read from the database itself.
    `open_alarms`: how many alarms the administrator has not acknowledged; 0 on everybody else's pages.
    """
    language = language_of(request, viewer)
    fresh = random_token() if viewer is None and ANONYMOUS_COOKIE not in request.cookies else None
    if fresh:
        request.cookies[ANONYMOUS_COOKIE] = fresh
    html = (
        environment(language)
        .get_template(template)
        .render(
            page=page,
            viewer=viewer,
            csrf=viewer.csrf if viewer else anonymous_csrf(request),
            language=language,
            look=look_of(request),
            path=request.url.path,
            place=place_of(request),
            open_alarms=getattr(request.state, "open_alarms", 0),
            data_delay=_delay(request),
        )
    )
    response = HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
    if fresh:
        response.set_cookie(
            ANONYMOUS_COOKIE, fresh, httponly=True, samesite="strict", secure=settings().secure, max_age=86_400
        )
    return response


@dataclass(frozen=True)
class Look:
    """How somebody wants to read on this device: `colours` light, dark or the device's own (''); larger; sparing."""

    colours: str = ""
    large: bool = False
    sparing: bool = False

    @property
    def written(self) -> str:
        """Give it as the cookie says it."""
        return "-".join([self.colours or "auto", *(["large"] if self.large else []), *(["sparing"] * self.sparing)])


def look_of(request: Request) -> Look:
    """Read how somebody wants to read, from the cookie."""
    words = request.cookies.get(LOOK_COOKIE, "").split("-")
    colours = words[0] if words[0] in {"light", "dark"} else ""
    return Look(colours, large="large" in words, sparing="sparing" in words)


def _delay(request: Request) -> int | None:
    found: Freshness | None = getattr(request.state, "freshness", None)
    return found.seconds if found else None


def language_of(request: Request, viewer: Viewer | None) -> str:
    """Give the language of a page: the account's, else the cookie's, else Chinese."""
    chosen = viewer.language if viewer else request.cookies.get(LANGUAGE_COOKIE, "zh")
    return chosen if chosen in LANGUAGES else "zh"


def speech(request: Request, viewer: Viewer | None) -> Text:
    """Give what puts a msgid into the reader's language."""
    return partial(translate, language_of(request, viewer))


def in_words(request: Request, viewer: Viewer | None, problem: Problem) -> str:
    """Give a problem in the reader's language."""
    return translate(language_of(request, viewer), problem.message, **problem.details)


def see_other(location: str) -> Response:
    """Redirect after a form was taken."""
    return Response(status_code=303, headers={"Location": location, "Cache-Control": "no-store"})


@cache
def environment(language: str) -> Environment:
    """Make the template environment of a language; templates are compiled once per process."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings().env == "development",
    )

    messages = catalogue(language)

    def text(message: str, **details: Any) -> str:  # noqa: ANN401 - whatever % can format
        said = messages.get(message, message)
        return _filled(said, details) if details else said  # a list says a thousand words

    env.globals.update(_=text, asset=asset, stylesheet=style_address, language_name={"zh": "中文", "en": "English"})
    env.globals["acts"] = {kind: text(word) for kind, word in ACTS.items()}
    env.filters.update(
        figures_on_tap=figures_on_tap,
        percent=percent,
        plan_name=plan_name,
        day=day,
        moment=moment,
        bare=bare,
        device=partial(device, language),
        number=number,
        last_day=last_day,
        minutes=minutes,
        permille=permille,
    )
    return env


def _filled(text: str, details: dict[str, Any]) -> str:
    """Fill a message's placeholders; one with a day in it becomes markup, so that the day keeps its element."""
    shown = {name: day(value) if type(value) is date else value for name, value in details.items()}
    if any(isinstance(value, Written) for value in shown.values()):
        return escape(text) % shown
    return text % shown


@cache
def asset(path: str) -> str:
    """Give the address of a static file, with its content's hash so that it may be cached for ever."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


def percent(ratio: float | None, digits: int = 1) -> str:
    """Show a ratio as a percentage, truncated, never rounded: 0.84299 -> 84.2; None -> an em dash."""
    if ratio is None:
        return "—"
    scale = 10**digits
    units = int(round(ratio * 1_000_000) * 100 * scale // 1_000_000)
    whole, rest = divmod(units, scale)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def permille(ratio: float | None) -> float:
    """Give a ratio in thousandths, for the width of a drawn bar."""
    return 0.0 if ratio is None else int(ratio * 1000)


def minutes(milliseconds: int) -> int:
    """Show milliseconds as whole minutes, rounded up: what is left to do is never shown as nothing."""
    return -(-milliseconds // 60_000)


def number(value: int) -> str:
    """Show a count with thousands separators."""
    return f"{value:,}"


def style_address() -> str:
    """Give the address of the joined stylesheet."""
    return f"/style-{stylesheet()[0]}.css"


@cache
def stylesheet() -> tuple[str, bytes]:
    """Join the components' stylesheets into one file: (hash, content). Tokens and base come first by name."""
    parts = [Path(f).read_bytes() for f in sorted((STATIC / "css").glob("*.css"))]
    content = b"\n".join(parts)
    return hashlib.sha256(content).hexdigest()[:10], content

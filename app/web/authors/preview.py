"""A course's folder shown as learners and reviewers will see it, while it is being written: no database, no sign-in.

Every request reads the folder anew; the page asks each second whether a file changed and then loads itself again.
It is meant for the author's own machine: `coverall content preview` binds to 127.0.0.1.
"""

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from app.catalogue.item import Item
from app.catalogue.parse import parse_course
from app.catalogue.shapes import Course, Fact, FileError, Module
from app.kit.errors import Problem, not_found
from app.web import assets
from app.web.pages import render
from app.workflows.read_content import read_facts, read_files


@dataclass(frozen=True)
class PreviewPage:
    """The course as its files are now, or its faults; one of its modules, or its items."""

    code: str
    course: Course | None
    errors: tuple[FileError, ...]
    module: Module | None = None
    items: tuple[Item, ...] = ()
    facts: tuple[Fact, ...] = ()


def preview(folder: Path, content: Path) -> FastAPI:
    """Make the preview of a course's folder; `content` is the content folder whose facts it may use."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(Problem, lambda _, problem: PlainTextResponse(str(problem), 404))

    def read() -> tuple[PreviewPage, dict[str, Fact]]:
        facts, errors = read_facts(content)
        course, faults = parse_course(folder.name, read_files(folder), facts)
        return PreviewPage(folder.name, course, (*errors, *faults)), dict(facts)

    @app.get("/")
    def whole(request: Request) -> Response:
        page, _ = read()
        return render(request, "authors/preview.html", page)

    @app.get("/modules/{slug}")
    def module(request: Request, slug: str) -> Response:
        page, facts = read()
        found = next((one for one in page.course.modules if one.slug == slug), None) if page.course else None
        if page.course is not None and found is None:
            raise not_found()
        taught = tuple(facts[id] for id in found.facts if id in facts) if found else ()
        shown = PreviewPage(page.code, page.course, page.errors, module=found, facts=taught)
        return render(request, "authors/preview.html", shown)

    @app.get("/items")
    def items(request: Request) -> Response:
        page, _ = read()
        found = page.course.items if page.course else ()
        return render(request, "authors/preview.html", PreviewPage(page.code, page.course, page.errors, items=found))

    @app.get("/figures/{code}/{digest}/{name}")
    def figure(code: str, digest: str, name: str) -> Response:  # noqa: ARG001 - the address of figures everywhere
        page, _ = read()
        return Response(_figure(page, digest, name), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})

    @app.get("/stamp")
    def stamp() -> PlainTextResponse:
        return PlainTextResponse(_stamp(folder))

    app.get("/style-{digest}.css")(assets.style)
    assets.mount(app)
    return app


def _figure(page: PreviewPage, digest: str, name: str) -> str:
    for one in page.course.modules if page.course else ():
        for each in one.figures:
            if (each.name, each.digest) == (name, digest):
                return each.svg
    raise not_found()


def _stamp(folder: Path) -> str:
    """Give what changes when a file is written, added or taken away."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return f"{len(files)}-{max((file.stat().st_mtime_ns for file in files), default=0)}"
